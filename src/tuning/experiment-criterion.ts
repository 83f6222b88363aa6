import { UsageError } from '../errors.ts';
import type { CriterionName } from '../spec/criterion.ts';
import type { Spec } from '../spec/load.ts';
import { measuresError } from '../spec/model-graph.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import { problemTuneSchema, type TuneSection, tuneSchema } from '../spec/search.ts';
import type { Criterion } from './criteria.ts';

/** The section `tune` of a spec, defaults filled in; undefined where there is none. A problem's epochs are steps. */
export function tuneSection({ source }: Spec): TuneSection | undefined {
  const { tune, problem } = source.data as { tune?: unknown; problem?: unknown };
  if (tune === undefined) return undefined;
  if (problem === undefined) return tuneSchema.parse(tune);
  const { steps, ...section } = problemTuneSchema.parse(tune);
  return { ...section, epochs: steps, lastEpochs: 1 };
}

/**
 * What the optimizers of an experiment are compared by: what its `tune` section minimizes, or else the minibatch cost
 * of the last epoch; of a problem, the cost where the run ends.
 */
export function experimentCriterion(spec: Spec): Criterion {
  const section = tuneSection(spec);
  if (section !== undefined) return { name: section.criterion, lastEpochs: section.lastEpochs };
  const { problem } = spec.source.data as { problem?: unknown };
  return { name: problem === undefined ? 'minibatch-cost' : 'train-cost', lastEpochs: 1 };
}

/** @throws UsageError for a criterion that the runs of the experiment do not measure. */
export async function checkCriterion(
  { name, runs, files }: ResolvedExperiment,
  criterion: CriterionName,
): Promise<void> {
  if (runs.some(({ model }) => model.type === 'problem') && criterion !== 'train-cost') {
    throw new UsageError(
      `${criterion} is no criterion for ${name}, a problem without minibatches and test set: leave out --criterion.`,
    );
  }
  if (criterion !== 'test-error' || (await measuresError(runs[0]!, files.model))) return;
  throw new UsageError(
    `${criterion} is no criterion for ${name}, whose model classifies nothing: choose another one with --criterion.`,
  );
}
