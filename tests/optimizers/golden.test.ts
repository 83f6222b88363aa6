import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { trajectory } from '../../src/optimizers/index.ts';
import type { ScheduleSettings, WeightDecaySettings } from '../../src/spec/run.ts';

interface Golden {
  readonly start: number[];
  readonly cases: {
    readonly madeBy: string;
    readonly rule: string;
    readonly hyper: Record<string, number | boolean | string>;
    readonly weightDecay?: WeightDecaySettings;
    readonly schedule?: ScheduleSettings;
    readonly snapshots: Record<string, number[]>;
  }[];
}

/** The gradient of tests/golden/make_golden.py, operation by operation. */
function gradient(parameters: Float64Array, t: number): Float64Array {
  return parameters.map((p, i) => {
    if (i === 9 || (i === 8 && t % 10 !== 0)) return 0;
    const noise = (((t * 7919 + i * 104729 + t * t * 31) % 2003) - 1001) / 1001;
    return 2 ** ((i % 5) - 3) * (p - (i - 4.5) / 4) + 2 ** -(i % 4) * noise;
  });
}

describe.each(['torch', 'optax'])('1,000 steps in float64 against %s', (framework) => {
  const file = new URL(`../golden/${framework}.json`, import.meta.url);
  const golden: Golden = JSON.parse(readFileSync(file, 'utf8'));

  it.each(golden.cases)('$rule is $madeBy', async ({ rule, hyper, weightDecay, schedule, snapshots }) => {
    const path = await trajectory(rule, hyper, {
      start: golden.start,
      gradients: gradient,
      steps: 1000,
      weightDecay,
      schedule,
    });
    expect(Object.keys(snapshots)).toHaveLength(10);
    for (const [step, expected] of Object.entries(snapshots)) {
      expected.forEach((value, i) => {
        // Differences are rounding only: the two sides order a few multiplications differently.
        const error = Math.abs(path[Number(step) - 1]![i]! - value) / Math.abs(value);
        expect(error, `parameter ${i} after step ${step}`).toBeLessThanOrEqual(1e-12);
      });
    }
  });
});
