import { describe, expect, it } from 'vitest';
import { aligned, alignment, type PlannedValue, planMemory } from '../../../src/engines/wasm/plan.ts';

/** A small generator with a fixed start, so that a failing case can be repeated. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomValues(next: (below: number) => number): PlannedValue[] {
  const steps = 1 + next(40);
  return Array.from({ length: next(60) }, () => {
    const first = next(steps);
    return { bytes: 1 + next(next(2) ? 100 : 5000), first, last: first + next(steps - first) };
  });
}

const together = (a: PlannedValue, b: PlannedValue) => a.first <= b.last && b.first <= a.last;

/** The most that is alive at one step: no plan can need less. */
function peak(values: readonly PlannedValue[]): number {
  return Math.max(
    0,
    ...values.map(({ first }) =>
      values.filter((v) => v.first <= first && first <= v.last).reduce((sum, v) => sum + aligned(v.bytes), 0),
    ),
  );
}

describe('planMemory', () => {
  it('never lets two values that live together overlap, and stays near the least possible', () => {
    let bytes = 0;
    let least = 0;
    for (let seed = 1; seed <= 3000; seed++) {
      const values = randomValues(generator(seed));
      const plan = planMemory(values);
      values.forEach((a, i) => {
        const start = plan.offsets[i]!;
        if (start % alignment !== 0 || start + a.bytes > plan.bytes) expect.fail(`case ${seed}: value ${i}`);
        for (let j = 0; j < i; j++) {
          const b = values[j]!;
          const other = plan.offsets[j]!;
          if (together(a, b) && start < other + b.bytes && other < start + a.bytes) {
            expect.fail(`case ${seed}: values ${j} and ${i} overlap`);
          }
        }
      });
      expect(plan.bytes).toBeGreaterThanOrEqual(peak(values));
      bytes += plan.bytes;
      least += peak(values);
    }
    expect(bytes / least).toBeLessThan(1.1);
  });

  it('reuses the memory of values that have died', () => {
    const chain = Array.from({ length: 100 }, (_, i) => ({ bytes: 640, first: i, last: i + 1 }));
    expect(planMemory(chain).bytes).toBe(1280);
  });

  it('takes the smallest gap that fits', () => {
    const plan = planMemory([
      { bytes: 512, first: 0, last: 0 },
      { bytes: 448, first: 0, last: 2 },
      { bytes: 384, first: 1, last: 1 },
      { bytes: 128, first: 1, last: 1 },
    ]);
    // 0..512 is free again at step 1: the third value takes 0..384 of it, the fourth the 128 bytes that remain.
    expect(plan.offsets).toEqual([0, 512, 0, 384]);
    expect(plan.bytes).toBe(960);
  });

  it('needs nothing for nothing', () => {
    expect(planMemory([])).toEqual({ offsets: [], bytes: 0 });
  });
});
