import { describe, expect, it } from 'vitest';
import { type PlannedRun, specRuns } from '../../src/claims/spec-runs.ts';
import { settingsOf } from '../../src/results/run-info.ts';
import { type MadeUpRun, madeUp } from './made-up.ts';

/** A run of so many epochs. */
const run = (change: Partial<MadeUpRun> = {}, epochs = change.epochs ?? 10): MadeUpRun => ({
  ...{ optimizer: 'sgd', hyper: { lr: 1 }, values: { cost: [[epochs, 1]] } },
  ...change,
});
const interrupted = (epochs: number, change: Partial<MadeUpRun> = {}): MadeUpRun =>
  run({ status: 'interrupted', epochs, ...change }, 1);

/** The plan that a run is as asked for. */
function planOf(made: MadeUpRun, searched?: readonly string[]): PlannedRun {
  const [info] = madeUp([made]).runs;
  const { optimizer, epochs } = info!;
  return { optimizer, epochs, settings: settingsOf(info!), ...(searched && { searched }) };
}

/** Which of the runs are kept, by their place, and the optimizers with other settings only. */
function kept(plans: readonly PlannedRun[], ...runs: MadeUpRun[]) {
  const { tables, otherSettings } = specRuns(madeUp(runs), plans);
  expect(new Set(tables.rows.map((row) => row.run.id)).size).toBeLessThanOrEqual(tables.runs.length);
  return { places: tables.runs.map(({ id }) => Number(id.slice('run'.length))), otherSettings };
}
const places = (plans: readonly PlannedRun[], ...runs: MadeUpRun[]) => kept(plans, ...runs).places;

const plan = planOf(run());

describe('the runs of the spec', () => {
  it('are those in its settings, wherever they stand in the table', () => {
    const other = run({ hyper: { lr: 2 } });
    expect(kept([plan], other, run(), other)).toEqual({ places: [1], otherSettings: [] });
    expect(places([plan], run({ model: { type: 'mlp' } }), run({ batchSize: 1 }), run())).toEqual([2]);
  });

  it('are of its rule, where runs of another one stand beside them', () => {
    const nesterov = { ...plan, rule: 'nesterov' };
    const [theirs, other] = [{ beyond: { rule: 'nesterov' } }, { beyond: { rule: 'momentum' } }];
    expect(places([nesterov], run(other), run(theirs))).toEqual([1]);
    expect(places([nesterov], run())).toEqual([0]);
  });

  it('are not longer than the spec says', () => {
    expect(places([plan], run({}, 30), run())).toEqual([1]);
    expect(places([plan], interrupted(30), run())).toEqual([1]);
  });

  it('may be shorter: of these the longest that is finished', () => {
    expect(places([plan], run({}, 3), run({}, 6), interrupted(10))).toEqual([1]);
    expect(places([plan], interrupted(6), interrupted(10))).toEqual([1]);
    expect(places([plan], run({}, 6), run({ status: 'diverged', epochs: 10 }, 2))).toEqual([1]);
  });

  it('are of one engine: the one with the most seeds, or else of the last command', () => {
    const [a, b] = [{ engine: 'wasm' }, { engine: 'reference' }];
    expect(places([plan], run(a), run(b))).toEqual([0]);
    expect(places([plan], run(a), run(b), run({ ...b, seed: 1 }))).toEqual([1, 2]);
  });

  it('include a seed that diverged before it had a value, and so an engine', () => {
    const early = run({ seed: 1, status: 'diverged', engine: null, epochs: 10, values: {} });
    const { tables } = specRuns(madeUp([early, run(), run({ seed: 2 })]), [plan]);
    expect(tables.runs.map(({ seed, engine }) => [seed, engine])).toEqual([
      [1, 'wasm'],
      [0, 'wasm'],
      [2, 'wasm'],
    ]);
  });

  it('have each seed once: of two that differ in their evaluation the finished one', () => {
    expect(places([plan], interrupted(10), run(), run())).toEqual([1]);
  });

  it('of a grid are those of all its points', () => {
    const grid = [1, 2].map((lr) => planOf(run({ hyper: { lr } })));
    const runs = [3, 2, 1].map((lr) => run({ hyper: { lr } }));
    expect(places(grid, ...runs, interrupted(30, { hyper: { lr: 1 } }))).toEqual([1, 2]);
  });

  it('of a grid of lengths have all of them', () => {
    const grid = [10, 40].map((epochs) => planOf(run({}, epochs)));
    expect(places(grid, run({}, 40), run({}, 10), run({}, 5), run({}, 20))).toEqual([0, 1]);
  });

  it('follow the length in what the spec makes from it', () => {
    const cosine = (epochs: number, period = epochs) =>
      run({ hyper: { schedule: { type: 'cosine', epochs: period } } }, epochs);
    expect(places([planOf(cosine(10))], cosine(5), cosine(8, 4))).toEqual([0]);
    const decay = (epochs: number, normalized: number) =>
      run({ hyper: { weightDecay: { rate: normalized / epochs, normalized } } }, epochs);
    expect(places([planOf(decay(10, 1))], decay(5, 1), decay(8, 2))).toEqual([0]);
  });

  it('of a search have any value of its axes, in every length up to its own', () => {
    const trials = planOf(run(), ['lr']);
    const runs = [run({ hyper: { lr: 2 } }), run({}, 4), run({}, 30), run({ batchSize: 1 })];
    expect(places([trials], ...runs)).toEqual([0, 1]);
  });
});

describe('an optimizer without runs in the settings of the spec', () => {
  it('is judged by its finished ones, and named', () => {
    const other = { hyper: { lr: 2 } };
    const adam = planOf(run({ optimizer: 'adam' }));
    expect(
      kept([plan, adam], run({ ...other, seed: 1 }), interrupted(10, other), run({ optimizer: 'adam' })),
    ).toEqual({ places: [2], otherSettings: [] });
    expect(kept([plan, adam], run(other), run({ optimizer: 'adam' }))).toEqual({
      ...{ places: [0, 1], otherSettings: ['sgd'] },
    });
  });

  it('is left out where the spec does not have it at all', () => {
    expect(kept([plan], run({ optimizer: 'mine' }), run())).toEqual({ places: [1], otherSettings: [] });
  });
});
