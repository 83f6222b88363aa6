import { describe, expect, it } from 'vitest';
import { mean, spreadOf } from '../src/statistics.ts';

describe('mean', () => {
  it.each([
    [[3], 3],
    [[1, 2, 6], 3],
    [[1, Number.POSITIVE_INFINITY], Number.POSITIVE_INFINITY],
  ])('of %j is %d', (values, expected) => {
    expect(mean(values)).toBe(expected);
    expect(mean(new Set(values).values())).toBe(expected);
  });

  it('of nothing is no number', () => {
    expect(mean([])).toBeNaN();
  });
});

describe('spreadOf', () => {
  it.each([
    [[4], 4, 4, 4],
    [[10, 9, 1], 9, 1, 10],
    [[10, 2, 100, 4], 7, 2, 100],
  ])('of %j has the median %d between %d and %d', (values, median, min, max) => {
    const given = [...values];
    expect(spreadOf(given)).toEqual({ median, min, max });
    expect(given).toEqual(values);
  });
});
