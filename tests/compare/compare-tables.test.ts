import { describe, expect, it } from 'vitest';
import { compareOptimizers, compareTables } from '../../src/compare/index.ts';
import { madeUp } from '../claims/made-up.ts';

const run = (
  optimizer: string,
  values: readonly number[],
  more: { seed?: number; lr?: number; status?: 'diverged' } = {},
) => ({
  ...{ optimizer, seed: more.seed ?? 0, hyper: { lr: more.lr ?? 0.1 }, epochs: 3 },
  ...(more.status && { status: more.status }),
  values: { 'minibatch-cost': values.map((value, i) => [i + 1, value] as const) },
});

describe('two tables', () => {
  it('are the same where every number is', () => {
    const [row] = compareTables(madeUp([run('adam', [3, 2, 1])]), madeUp([run('adam', [3, 2, 1])])).rows;
    expect(row).toMatchObject({ optimizer: 'adam', epoch: 3, same: true, difference: 0, largestLogRatio: 0 });
    expect(row!.withinSpread).toBeUndefined();
  });

  it('differ by the last epoch that both have, and most where they are farthest apart', () => {
    const [row] = compareTables(madeUp([run('adam', [3, 2, 1])]), madeUp([run('adam', [6, 2.2])])).rows;
    expect(row).toMatchObject({ epoch: 2, same: false });
    expect(row!.difference).toBeCloseTo(0.1, 12);
    expect(row!.largestLogRatio).toBeCloseTo(Math.log(2), 12);
  });

  it('are within the spread of the seeds where their ranges overlap', () => {
    const seeds = (...ends: number[]) => madeUp(ends.map((end, seed) => run('adam', [3, end], { seed })));
    const within = (a: number[], b: number[]) =>
      compareTables(seeds(...a), seeds(...b)).rows[0]!.withinSpread;
    expect(within([1, 1.2], [1.1, 1.3])).toBe(true);
    expect(within([1, 1.2], [1.3, 1.4])).toBe(false);
  });

  it('are matched by settings, whatever the order', () => {
    const a = madeUp([run('adam', [1], { lr: 0.1 }), run('adam', [2], { lr: 0.2 })]);
    const b = madeUp([run('adam', [4], { lr: 0.2 }), run('adam', [3], { lr: 0.1 })]);
    const { rows, onlyA, onlyB } = compareTables(a, b);
    expect(rows.map(({ settings, a, b }) => [settings, a.value.median, b.value.median])).toEqual([
      [{ lr: 0.1 }, 1, 3],
      [{ lr: 0.2 }, 2, 4],
    ]);
    expect([onlyA, onlyB]).toEqual([{}, {}]);
  });

  it('compare the one setting of an optimizer with its other one, and name what changed', () => {
    const { rows } = compareTables(
      madeUp([run('sgd', [1], { lr: 0.1 })]),
      madeUp([run('sgd', [2], { lr: 0.3 })]),
    );
    expect(rows[0]!.changed).toEqual({ lr: [0.1, 0.3] });
  });

  it('say what only one of them has', () => {
    const a = madeUp([run('adam', [1]), run('sgd', [1], { seed: 0 }), run('sgd', [1], { seed: 1 })]);
    const { rows, onlyA, onlyB } = compareTables(a, madeUp([run('adam', [1]), run('rmsprop', [1])]));
    expect(rows.map(({ optimizer }) => optimizer)).toEqual(['adam']);
    expect([onlyA, onlyB]).toEqual([{ sgd: 2 }, { rmsprop: 1 }]);
  });

  it('take a run that diverged as infinite at the epoch that the other one has', () => {
    const b = madeUp([run('adam', [3], { status: 'diverged' })]);
    const [row] = compareTables(madeUp([run('adam', [3, 2])]), b).rows;
    expect(row).toMatchObject({ epoch: 2, difference: Number.POSITIVE_INFINITY, same: true });
    expect(row!.b.value.median).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('two optimizers', () => {
  it('are each there with their best setting', () => {
    const tables = madeUp([
      run('adam', [5, 1], { lr: 0.1 }),
      run('adam', [5, 2], { lr: 0.2 }),
      run('sgd', [5, 4], { lr: 0.1 }),
      run('sgd', [5, 3], { lr: 0.2 }),
    ]);
    const [row, ...others] = compareOptimizers(tables, 'adam', 'sgd').rows;
    expect(others).toEqual([]);
    expect(row).toMatchObject({ optimizer: 'adam | sgd', changed: { lr: [0.1, 0.2] }, difference: 2 });
  });

  it('give nothing where one has no run', () => {
    expect(compareOptimizers(madeUp([run('adam', [1])]), 'adam', 'sgd').rows).toEqual([]);
  });
});
