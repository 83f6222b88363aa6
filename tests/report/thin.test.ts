import { describe, expect, it } from 'vitest';
import { longestCurve, roundedRows, thinned } from '../../src/report/thin.ts';

const rows = (curve: string, values: readonly number[]) => values.map((y, x) => ({ curve, x, y }));
const noisy = Array.from({ length: 1000 }, (_, i) => Math.sin(i / 50));

describe('thinned', () => {
  it('keeps short curves as they are', () => {
    const few = rows('a', [3, 1, 2]);
    expect(thinned(few, 'curve', 'y', 10)).toEqual(few);
  });

  it('keeps at most so many points of each curve, its ends and its peaks among them, in their order', () => {
    const peak = noisy.with(333, 99).with(700, -99);
    const kept = thinned([...rows('a', peak), ...rows('b', noisy)], 'curve', 'y', 100);
    for (const curve of ['a', 'b']) {
      const points = kept.filter((row) => row.curve === curve);
      expect(points.length).toBeLessThanOrEqual(100);
      expect(points.length).toBeGreaterThan(80);
      expect([points[0]!.x, points.at(-1)!.x]).toEqual([0, 999]);
      expect(points.map(({ x }) => x)).toEqual(points.map(({ x }) => x).sort((a, b) => a - b));
    }
    const ys = kept.filter(({ curve }) => curve === 'a').map(({ y }) => y);
    expect([Math.max(...ys), Math.min(...ys)]).toEqual([99, -99]);
  });

  it('takes rows without curves as one', () => {
    expect(thinned(rows('', noisy), undefined, 'y', 50).length).toBeLessThanOrEqual(50);
  });
});

it('counts the rows of the longest curve', () => {
  expect(longestCurve([...rows('a', [1, 2]), ...rows('b', [1])], 'curve')).toBe(2);
  expect(longestCurve([], 'curve')).toBe(0);
});

it('rounds numbers and leaves the rest', () => {
  const infinite = Number.POSITIVE_INFINITY;
  expect(roundedRows([{ curve: 'a', y: 0.123456789, x: 12345678, z: infinite }], 5)).toEqual([
    { curve: 'a', y: 0.12346, x: 12346000, z: infinite },
  ]);
});
