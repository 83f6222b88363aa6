import { describe, expect, it } from 'vitest';
import { optimizers, trajectory } from '../../src/optimizers/index.ts';
import type { HyperParameter, ScheduleSettings, WeightDecaySettings } from '../../src/spec/run.ts';

interface Row {
  readonly rule: string;
  readonly hyper: Record<string, HyperParameter>;
  /** The two gradients, 2 and 1 unless given. */
  readonly gradients?: [number, number];
  readonly weightDecay?: WeightDecaySettings;
  readonly schedule?: ScheduleSettings;
  /** What the two steps subtract, from a parameter that starts at 1. */
  readonly steps: [number, number];
}

const { sqrt, SQRT2 } = Math;
const schedule: ScheduleSettings = { type: 'inverse-sqrt', per: 'step' };
const betas = { lr: 0.5, beta1: 0.5, beta2: 0.75, epsilon: 1 };
/** Adam's second step with these betas: m = v = 1, corrected by 0.75 and by 0.4375. */
const [mHat, vHat] = [4 / 3, 16 / 7];

const rows: Row[] = [
  { rule: 'sgd', hyper: { lr: 0.1 }, steps: [0.2, 0.1] },
  { rule: 'momentum', hyper: { lr: 0.1, momentum: 0.5 }, schedule, steps: [0.2, 0.1 + 0.1 / SQRT2] },
  {
    rule: 'momentum',
    hyper: { lr: 0.1, momentum: 0.5, lrPlacement: 'outside' },
    schedule,
    steps: [0.2, (0.1 / SQRT2) * 2],
  },
  {
    rule: 'nesterov',
    hyper: { lr: 0.1, momentum: 0.5 },
    schedule,
    steps: [0.3, 0.1 / SQRT2 + 0.5 * (0.1 + 0.1 / SQRT2)],
  },
  {
    rule: 'nesterov',
    hyper: { lr: 0.1, momentum: 0.5, lrPlacement: 'outside' },
    schedule,
    steps: [0.3, (0.1 / SQRT2) * 2],
  },
  { rule: 'adagrad', hyper: { lr: 0.5, epsilon: 1 }, steps: [1 / sqrt(5), 0.5 / sqrt(6)] },
  {
    rule: 'adagrad',
    hyper: { lr: 0.5, epsilon: 1, epsilonPlacement: 'outside', initialAccumulator: 5 },
    steps: [1 / (3 + 1), 0.5 / (sqrt(10) + 1)],
  },
  { rule: 'rmsprop', hyper: { lr: 0.5, rho: 0.5, epsilon: 1 }, steps: [1 / sqrt(3), 0.5 / sqrt(2.5)] },
  {
    rule: 'rmsprop',
    hyper: { lr: 0.5, rho: 0.5, epsilon: 1, centered: true },
    steps: [1 / sqrt(2), 0.5 / sqrt(1.5)],
  },
  { rule: 'adadelta', hyper: { rho: 0.5, epsilon: 1 }, steps: [2 / sqrt(3), sqrt(2 / 3)] },
  { rule: 'adam', hyper: betas, steps: [1 / 3, (0.5 * mHat) / (sqrt(vHat) + 1)] },
  {
    rule: 'adam',
    hyper: { ...betas, epsilonPlacement: 'inside' },
    steps: [1 / sqrt(5), (0.5 * mHat) / sqrt(vHat + 1)],
  },
  {
    rule: 'adam',
    hyper: { ...betas, epsilonForm: 'epsilon-hat' },
    steps: [0.25, ((0.5 * sqrt(0.4375)) / 0.75) * 0.5],
  },
  { rule: 'adam', hyper: { ...betas, biasCorrection: false }, steps: [0.25, 0.25] },
  {
    rule: 'adamax',
    hyper: { lr: 0.5, beta1: 0.5, beta2: 0.75 },
    steps: [0.5, 0.5 / 0.75 / 1.5],
  },
  {
    rule: 'adamax',
    hyper: { ...betas, epsilonPlacement: 'outside', biasCorrection: false },
    steps: [0.5 / 3, 0.5 / 2.5],
  },
  { rule: 'nadam', hyper: betas, steps: [0.5, (0.5 * (0.5 * mHat + 0.5 / 0.75)) / (sqrt(vHat) + 1)] },
  { rule: 'amsgrad', hyper: betas, gradients: [2, 0], steps: [0.25, 0.125] },
  {
    rule: 'sgd',
    hyper: { lr: 0.1 },
    weightDecay: { mode: 'l2', rate: 0.5 },
    schedule,
    steps: [0.25, (0.1 / SQRT2) * (1 + 0.5 * 0.75)],
  },
  {
    rule: 'sgd',
    hyper: { lr: 0.1 },
    weightDecay: { mode: 'decoupled', rate: 0.5 },
    schedule,
    steps: [0.2 + 0.5, 0.1 / SQRT2 + (0.5 / SQRT2) * 0.3],
  },
  {
    rule: 'sgd',
    hyper: { lr: 0.1 },
    weightDecay: { mode: 'decoupled-lr', rate: 0.5 },
    schedule,
    steps: [0.25, (0.1 / SQRT2) * (1 + 0.5 * 0.75)],
  },
];

describe('the first two steps, by hand', () => {
  it.each(rows)(
    '$rule $hyper $weightDecay',
    async ({ rule, hyper, gradients = [2, 1], steps, ...settings }) => {
      const path = await trajectory(rule, hyper, {
        start: [1],
        gradients: gradients.map((g) => [g]),
        ...settings,
      });
      expect(path[0]![0]).toBeCloseTo(1 - steps[0], 14);
      expect(path[1]![0]).toBeCloseTo(1 - steps[0] - steps[1], 14);
    },
  );

  it('covers every shipped rule', () => {
    expect(new Set(rows.map((row) => row.rule))).toEqual(new Set(Object.keys(optimizers)));
  });
});
