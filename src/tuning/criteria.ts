import { type CostByEpoch, distanceOf, logRatios, type PaperCurve } from '../paper/index.ts';
import type { CriterionName } from '../spec/criterion.ts';
import type { Values } from './candidate.ts';

/** What a tuning minimizes. */
export interface Criterion {
  readonly name: CriterionName;
  /** Of the minibatch cost, the mean over so many epochs at the end; over all of a run that is shorter. */
  readonly lastEpochs: number;
}

const measured = {
  'train-cost': ['train', 'cost'],
  'test-cost': ['test', 'cost'],
  'test-error': ['test', 'error'],
} as const;

/** The criterion's value of a run that is complete; undefined where the run has not measured it. */
export function criterionValue(
  { name, lastEpochs }: Criterion,
  lines: readonly string[],
): Values | undefined {
  if (name === 'minibatch-cost') {
    const costs = [...minibatchCosts(lines).values()].slice(-lastEpochs);
    if (costs.length === 0) return undefined;
    return { value: costs.reduce((sum, cost) => sum + cost, 0) / costs.length };
  }
  const kind = measured[name].join();
  const last = lines.findLast((line) => line.split(',').slice(2, 4).join() === kind);
  return last === undefined ? undefined : { value: Number(last.split(',')[4]) };
}

/**
 * Distance of a run to a curve of the paper over the run's epochs. The search minimizes the mean of |ln(ours / paper)|:
 * the median of the few points of a first rung would overlook almost half of them.
 */
export function distanceValues(curve: PaperCurve, lines: readonly string[]): Values | undefined {
  const distance = distanceOf(logRatios(minibatchCosts(lines), curve));
  return distance && { value: distance.mean, median: distance.median, max: distance.max };
}

/** The mean minibatch cost of each epoch from the lines of a run's curve. */
export function minibatchCosts(lines: readonly string[]): CostByEpoch {
  const costs = new Map<number, number>();
  for (const line of lines) {
    const [epoch, , split, metric, value] = line.split(',');
    if (split === 'train' && metric === 'minibatch-cost') costs.set(Number(epoch), Number(value));
  }
  return costs;
}
