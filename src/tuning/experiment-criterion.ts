import type { Spec } from '../spec/load.ts';
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
