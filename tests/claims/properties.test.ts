import { describe, expect, it } from 'vitest';
import { claims, type Verdict, verdictOf } from '../../src/claims/index.ts';
import { type MadeUpRun, madeUp, range } from './made-up.ts';

type Path = readonly (readonly [step: number, value: number])[];

const path = (valueAt: (step: number) => number, steps = range(0, 100)): Path =>
  steps.map((step) => [step, valueAt(step)] as const);

const falling = (step: number) => 0.9 ** step;

/** Two paths of Adam's two forms, one of them longer or shorter by a relative error. */
const twoForms = (error: number): MadeUpRun[] => [
  { optimizer: 'a1-algorithm', values: { x: path(falling) } },
  { optimizer: 'a1-efficient', values: { x: path((step) => falling(step) * (1 + error * step)) } },
];

/** Adam with epsilon, and SGD, each on a cost of three scales: the gradient of |x| is the scale. */
function scaled(epsilon: number, sgdNoticesScale = true): MadeUpRun[] {
  return [1e-3, 1, 1e3].flatMap((scale) => {
    const model = { problem: { scale } };
    const adamStep = 0.001 * (scale / (scale + epsilon));
    const sgdStep = 0.001 * (sgdNoticesScale ? scale : 1);
    return [
      { optimizer: 'a3-adam', model, values: { x: path((step) => 1 - step * adamStep) } },
      { optimizer: 'a3-sgd', model, values: { x: path((step) => 1 - step * sgdStep) } },
    ];
  });
}

const regret = (growth: number): MadeUpRun[] => [
  { optimizer: 'a6-adam', values: { regret: path((t) => 3 * t ** growth, [0, 10, 100, 1000, 10_000]) } },
];

const adamax = (noise: number, decaying: number): MadeUpRun[] => [
  { optimizer: 'a15-noise', values: { 'largest-step': [[100_000, noise]] } },
  { optimizer: 'a15-decaying', values: { 'largest-step': [[1000, decaying]] } },
];

const averages = (last: number, ema: number, mean: number): MadeUpRun[] => [
  {
    optimizer: 'adam',
    values: {
      'squared-distance': [[1000, last]],
      'squared-distance-of-ema': [[1000, ema]],
      'squared-distance-of-mean': [[1000, mean]],
    },
  },
];

describe('judges of properties on made-up tables', () => {
  it.each<[id: string, what: string, expected: Verdict, runs: MadeUpRun[]]>([
    ['A1', 'rounding apart', 'reproduced', twoForms(1e-15)],
    ['A1', 'apart by more', 'not reproduced', twoForms(1e-11)],
    ['A3', 'epsilon 1e-10', 'reproduced', scaled(1e-10)],
    ['A3', 'epsilon 1e-2', 'not reproduced', scaled(1e-2)],
    ['A3', 'an SGD that ignores the scale too', 'not reproduced', scaled(1e-10, false)],
    ['A6', 'regret like sqrt(T)', 'reproduced', regret(0.5)],
    ['A6', 'regret like T', 'not reproduced', regret(1)],
    ['A6', 'regret like T^0.55', 'not reproduced', regret(0.55)],
    ['A15', 'steps of about alpha', 'reproduced', adamax(1.002, 1.009)],
    ['A15', 'longer steps on noise', 'not reproduced', adamax(1.01, 1.009)],
    ['A15', 'longer steps on shrinking gradients', 'not reproduced', adamax(1.002, 1.01)],
    ['A15', 'a first step that is too short', 'not reproduced', adamax(0.1, 0.1)],
    ['A16', 'both averages nearer', 'reproduced', averages(1, 0.15, 0.1)],
    ['A16', 'a moving average that is little nearer', 'not reproduced', averages(1, 0.25, 0.1)],
    ['A16', 'a mean that is farther away', 'not reproduced', averages(1, 0.15, 2)],
  ])('%s, %s: %s', (id, _what, expected, runs) => {
    const claim = claims.find((candidate) => candidate.id === id)!;
    expect(verdictOf(claim, madeUp(runs, 'quick'))).toMatchObject({ verdict: expected });
  });
});
