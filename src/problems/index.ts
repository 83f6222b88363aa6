import { beale } from './beale.ts';
import { gradientStream } from './gradient-stream.ts';
import { noisyQuadratic } from './noisy-quadratic.ts';
import { nonstationary } from './nonstationary.ts';
import { onlineLosses } from './online-losses.ts';
import type { Problem } from './problem.ts';
import { ravine } from './ravine.ts';
import { saddle } from './saddle.ts';
import type { ProblemSettings } from './settings.ts';
import { sparseFeatures } from './sparse-features.ts';

export type { Measures, Position, Problem, ProblemMetric } from './problem.ts';
export type { ProblemSettings } from './settings.ts';

/**
 * Whether less cost is better, down to a least one: over a saddle it falls without end, and streams of gradients and
 * online losses have none.
 */
export function hasLeastCost({ type }: ProblemSettings): boolean {
  return type !== 'saddle' && type !== 'gradient-stream' && type !== 'online-losses';
}

/** A problem for its settings; `seed` names its random numbers. */
export function buildProblem(settings: ProblemSettings, seed: number): Problem {
  switch (settings.type) {
    case 'ravine':
      return ravine(settings);
    case 'beale':
      return beale(settings);
    case 'saddle':
      return saddle(settings);
    case 'sparse-features':
      return sparseFeatures(settings, seed);
    case 'noisy-quadratic':
      return noisyQuadratic(settings, seed);
    case 'nonstationary':
      return nonstationary(settings, seed);
    case 'gradient-stream':
      return gradientStream(settings, seed);
    case 'online-losses':
      return onlineLosses(settings, seed);
  }
}
