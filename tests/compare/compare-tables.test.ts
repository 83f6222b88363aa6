import { describe, expect, it } from 'vitest';
import { compareOptimizers, compareTables } from '../../src/compare/index.ts';
import { madeUp } from '../claims/made-up.ts';

const run = (
  optimizer: string,
  values: readonly number[],
  more: { seed?: number; lr?: number; status?: 'diverged' | 'interrupted'; engine?: 'reference' } = {},
) => ({
  ...{ optimizer, seed: more.seed ?? 0, hyper: { lr: more.lr ?? 0.1 }, epochs: 3 },
  ...(more.status && { status: more.status }),
  ...(more.engine && { engine: more.engine }),
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
    expect(row).toMatchObject({ epoch: 2, difference: Number.POSITIVE_INFINITY, same: false });
    expect(row!.b.value.median).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('several engines in one folder', () => {
  const reference = (value: number) => run('adam', [value], { engine: 'reference' });
  const wasm = (value: number) => run('adam', [value]);

  it('are compared each with its like, and named', () => {
    const { rows } = compareTables(madeUp([wasm(2), reference(1)]), madeUp([reference(1), wasm(2)]));
    expect(rows.map(({ settings, same }) => [settings, same])).toEqual([
      [{ engine: 'wasm' }, true],
      [{ engine: 'reference' }, true],
    ]);
  });

  it('are named where a like is missing, whichever side has several', () => {
    const several = madeUp([reference(1), wasm(2)]);
    const one = madeUp([wasm(2)]);
    const named = (a: typeof one, b: typeof one) => compareTables(a, b).rows.map(({ settings }) => settings);
    expect(named(several, one)).toEqual([{ engine: 'wasm' }]);
    expect(named(one, several)).toEqual([{ engine: 'wasm' }]);
    expect(named(several, madeUp([{ ...wasm(2), engine: 'tensorflow' }]))).toEqual([
      { engine: 'reference | tensorflow' },
    ]);
    expect(compareTables(several, one).onlyA).toEqual({ adam: 1 });
  });
});

describe('runs without a value of the quantity', () => {
  const begun = run('adam', [], { seed: 1, status: 'interrupted' });

  it('are left out and counted', () => {
    const a = madeUp([run('adam', [3, 2]), begun, run('sgd', [1])]);
    const { rows, withoutValueA, withoutValueB } = compareTables(a, madeUp([run('adam', [3, 1])]));
    expect(rows).toMatchObject([{ optimizer: 'adam', epoch: 2, difference: -0.5, a: { seeds: [0] } }]);
    expect([withoutValueA, withoutValueB]).toEqual([{ adam: 1 }, {}]);
  });

  it('are a result where they diverged', () => {
    const a = madeUp([run('adam', [3]), run('adam', [], { seed: 1, status: 'diverged' })]);
    const { rows, withoutValueA } = compareTables(a, a);
    expect(rows).toMatchObject([{ same: true, difference: 0, a: { seeds: [0, 1] } }]);
    expect(withoutValueA).toEqual({});
  });

  it('are the same where both sides diverged at once, and a difference where one did', () => {
    const other = run('sgd', [1]);
    const atOnce = madeUp([run('adam', [], { status: 'diverged' }), other]);
    const { rows, notComparable } = compareTables(atOnce, atOnce);
    expect(rows[0]).toMatchObject({ optimizer: 'adam', epoch: 0, same: true, difference: 0 });
    expect(notComparable).toEqual([]);
    const one = compareTables(atOnce, madeUp([run('adam', [3]), other])).rows[0];
    expect(one).toMatchObject({ same: false, difference: Number.NEGATIVE_INFINITY });
  });

  it('are not the same where they diverged at other epochs, or one seed on one side only', () => {
    const diverged = (...values: number[]) => madeUp([run('adam', values, { status: 'diverged' })]);
    const [later] = compareTables(diverged(3), diverged(3, 2)).rows;
    expect(later).toMatchObject({ same: false, difference: 0, a: { value: { median: Infinity } } });
    expect(compareTables(diverged(3, 2), diverged(3, 2)).rows[0]!.same).toBe(true);

    const whole = [0, 1].map((seed) => run('adam', [3, 1], { seed }));
    const [row] = compareTables(
      madeUp([...whole, run('adam', [3, 1], { seed: 2 })]),
      madeUp([...whole, run('adam', [3], { seed: 2, status: 'diverged' })]),
    ).rows;
    expect(row).toMatchObject({ epoch: 2, difference: 0, same: false });
    expect(row!.b.value).toMatchObject({ median: 1, max: Infinity });
  });
});

it('two runs without a common epoch are named as not comparable', () => {
  const later = { ...run('adam', []), values: { 'minibatch-cost': [[2, 1] as const] } };
  const { rows, notComparable } = compareTables(madeUp([run('adam', [3])]), madeUp([later]));
  expect([rows, notComparable]).toEqual([[], [{ optimizer: 'adam', settings: {} }]]);
});

describe('different seeds on the two sides', () => {
  const seeds = (of: readonly number[], more = 0) =>
    madeUp(of.map((seed) => run('adam', [3, 1 + seed + more], { seed })));

  it('are compared over those that both have, and the others are named', () => {
    const [row] = compareTables(seeds([0, 1, 2]), seeds([1, 2, 3])).rows;
    expect(row).toMatchObject({ same: true, difference: 0, withinSpread: true });
    expect([row!.a.seeds, row!.b.seeds]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect([row!.a.seedsLeftOut, row!.b.seedsLeftOut]).toEqual([[0], [3]]);
  });

  it('are compared as they are where no seed is on both', () => {
    const [row] = compareTables(seeds([0, 1]), seeds([2])).rows;
    expect(row).toMatchObject({ same: false, difference: 1, largestLogRatio: undefined });
    expect([row!.a.seedsLeftOut, row!.b.seedsLeftOut]).toEqual([[], []]);
  });
});

describe('two different runs of one seed', () => {
  const ofRule = (rule: string, value: number) => ({ ...run('momentum', [value]), beyond: { rule } });

  it('are two rows, each with its like', () => {
    const a = madeUp([ofRule('nesterov', 1), ofRule('momentum', 2)]);
    const b = madeUp([ofRule('momentum', 2), ofRule('nesterov', 1)]);
    expect(compareTables(a, b).rows.map(({ settings, same }) => [settings, same])).toEqual([
      [{ rule: 'nesterov' }, true],
      [{ rule: 'momentum' }, true],
    ]);
  });

  it('are not both compared with one run: only with the one that it is, known by its id', () => {
    const a = madeUp([ofRule('nesterov', 1), ofRule('momentum', 2)]);
    const like = madeUp([run('sgd', [1]), run('momentum', [2])]);
    const { rows, onlyA } = compareTables(a, like);
    expect(rows).toMatchObject([{ settings: { rule: 'momentum' }, changed: {}, same: true }]);
    expect(onlyA).toEqual({ momentum: 1 });
    const unknown = madeUp([run('sgd', [1]), run('sgd', [1], { seed: 1 }), run('momentum', [2])]);
    expect(compareTables(a, unknown)).toMatchObject({
      rows: [],
      onlyA: { momentum: 2 },
      onlyB: { sgd: 2, momentum: 1 },
    });
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
