import { mean } from '../statistics.ts';
import { NotEnough } from './claim.ts';
import { number } from './number.ts';

/** One comparison of a claim's criterion. */
export interface Check {
  readonly outcome: Outcome;
  /** The arithmetic: what was compared with what. */
  readonly text: string;
}

export type Outcome = 'holds' | 'fails' | 'unclear';

/** A mean is known to within so many standard errors. */
export const standardErrors = 2;

/** Below so many seeds, a comparison of tuned optimizers is left open. */
export const seedsOfComparison = 3;

/**
 * Whether a quantity, measured once for each seed, is at least a bound; unclear where the bound lies within two standard
 * errors of the mean. An infinite value (a run that diverged) makes the mean infinite.
 */
export function atLeast(what: string, values: number | readonly number[], bound: number): Check {
  const { mean, error, seeds } = summary(values);
  const spread = standardErrors * error;
  const outcome = mean - spread >= bound ? 'holds' : mean + spread < bound ? 'fails' : 'unclear';
  return { outcome, text: `${what} ${withError(mean, error, seeds)}; at least ${number(bound)}: ${outcome}` };
}

export function atMost(what: string, values: number | readonly number[], bound: number): Check {
  const { mean, error, seeds } = summary(values);
  const spread = standardErrors * error;
  const outcome = mean + spread <= bound ? 'holds' : mean - spread > bound ? 'fails' : 'unclear';
  return { outcome, text: `${what} ${withError(mean, error, seeds)}; at most ${number(bound)}: ${outcome}` };
}

/**
 * Whether one optimizer's values lie below another's, seed by seed: both start from the same weights and see the same
 * batches, so that the differences are compared with their own spread.
 *
 * @throws NotEnough for fewer than three seeds.
 */
export function below(better: SeedValues, worse: SeedValues): Check {
  const seeds = [...better.bySeed.keys()].filter((seed) => worse.bySeed.has(seed));
  if (seeds.length < seedsOfComparison) {
    throw new NotEnough(`too few seeds: ${seeds.length} of at least ${seedsOfComparison}`);
  }
  const gaps = seeds.map((seed) => difference(worse.bySeed.get(seed)!, better.bySeed.get(seed)!));
  const what = `${worse.name} - ${better.name}`;
  if (gaps.every((gap) => gap === 0)) return { outcome: 'unclear', text: `${what} 0 in every seed: unclear` };
  return atLeast(what, gaps, 0);
}

/** A quantity of one optimizer, infinite where the run diverged before. */
export interface SeedValues {
  readonly name: string;
  readonly bySeed: ReadonlyMap<number, number>;
}

/** worse - better, seed by seed; runs that both diverged differ by nothing. */
export function differences(worse: SeedValues, better: SeedValues): number[] {
  return [...worse.bySeed].flatMap(([seed, value]) =>
    better.bySeed.has(seed) ? [difference(value, better.bySeed.get(seed)!)] : [],
  );
}

/** The worst one decides. */
export function overall(checks: readonly Check[]): Outcome {
  if (checks.some(({ outcome }) => outcome === 'fails')) return 'fails';
  return checks.every(({ outcome }) => outcome === 'holds') ? 'holds' : 'unclear';
}

/** Infinity - Infinity would be no number: neither of two diverged runs is better. */
const difference = (a: number, b: number): number => (a === b ? 0 : a - b);

function summary(given: number | readonly number[]): { mean: number; error: number; seeds: number } {
  const values = typeof given === 'number' ? [given] : given;
  const center = mean(values);
  if (!Number.isFinite(center) || values.length < 2) return { mean: center, error: 0, seeds: values.length };
  const variance = values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
  return { mean: center, error: Math.sqrt(variance / values.length), seeds: values.length };
}

const withError = (mean: number, error: number, seeds: number): string =>
  seeds < 2 ? number(mean) : `${number(mean)} (standard error ${number(error)}, ${seeds} seeds)`;
