import { describe, expect, it } from 'vitest';
import { longestFirst, shares } from '../../src/runner/order.ts';

describe('longestFirst', () => {
  it('puts what takes longest first', () => {
    expect(longestFirst([1, 100, 10], (n) => n)).toEqual([100, 10, 1]);
  });

  it('keeps the order of runs within a factor of two', () => {
    expect(longestFirst([60, 1, 100, 51, 49, 2], (n) => n)).toEqual([60, 100, 51, 49, 1, 2]);
  });

  it('takes no runs', () => {
    expect(longestFirst([], () => 1)).toEqual([]);
  });
});

describe('shares', () => {
  const runs = Array.from({ length: 23 }, (_, i) => `run${i}`);
  const cost = (run: string): number => 1 + (Number(run.slice(3)) ** 2 % 17);
  const split = (list: readonly string[], n: number) => shares(list, n, cost, (run) => run);

  it.each([1, 2, 3, 7, 30])('gives each run to exactly one of %i', (n) => {
    const parts = split(runs, n);
    expect(parts).toHaveLength(n);
    expect(parts.flat().sort()).toEqual([...runs].sort());
  });

  it('is balanced: no two shares differ by more than the costliest run', () => {
    const sums = split(runs, 3).map((part) => part.reduce((sum, run) => sum + cost(run), 0));
    expect(Math.max(...sums) - Math.min(...sums)).toBeLessThanOrEqual(Math.max(...runs.map(cost)));
  });

  it('does not depend on the order of the runs', () => {
    const sorted = (parts: string[][]) => parts.map((part) => [...part].sort());
    expect(sorted(split([...runs].reverse(), 4))).toEqual(sorted(split(runs, 4)));
  });

  it('keeps the order within a share', () => {
    for (const part of split(runs, 3)) expect(part).toEqual(runs.filter((run) => part.includes(run)));
  });
});
