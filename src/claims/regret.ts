import { atLeast, atMost } from './checks.ts';
import { asDrawn, type Claim } from './claim.ts';
import { lastValue, stepValues } from './evidence.ts';
import { number } from './number.ts';

/** The convergence theorem. */

const needs = asDrawn('properties', 'quick');
const growthOfRatio = 1.1;

const benign: Claim = {
  id: 'A6',
  statement: 'The regret is O(sqrt(T)) on convex losses: here on quadratic ones.',
  source: 'Adam, section 4, theorem 4.1',
  needs,
  thresholds: { growthOfRatio },
  judge(tables) {
    const regret = [...stepValues(tables, 'a6-adam', 'regret')].filter(([t]) => t > 0);
    const ratio = (t: number) => regret.find(([step]) => step >= t)![1] / Math.sqrt(t);
    const end = regret.at(-1)![0];
    const [early, late] = [ratio(end / 10), ratio(end)];
    return {
      ours: `regret/sqrt(T) ${number(early)} at T = ${end / 10}, ${number(late)} at T = ${end}`,
      checks: [atMost(`growth of regret/sqrt(T) over the last decade of T`, late / early, growthOfRatio)],
    };
  },
};

/** On [-1, 1] the best point is -1. */
const nearWorst = 0.9;

const anyConvex: Claim = {
  id: 'A6-any',
  statement: 'The regret is O(sqrt(T)) on any convex losses: here on those of Reddi, Kale and Kumar (2018).',
  source: 'Adam, section 4, corollary 4.2',
  needs,
  thresholds: { growthOfRatio, nearWorst },
  judge(tables) {
    const regret = [...stepValues(tables, 'a6-reddi-adam', 'regret')].filter(([t]) => t > 0);
    const [end, last] = regret.at(-1)!;
    const [start, first] = regret.find(([t]) => t >= end / 10)!;
    const growth = last / Math.sqrt(end) / (first / Math.sqrt(start));
    const x = lastValue(tables, 'a6-reddi-adam', 'x');
    return {
      ours: `regret/T ${number(last / end)} at T = ${end}, ends at x = ${number(x)} (best -1); AMSGrad at ${number(lastValue(tables, 'a6-reddi-amsgrad', 'x'))}`,
      checks: [
        atMost('growth of regret/sqrt(T) over the last decade of T', growth, growthOfRatio),
        atMost("Adam's last x", x, nearWorst),
      ],
    };
  },
};

export const regretClaims: readonly Claim[] = [benign, anyConvex];

const factor = 5;

export const averaging: Claim = {
  id: 'A16',
  statement: 'Averaging the iterates improves on the last one under noise.',
  source: 'Adam, section 7.2',
  needs: asDrawn('noisy-quadratic', 'quick'),
  thresholds: { factor },
  judge(tables) {
    const last = lastValue(tables, 'adam', 'squared-distance');
    const gain = (metric: string) => last / lastValue(tables, 'adam', metric);
    const [average, mean] = [gain('squared-distance-of-ema'), gain('squared-distance-of-mean')];
    return {
      ours: `squared distance ${number(average)} times smaller (moving average), ${number(mean)} times (mean of all)`,
      checks: [
        atLeast('last iterate / corrected moving average', average, factor),
        atLeast('last iterate / mean of all', mean, factor),
      ],
    };
  },
};
