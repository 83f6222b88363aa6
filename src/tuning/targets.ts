import { groupBy } from '../group-by.ts';
import type { PaperCurve } from '../paper/index.ts';
import { type Axis, combinations, type Settings } from './space.ts';
import { settingsText } from './yaml-lines.ts';

/** What a recovery compares with what of the paper's. */

export interface RecoverPlan {
  /** Ascending numbers of epochs. */
  readonly rungs: readonly number[];
  /** Share of the candidates that goes on to the next rung. */
  readonly keep: number;
  /** At least so many settings of each optimizer go on. */
  readonly finalists: number;
  readonly shared: readonly Axis[];
  /** By optimizer. */
  readonly axes: Readonly<Record<string, readonly Axis[]>>;
  /** By target: an optimizer, or one of the points of an optimizer that is `overGrid`. */
  readonly curves: Readonly<Record<string, PaperCurve>>;
  /**
   * Optimizers that the paper's figure shows over a grid: their settings are not searched, but each combination has a
   * value of its own in the paper. Points without one are left out.
   */
  readonly overGrid?: readonly string[];
}

export const epochsText = (epochs: number): string => `${epochs} epoch${epochs === 1 ? '' : 's'}`;

/** Name of the target that a candidate of the optimizer is compared with. */
export function targetOf(
  { overGrid = [] }: Pick<RecoverPlan, 'overGrid'>,
  { optimizer, settings }: { readonly optimizer: string; readonly settings: Settings },
): string {
  return overGrid.includes(optimizer) ? `${optimizer} ${settingsText(settings)}` : optimizer;
}

export type CandidatePlan = Pick<RecoverPlan, 'shared' | 'axes' | 'curves' | 'overGrid'>;

/** All combinations of each optimizer's settings. */
export function combinationsOf({ axes }: Pick<RecoverPlan, 'axes'>) {
  return Object.entries(axes).flatMap(([optimizer, own]) =>
    combinations(own).map((settings) => ({ optimizer, settings })),
  );
}

/** What is tried of each target, in the order of the plan. */
export function targetsOf(plan: CandidatePlan) {
  const groups = groupBy(combinationsOf(plan), (combination) => targetOf(plan, combination));
  return new Map([...groups].filter(([name]) => plan.curves[name] !== undefined));
}
