import { describe, expect, it } from 'vitest';
import { scheduleMultiplier } from '../../src/optimizers/index.ts';
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
