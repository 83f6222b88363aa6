import { describe, expect, it } from 'vitest';
import {
  distanceOf,
  logRatios,
  logRatiosOfTable,
  type PaperCurve,
  pointsWithin,
} from '../../src/paper/index.ts';

const curve = (figure: string, values: readonly number[], from = 0): PaperCurve => ({
  figure,
  name: 'Adam',
  points: values.map((y, i) => ({ x: i + from, y })),
});
/** Costs of the epochs 1, 2, ... */
const run = (values: readonly number[]) => new Map(values.map((value, i) => [i + 1, value]));

describe('the distance of a run to a curve of the paper', () => {
  it("takes the paper's point k for epoch k + 1", () => {
    const ratios = logRatios(run([2, 1, 0.5]), curve('x', [2, 1, 0.5]));
    expect(ratios.map(({ x, logRatio }) => [x, logRatio])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
  });

  it('is the median of |ln(ours / paper)|, the same above and below', () => {
    const paper = curve('x', [1, 1, 1, 1]);
    const ratios = logRatios(run([1.1, 1 / 1.1, 1.3, 1]), paper);
    expect(distanceOf(ratios)).toEqual({
      points: 4,
      median: expect.closeTo(Math.log(1.1), 12),
      mean: expect.closeTo((2 * Math.log(1.1) + Math.log(1.3)) / 4, 12),
      max: expect.closeTo(Math.log(1.3), 12),
    });
  });

  it('compares what both have, up to a number of epochs', () => {
    const paper = curve('x', [1, 1, 1, 1, 1], 2);
    const costs = run([9, 9, 9, 2, 2]);
    expect(logRatios(costs, paper).map(({ x }) => x)).toEqual([2, 3, 4]);
    expect(logRatios(costs, paper, { epochs: 4 }).map(({ x }) => x)).toEqual([2, 3]);
    expect(pointsWithin(paper, 4)).toBe(2);
    expect(distanceOf(logRatios(costs, paper, { epochs: 2 }))).toBeUndefined();
  });

  it('leaves out a cost that has no logarithm', () => {
    expect(logRatios(run([0, Number.POSITIVE_INFINITY, 1]), curve('x', [1, 1, 1]))).toHaveLength(1);
  });

  it('averages both sides over the points around those of the tables where the figure is noisy', () => {
    const noisy = [...Array(12).keys()].map((i) => (i % 2 === 0 ? 1.5 : 0.5));
    const ours = noisy.map((value) => 2 - value);
    const [at1, at5] = logRatiosOfTable(run(ours), curve('1-right', noisy));
    expect(at1).toMatchObject({ x: 1, ours: expect.closeTo(2.5 / 3), paper: expect.closeTo(3.5 / 3) });
    // Epochs 2 to 8 of the paper's axis: seven points.
    expect(at5).toMatchObject({ x: 5, ours: expect.closeTo(6.5 / 7), paper: expect.closeTo(7.5 / 7) });
  });

  it('leaves out points of the tables that lie beyond either curve', () => {
    const at = (costs: ReadonlyMap<number, number>, from: number) =>
      logRatiosOfTable(costs, curve('2a', Array(40).fill(1), from)).map(({ x }) => x);
    expect(at(run(Array(25).fill(1)), 7)).toEqual([10, 20]);
    expect(at(run([]), 7)).toEqual([]);
  });
});
