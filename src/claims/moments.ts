import { atLeast, atMost } from './checks.ts';
import { asDrawn, type Claim } from './claim.ts';
import { largestDifference, largestRelativeDifference, runWith, stepValues } from './evidence.ts';
import { number } from './number.ts';

/** Statements about Adam's moments and their correction. */

const sameNumber = 1e-10;

export const efficientForm: Claim = {
  id: 'A1',
  statement: 'Algorithm 1 and the efficient form at the end of section 2 are the same.',
  source: 'Adam, section 2',
  needs: asDrawn('properties', 'quick'),
  thresholds: { sameNumber },
  judge(tables) {
    const gap = largestRelativeDifference(
      stepValues(tables, 'a1-algorithm', 'x'),
      stepValues(tables, 'a1-efficient', 'x'),
    );
    return {
      ours: `relative difference ${number(gap)}`,
      checks: [atMost('largest relative difference of the two paths', gap, sameNumber)],
    };
  },
};

const deviations = 3;

export const unbiased: Claim = {
  id: 'A2',
  statement: 'E[v_t] = E[g^2] (1 - beta2^t), and the bias correction removes the factor.',
  source: 'Adam, section 3',
  needs: asDrawn('properties', 'quick'),
  thresholds: { deviations },
  judge(tables) {
    const beta2 = 0.999;
    const worst = (optimizer: string, expected: (step: number) => number): number => {
      const errors = stepValues(tables, optimizer, 'second-moment-deviation');
      const values = [...stepValues(tables, optimizer, 'second-moment')];
      return Math.max(...values.map(([t, value]) => Math.abs(value - expected(t)) / errors.get(t)!));
    };
    const corrected = worst('a2-corrected', () => 1);
    const uncorrected = worst('a2-uncorrected', (t) => 1 - beta2 ** t);
    return {
      ours: `at most ${number(Math.max(corrected, uncorrected))} standard errors off in every step`,
      checks: [
        atMost('corrected: largest |v / E[g^2] - 1| in standard errors', corrected, deviations),
        atMost('uncorrected: largest |v / E[g^2] - (1 - beta2^t)|', uncorrected, deviations),
      ],
    };
  },
};

const samePath = 1e-6;
const otherPath = 1e-2;

export const scaleInvariance: Claim = {
  id: 'A3',
  statement: 'The steps are invariant to the scale of the gradients.',
  source: 'Adam, section 2.1',
  needs: asDrawn('properties', 'quick'),
  thresholds: { samePath, otherPath },
  judge(tables) {
    const gaps = (optimizer: string): number[] =>
      [1e-3, 1e3].map((scale) => {
        const path = (of: number) =>
          stepValues(tables, runWith(tables, optimizer, { 'model.problem.scale': of }), 'x');
        return largestDifference(path(1), path(scale));
      });
    const adam = Math.max(...gaps('a3-adam'));
    const sgd = Math.min(...gaps('a3-sgd'));
    return {
      ours: `cost times 0.001 and 1000: paths apart by ${number(adam)}; SGD's by ${number(sgd)} or more`,
      checks: [
        atMost("Adam's largest distance of x", adam, samePath),
        atLeast("SGD's smallest one, for comparison", sgd, otherPath),
      ],
    };
  },
};

const sameLimit = 1e-6;

export const adagradAsLimit: Claim = {
  id: 'A5',
  statement:
    'AdaGrad is Adam with beta1 = 0, beta2 near 1 and alpha/sqrt(t), and only with the bias correction.',
  source: 'Adam, section 5',
  needs: asDrawn('properties', 'quick'),
  thresholds: { sameLimit, otherPath },
  judge(tables) {
    const adagrad = stepValues(tables, 'a5-adagrad', 'x');
    const corrected = largestRelativeDifference(adagrad, stepValues(tables, 'a5-adam', 'x'));
    const uncorrected = largestRelativeDifference(adagrad, stepValues(tables, 'a5-adam-uncorrected', 'x'));
    return {
      ours: `relative difference ${number(corrected)}; without the correction ${number(uncorrected)}`,
      checks: [
        atMost('largest relative difference to AdaGrad', corrected, sameLimit),
        atLeast('the same without the correction', uncorrected, otherPath),
      ],
    };
  },
};

export const momentClaims: readonly Claim[] = [efficientForm, unbiased, scaleInvariance, adagradAsLimit];
