import { describe, expect, it } from 'vitest';
import { adam } from '../../src/optimizers/adam.ts';
import {
  normalizedDecayRate,
  resolveHyper,
  scalarValues,
  scheduleMultiplier,
  trajectory,
} from '../../src/optimizers/index.ts';
import { decayAt } from '../../src/optimizers/schedules.ts';
import type { ScheduleSettings } from '../../src/spec/run.ts';

const at = (settings: ScheduleSettings, step: number, stepsPerEpoch = 10, warmupSteps = 0) =>
  scheduleMultiplier(settings, warmupSteps, { step, stepsPerEpoch });

describe('schedules', () => {
  it('constant is 1', () => {
    expect([1, 2, 1e6].map((step) => at({ type: 'constant' }, step))).toEqual([1, 1, 1]);
  });

  it('inverse-sqrt counts steps or epochs from 1', () => {
    expect([1, 4, 100].map((step) => at({ type: 'inverse-sqrt', per: 'step' }, step))).toEqual([1, 0.5, 0.1]);
    const perEpoch: ScheduleSettings = { type: 'inverse-sqrt', per: 'epoch' };
    expect([1, 10, 30, 31, 40, 41].map((step) => at(perEpoch, step))).toEqual([
      1,
      1,
      1 / Math.sqrt(3),
      0.5,
      0.5,
      1 / Math.sqrt(5),
    ]);
  });

  it('step-drop multiplies from the first step after the epochs completed', () => {
    const drop: ScheduleSettings = { type: 'step-drop', epochs: [3, 6], factor: 0.1 };
    expect([1, 30, 31, 60, 61].map((step) => at(drop, step))).toEqual([1, 1, 0.1, 0.1, 0.1 ** 2]);
  });

  it('cosine goes from 1 through 1/2 towards 0, and stays there', () => {
    const cosine: ScheduleSettings = { type: 'cosine', epochs: 100 };
    expect(at(cosine, 1)).toBe(1);
    expect(at(cosine, 501)).toBeCloseTo(0.5, 15);
    expect(at(cosine, 1000)).toBeGreaterThan(0);
    expect(at(cosine, 1000)).toBeLessThan(1e-5);
    expect(at(cosine, 1001)).toBe(0);
    expect(at(cosine, 5000)).toBe(0);
  });

  it('cosine-restarts approaches its zeros at epochs 100, 300, 700 and 1500, and starts again at 1', () => {
    const restarts: ScheduleSettings = { type: 'cosine-restarts', firstPeriod: 100, periodFactor: 2 };
    for (const epoch of [100, 300, 700, 1500]) {
      expect(at(restarts, epoch * 10)).toBeLessThan(1e-5);
      expect(at(restarts, epoch * 10)).toBeGreaterThan(0);
      expect(at(restarts, epoch * 10 + 1)).toBe(1);
    }
    for (const middle of [50, 200, 500, 1100]) expect(at(restarts, middle * 10 + 1)).toBeCloseTo(0.5, 12);
    const steps = Array.from({ length: 15_000 }, (_, i) => at(restarts, i + 1));
    expect(steps.filter((m) => m === 1)).toHaveLength(4);
    expect(() => at({ ...restarts, periodFactor: 0.5 }, 1)).toThrow('periodFactor >= 1');
  });

  it('warm-up grows linearly to the schedule', () => {
    expect([1, 2, 4, 5].map((step) => at({ type: 'constant' }, step, 10, 4))).toEqual([0.25, 0.5, 1, 1]);
    expect(at({ type: 'inverse-sqrt', per: 'step' }, 4, 10, 8)).toBe(0.25);
  });
});

describe('normalized weight decay (AdamW 2019, appendix B.1)', () => {
  const run = { batchSize: 4, trainExamples: 64 };
  const rate = normalizedDecayRate(0.05, { ...run, epochs: 4 });
  const weightDecay = { mode: 'decoupled', rate, normalized: 0.05 } as const;
  const restarts = { type: 'cosine-restarts', firstPeriod: 4, periodFactor: 4 } as const;
  // 16 steps an epoch: periods of 4, 16 and 64 epochs, that is of 64, 256 and 1,024 steps.
  const decay = (step: number, schedule: ScheduleSettings = restarts) =>
    decayAt(weightDecay, schedule, { step, stepsPerEpoch: 16 })!.rate;

  it('is 0.05 sqrt(b / (B T)) with the length of the current period', () => {
    expect(rate).toBe(0.05 * Math.sqrt(4 / (64 * 4)));
    expect([1, 64, 65, 320, 321].map((step) => decay(step))).toEqual([
      rate,
      rate,
      rate / 2,
      rate / 2,
      rate / 4,
    ]);
    for (const [step, epochs] of [
      [1, 4],
      [65, 16],
      [321, 64],
    ] as const)
      expect(decay(step)).toBe(normalizedDecayRate(0.05, { ...run, epochs }));
  });

  it('is the same throughout without restarts, and a raw rate always', () => {
    expect([1, 65, 321].map((step) => decay(step, { type: 'cosine', epochs: 64 }))).toEqual([
      rate,
      rate,
      rate,
    ]);
    const raw = { mode: 'decoupled', rate: 0.5 } as const;
    expect(decayAt(raw, restarts, { step: 321, stepsPerEpoch: 16 })).toBe(raw);
    expect(decayAt(null, restarts, { step: 321, stepsPerEpoch: 16 })).toBeNull();
  });

  it('reaches the scalars of a step, multiplied by the schedule', () => {
    const hyper = resolveHyper(adam, {});
    const position = { step: 65, stepsPerEpoch: 16 };
    const multiplier = scheduleMultiplier(restarts, 0, position);
    const scalars = scalarValues(adam, hyper, decayAt(weightDecay, restarts, position), 65, multiplier);
    expect(multiplier).toBe(1);
    expect(scalars.at(-1)).toBe(rate / 2);
  });

  it('is what a trajectory with restarts decays by', async () => {
    const options = { schedule: restarts, weightDecay, stepsPerEpoch: 1, steps: 8, start: [1] };
    const path = await trajectory('sgd', { lr: 0 }, { ...options, gradients: () => Float64Array.of(0) });
    let expected = 1;
    for (let step = 1; step <= 8; step++) {
      const position = { step, stepsPerEpoch: 1 };
      const current = step <= 4 ? rate : rate / 2;
      expected -= scheduleMultiplier(restarts, 0, position) * current * expected;
      expect(path[step - 1]![0]).toBeCloseTo(expected, 14);
    }
  });
});
