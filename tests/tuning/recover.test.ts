import { describe, expect, it } from 'vitest';
import type { PaperCurve } from '../../src/paper/index.ts';
import { recover, rungSizes } from '../../src/tuning/recover.ts';
import { axisOf } from '../../src/tuning/space.ts';
import type { RecoverPlan } from '../../src/tuning/targets.ts';
import { type FakeCurve, fakeSearch } from './fake-search.ts';

/** The paper's: 1 at all its points. */
const curve = (from = 0): PaperCurve => ({
  figure: '1-left',
  name: 'Adam',
  points: Array.from({ length: 30 }, (_, i) => ({ x: from + i, y: 1 })),
});
/** A curve that is too high by a factor of `error` all along. */
const constantError: FakeCurve = ({ settings }) => Math.exp(settings.error as number);
const errors = (...values: number[]) => [axisOf('error', values)];
const plan = (changes: Partial<RecoverPlan> = {}): RecoverPlan => ({
  rungs: [3, 10, 20],
  keep: 1 / 2,
  finalists: 2,
  shared: [],
  axes: { adam: errors(0.5, 0.25, -0.125, 0, 1, 2, 3, -4) },
  curves: { adam: curve(), sgd: curve() },
  ...changes,
});

describe('recover', () => {
  it('finds the settings nearest to the paper, dropping the others rung by rung', async () => {
    const context = fakeSearch(constantError);
    const { targets } = await recover(plan(), context);
    const [{ ranking, edges }] = targets as [(typeof targets)[number]];
    expect(context.stages.map((stage) => stage.length)).toEqual([8, 4, 2]);
    expect(context.stages[2]).toEqual(['adam -0.125 x20', 'adam 0 x20']);
    expect(ranking.map(({ candidate, epochs }) => [candidate.settings.error, epochs])).toEqual([
      [0, 20],
      [-0.125, 20],
      [0.25, 10],
      [0.5, 10],
      [1, 3],
      [2, 3],
      [3, 3],
      [-4, 3],
    ]);
    expect(ranking[1]!.values!.value).toBeCloseTo(0.125, 12);
    expect(edges).toEqual([]);
  });

  it('says how many runs each rung has if none diverges', async () => {
    const context = fakeSearch(constantError);
    const two = { adam: errors(0, 1, 2, 3, 4), sgd: errors(0, 1, 2, 3, 4, 5, 6) };
    const shared = [axisOf('model.dropout.input', [0, 0.1, 0.2])];
    const wide = plan({ axes: two, shared });
    await recover(wide, context);
    const sizes = rungSizes(wide).map(({ adam = 0, sgd = 0 }) => adam + sgd);
    expect(sizes).toEqual(context.stages.map((stage) => stage.length));
  });

  it('leaves an optimizer untrained while its curve is off the drawing', async () => {
    const context = fakeSearch(constantError);
    const axes = { adam: errors(0, 1, 2, 3), sgd: errors(0, 1, 2, 3) };
    await recover(plan({ axes, curves: { adam: curve(), sgd: curve(6) } }), context);
    const trained = context.stages.map((stage) => stage.map((name) => name.split(' ')[0]));
    expect(trained[0]).toEqual(Array(4).fill('adam'));
    expect(trained[1]!.filter((name) => name === 'sgd')).toHaveLength(4);
    expect(trained[2]!.filter((name) => name === 'sgd')).toHaveLength(2);
  });

  it('skips a rung at which no curve has begun', async () => {
    const context = fakeSearch(constantError);
    const late = plan({ curves: { adam: curve(3) }, rungs: [5, 20] });
    const { targets } = await recover(late, context);
    expect(rungSizes(late)).toEqual([{}, { adam: 8 }]);
    expect(context.stages.map((stage) => stage.length)).toEqual([8]);
    expect(targets[0]!.ranking[0]!.candidate.settings.error).toBe(0);
  });

  it('compares each point of a figure over a grid with its own value, and ranks what they share', async () => {
    const at = (y: number): PaperCurve => ({ figure: '4', name: '', points: [{ x: 9, y }] });
    // At lr 1 the paper has 2, at lr 3 it has 5 and at lr 9 nothing; without dropout we have the same.
    const curves = { 'adam lr 1': at(2), 'adam lr 3': at(5) };
    const cost: FakeCurve = ({ settings, shared }) =>
      (settings.lr === 1 ? 2 : 5) * Math.exp(Number(shared['model.dropout.input']));
    const grid = plan({
      rungs: [10],
      shared: [axisOf('model.dropout.input', [0.5, 0])],
      axes: { adam: [axisOf('lr', [1, 3, 9])] },
      curves,
      overGrid: ['adam'],
    });
    const context = fakeSearch(cost);
    const { targets, shared } = await recover(grid, context);
    expect(rungSizes(grid)).toEqual([{ adam: 4 }]);
    expect(context.stages).toEqual([['adam 0.5 1 x10', 'adam 0.5 3 x10', 'adam 0 1 x10', 'adam 0 3 x10']]);
    expect(
      shared.map(({ shared: found, score }) => [found['model.dropout.input'], Number(score.toFixed(9))]),
    ).toEqual([
      [0, 0],
      [0.5, 0.5],
    ]);
    expect(
      targets.map(({ ranking, edges }) => [ranking.length, ranking[0]!.candidate.settings, edges]),
    ).toEqual([
      [1, { lr: 1 }, []],
      [1, { lr: 3 }, []],
    ]);
  });

  describe('with points of a figure of which some diverge', () => {
    const at = (y: number): PaperCurve => ({
      figure: '4',
      name: '',
      points: [
        { x: 9, y },
        { x: 19, y },
      ],
    });
    const grid = (changes: Partial<RecoverPlan> = {}) =>
      plan({
        rungs: [10, 20],
        keep: 1,
        shared: [axisOf('model.dropout.input', [0, 0.5])],
        axes: { adam: [axisOf('lr', [1, 3])] },
        curves: { 'adam lr 1': at(1), 'adam lr 3': at(1) },
        overGrid: ['adam'],
        ...changes,
      });
    /** Without dropout lr 3 diverges; with it both points are off by a factor of e. */
    const cost: FakeCurve = ({ settings, shared }) =>
      shared['model.dropout.input'] === 0 ? (settings.lr === 3 ? Number.NaN : 1) : Math.E;

    it('ranks by how many do, then by the others, and shows them', async () => {
      const context = fakeSearch(cost);
      const { shared, targets } = await recover(grid(), context);
      // What diverged is not trained further.
      expect(context.stages.map((stage) => stage.length)).toEqual([4, 3]);
      expect(shared[0]).toMatchObject({ shared: { 'model.dropout.input': 0.5 }, score: 1, without: 0 });
      expect(targets.map(({ ranking }) => ranking[0]!.status)).toEqual(['complete', 'complete']);
    });

    it('has a result where one point always does, and none where all do', async () => {
      const never: FakeCurve = ({ settings }) => (settings.lr === 3 ? Number.NaN : 1);
      const { shared, targets } = await recover(grid(), fakeSearch(never));
      expect(shared[0]).toMatchObject({ score: 0, without: 1, epochs: 20 });
      expect(targets.map(({ ranking }) => ranking[0]!.status)).toEqual(['complete', 'diverged']);
      await expect(
        recover(
          grid(),
          fakeSearch(() => Number.NaN),
        ),
      ).rejects.toThrow('all diverged');
    });
  });

  it('refuses two candidates that are the same run, before it trains', async () => {
    const context = fakeSearch(constantError);
    const shared = [axisOf('model.dropout.input', [0.2, 0.2])];
    await expect(recover(plan({ shared, axes: { adam: errors(1) } }), context)).rejects.toThrow(
      'are the same run, model.dropout.input 0.2, error 1 and model.dropout.input 0.2, error 1: leave one',
    );
    expect(context.stages).toEqual([]);
  });

  it('takes the shared settings with which all optimizers come near, not those that suit one', async () => {
    const shared = [axisOf('model.dropout.input', [0, 0.2])];
    const curves: FakeCurve = (run) =>
      Math.exp(run.shared['model.dropout.input'] === 0 ? (run.optimizer === 'adam' ? 0 : 1) : 0.3);
    const axes = { adam: errors(1, 2), sgd: errors(1, 2) };
    const found = await recover(plan({ axes, shared, keep: 1 }), fakeSearch(curves));
    expect(found.shared.map((s) => [s.shared, s.score.toFixed(6), s.epochs])).toEqual([
      [{ 'model.dropout.input': 0.2 }, '0.300000', 20],
      [{ 'model.dropout.input': 0 }, '0.500000', 20],
    ]);
    expect(found.targets[0]!.ranking[0]!.candidate.shared).toEqual({ 'model.dropout.input': 0.2 });
    expect(found.sharedEdges).toEqual([{ path: 'model.dropout.input', value: 0.2, end: 'highest' }]);
  });

  it('does not choose shared settings with which an optimizer diverges', async () => {
    const shared = [axisOf('model.dropout.input', [0, 0.2])];
    const curves: FakeCurve = (run) =>
      run.shared['model.dropout.input'] === 0 ? (run.optimizer === 'adam' ? 1 : Number.NaN) : Math.exp(0.7);
    const axes = { adam: errors(1, 2), sgd: errors(1, 2) };
    const context = fakeSearch(curves);
    const found = await recover(plan({ axes, shared, keep: 1 }), context);
    expect(found.shared[0]!.shared).toEqual({ 'model.dropout.input': 0.2 });
    expect(found.shared[1]).toMatchObject({ epochs: 3, score: Number.POSITIVE_INFINITY });
    expect(context.stages[1]).toHaveLength(4);
  });

  it('drops what diverges even where everything else may stay', async () => {
    const curves: FakeCurve = ({ settings }, epoch) =>
      settings.error === 1 && epoch > 5 ? Number.NaN : Math.exp(settings.error as number);
    const context = fakeSearch(curves);
    const { targets } = await recover(plan({ axes: { adam: errors(0, 1, 2) }, keep: 1 }), context);
    expect(context.stages.map((stage) => stage.length)).toEqual([3, 3, 2]);
    expect(targets[0]!.ranking.at(-1)).toMatchObject({ status: 'diverged', epochs: 10 });
  });

  it('ends with an error where all of an optimizer diverge', async () => {
    const nothing: FakeCurve = ({ optimizer }) => (optimizer === 'sgd' ? Number.NaN : 1);
    const axes = { adam: errors(0, 1), sgd: errors(0, 1) };
    const search = recover(plan({ axes }), fakeSearch(nothing));
    await expect(search).rejects.toThrow('no candidate of sgd is left');
    const late: FakeCurve = (_, epoch) => (epoch > 12 ? Number.NaN : 1);
    await expect(recover(plan(), fakeSearch(late))).rejects.toThrow('no candidate of adam is left');
    // Complete, but with no logarithm.
    await expect(
      recover(
        plan(),
        fakeSearch(() => 0),
      ),
    ).rejects.toThrow(
      "no candidate of adam has a cost above 0 at a point of the paper's curve: try other settings.",
    );
  });
});
