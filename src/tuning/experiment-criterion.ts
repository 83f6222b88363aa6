import { UsageError } from '../errors.ts';
import type { CriterionName } from '../spec/criterion.ts';
import type { Spec } from '../spec/load.ts';
import { measuresError } from '../spec/model-graph.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import { tuneSchema } from '../spec/search.ts';
import type { Criterion } from './criteria.ts';

/**
 * What the optimizers of an experiment are compared by: what its `tune` section minimizes, or else the minibatch cost
 * of the last epoch; of a problem, the cost where the run ends.
 */
export function experimentCriterion({ source }: Spec): Criterion {
  const { tune, problem } = source.data as { tune?: unknown; problem?: unknown };
  if (tune !== undefined) {
    const { criterion, lastEpochs } = tuneSchema.parse(tune);
    return { name: criterion, lastEpochs };
  }
  return { name: problem === undefined ? 'minibatch-cost' : 'train-cost', lastEpochs: 1 };
}

/** @throws UsageError for a criterion that the runs of the experiment do not measure. */
export async function checkCriterion(
  { name, runs, files }: ResolvedExperiment,
  criterion: CriterionName,
): Promise<void> {
  if (criterion !== 'test-error' || (await measuresError(runs[0]!, files.model))) return;
  throw new UsageError(
    `${criterion} is no criterion for ${name}, whose model classifies nothing: choose another one with --criterion.`,
  );
}
