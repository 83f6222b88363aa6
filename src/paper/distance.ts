import { mean, spreadOf } from '../statistics.ts';
import type { PaperCurve } from './curves.ts';
import { comparedPoints } from './tables.ts';

/**
 * How far a run's curve lies from one of the paper's.
 *
 * The paper's point k is the mean minibatch cost of epoch k + 1: with this reading the curves of figure 1 fall on one
 * another, and its curves start at different values although all optimizers start from the same weights.
 */

/** Mean minibatch cost by completed epochs: the value of epoch 1 stands at key 1. */
export type CostByEpoch = ReadonlyMap<number, number>;

export interface LogRatio {
  /** On the paper's axis. */
  readonly x: number;
  readonly ours: number;
  readonly paper: number;
  /** ln(ours / paper): 0.05 is 5 % above. */
  readonly logRatio: number;
}

export interface CurveDistance {
  /** Points that both curves have. */
  readonly points: number;
  /** Median, mean and maximum of |ln(ours / paper)| over them. */
  readonly median: number;
  readonly mean: number;
  readonly max: number;
}

export interface DistanceOptions {
  /** Compare the first so many epochs only. */
  readonly epochs?: number;
}

/** ln(ours / paper) at every point of the paper's curve that the run has reached with a positive, finite cost. */
export function logRatios(
  costs: CostByEpoch,
  { points }: PaperCurve,
  { epochs = Number.POSITIVE_INFINITY }: DistanceOptions = {},
): LogRatio[] {
  return points.flatMap(({ x, y }) => {
    const ours = costs.get(x + 1);
    return x >= epochs || ours === undefined || !isComparable(ours) ? [] : [logRatio(x, ours, y)];
  });
}

/**
 * The same at the points of the paper's tables, each side averaged over the points around it where the curves are
 * noisy; points that the run has not reached, or where the paper's curve is off the drawing, are left out.
 */
export function logRatiosOfTable(
  costs: CostByEpoch,
  curve: PaperCurve,
  options: DistanceOptions = {},
): LogRatio[] {
  const { x: wanted, radius } = comparedPoints(curve.figure);
  const ratios = logRatios(costs, curve, options);
  return wanted.flatMap((x) => {
    const reach = Math.min(radius, x);
    const around = ratios.filter((ratio) => Math.abs(ratio.x - x) <= reach);
    // A window that is half there would compare another place of a falling curve.
    if (!around.some((ratio) => ratio.x >= x) || !around.some((ratio) => ratio.x <= x)) return [];
    return [logRatio(x, mean(around.map(({ ours }) => ours)), mean(around.map(({ paper }) => paper)))];
  });
}

/** Undefined where there is nothing to compare. */
export function distanceOf(ratios: readonly LogRatio[]): CurveDistance | undefined {
  if (ratios.length === 0) return undefined;
  const sizes = ratios.map((ratio) => Math.abs(ratio.logRatio));
  const { median, max } = spreadOf(sizes);
  return { points: sizes.length, median, mean: mean(sizes), max };
}

/** Number of the paper's points within the first epochs. */
export function pointsWithin({ points }: PaperCurve, epochs: number): number {
  return points.filter(({ x }) => x < epochs).length;
}

const isComparable = (cost: number): boolean => Number.isFinite(cost) && cost > 0;

function logRatio(x: number, ours: number, paper: number): LogRatio {
  return { x, ours, paper, logRatio: Math.log(ours / paper) };
}
