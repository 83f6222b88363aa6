import type { ProblemMetric } from '../problems/index.ts';
import type { RunInfo } from '../results/run-info.ts';
import type { PanelAxes } from './paper-panels.ts';

/** What is to be seen of the problems that are neither data sets nor landscapes; the papers have no figures of them. */
const panelsByProblem: Readonly<Record<string, readonly [title: string, yTitle: string, ProblemMetric][]>> = {
  'noisy-quadratic': [
    ['Last iterate', 'squared distance', 'squared-distance'],
    ['Mean of all iterates', 'squared distance', 'squared-distance-of-mean'],
    ['Moving average, corrected', 'squared distance', 'squared-distance-of-ema'],
  ],
  nonstationary: [
    ['Behind the moving minimum', 'distance per dimension', 'distance'],
    ['Steps', 'length of a step per dimension', 'step-length'],
  ],
  'sparse-features': [
    ['All examples', 'training cost', 'cost'],
    ['Examples with a rare feature', 'training cost', 'rare-cost'],
  ],
};

/** Undefined for runs that are on no such problem. */
export function problemPanels(runs: readonly RunInfo[]): PanelAxes[] | undefined {
  const panels = panelsByProblem[problemTypeOf(runs[0]) ?? ''];
  return panels?.map(([title, yTitle, metric]) => ({
    ...{ title, yTitle, xTitle: 'step', quantity: { split: 'train', metric } },
    ...{ scale: 'log', firstEpoch: 1 },
  }));
}

/** Undefined for a run on data. */
export function problemTypeOf(run: { readonly model: object } | undefined): string | undefined {
  const { problem } = (run?.model ?? {}) as { problem?: { type?: string } };
  return problem?.type;
}
