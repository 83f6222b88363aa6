import { UsageError } from '../errors.ts';
import { figure4Curve, gridAxes, type PaperCurve, pointsWithin } from '../paper/index.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import type { Axis } from './space.ts';
import { combinationsOf, epochsText, targetOf } from './targets.ts';

/** What a figure over a grid shows of the points that a search names. */
export interface FigurePoints {
  /** By target. */
  readonly curves: Readonly<Record<string, PaperCurve>>;
  /** How many points have no marker within the epochs. */
  readonly withoutMarker: number;
}

/**
 * The paper's values at every combination of each optimizer's axes.
 *
 * @throws UsageError for a setting that is none of the figure's axes, as it is to be the same at all points; and where
 * the figure shows none of them, or none so early.
 */
export function figurePoints(
  axes: Readonly<Record<string, readonly Axis[]>>,
  { runs }: ResolvedExperiment,
  epochs: number,
): FigurePoints {
  for (const [optimizer, own] of Object.entries(axes)) {
    const other = own.find(({ path }) => !(gridAxes as readonly string[]).includes(path));
    if (other === undefined) continue;
    throw new UsageError(
      `the paper's figure is over ${gridAxes.join(', ')}, and ${optimizer}.${other.path} is none of them: choose one value for all points with --set.`,
    );
  }
  const points = combinationsOf({ axes }).map(({ optimizer, settings }) => {
    const { hyper } = runs.find((run) => run.optimizer === optimizer)!.optimizerSettings;
    const name = targetOf({ overGrid: [optimizer] }, { optimizer, settings });
    return { name, curve: figure4Curve({ ...hyper, ...settings }) };
  });
  const curves = points.flatMap(({ name, curve }) => (curve === undefined ? [] : [[name, curve] as const]));
  if (curves.length === 0) {
    throw new UsageError(
      `the paper's figure has no marker at any of the points that are searched: name others.`,
    );
  }
  const within = curves.filter(([, curve]) => pointsWithin(curve, epochs) > 0);
  if (within.length === 0) {
    const first = Math.min(...curves.map(([, curve]) => curve.points[0]!.x)) + 1;
    throw new UsageError(
      `the last rung is ${epochsText(epochs)} long, and the figure's first marker at these points is at epoch ${first}: give longer --rungs, or more --epochs.`,
    );
  }
  return { curves: Object.fromEntries(within), withoutMarker: points.length - within.length };
}
