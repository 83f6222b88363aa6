import { describe, expect, it } from 'vitest';
import { SpecError } from '../../src/spec/issue.ts';
import { axisOf } from '../../src/tuning/space.ts';
import { type TunePlan, tune, withoutResult } from '../../src/tuning/tune.ts';
import { type FakeCurve, fakeSearch } from './fake-search.ts';

const criterion = { name: 'minibatch-cost', lastEpochs: 1 } as const;
/** A valley in log lr whose bottom lies at the optimizer's own rate; falls with the epochs. */
const bottoms: Readonly<Record<string, number>> = { adam: -3, sgd: 0 };
const valley: FakeCurve = ({ optimizer, settings, seed }, epoch) => {
  const distance = Math.log10(settings.lr as number) - bottoms[optimizer]!;
  return distance > 2 ? Number.NaN : (1 + distance ** 2 + 0.01 * seed) / epoch;
};
const decades = (from: number, to: number, points: number) => [axisOf('lr', { log: [from, to], points })];
const plan = (changes: Partial<TunePlan> = {}): TunePlan => ({
  criterion,
  axes: { adam: decades(1e-4, 1e-2, 3), sgd: decades(1e-1, 1e1, 3) },
  extend: false,
  ...changes,
});

describe('tune', () => {
  it('finds the best settings of every optimizer, on the same number of trials', async () => {
    const context = fakeSearch(valley);
    const tuned = await tune(plan(), context);
    expect(tuned.map(({ optimizer, trials }) => [optimizer, trials[0]!.candidate.settings.lr])).toEqual([
      ['adam', 1e-3],
      ['sgd', 1],
    ]);
    expect(tuned.map(({ trials, edges }) => [trials.length, edges])).toEqual([
      [3, []],
      [3, []],
    ]);
    expect(context.stages).toHaveLength(1);
    expect(context.rows).toHaveLength(6);
  });

  it('gives the mean over the seeds, and their range', async () => {
    const [adam] = await tune(plan(), fakeSearch(valley, { seeds: [0, 1, 2], epochs: 1 }));
    expect(adam!.trials[0]).toMatchObject({ values: { value: expect.closeTo(1.01, 12) }, range: [1, 1.02] });
    expect(adam!.trials[0]!.ids).toHaveLength(3);
  });

  it('ranks what diverges last, and says so', async () => {
    const wide = { adam: decades(1e-3, 10, 5), sgd: decades(1e-3, 10, 5) };
    const [adam] = await tune(plan({ axes: wide }), fakeSearch(valley));
    expect(adam!.trials.map(({ status }) => status)).toEqual([
      ...Array(3).fill('complete'),
      ...Array(2).fill('diverged'),
    ]);
    expect(adam!.trials.at(-1)!.values).toBeUndefined();
  });

  it('says where the best lies at the edge', async () => {
    const axes = { adam: decades(1e-2, 1, 3), sgd: decades(1e-1, 1e1, 3) };
    const [adam, sgd] = await tune(plan({ axes }), fakeSearch(valley));
    expect(adam!.edges).toEqual([{ path: 'lr', value: 1e-2, end: 'lowest' }]);
    expect(sgd!.edges).toEqual([]);
  });

  it('goes on beyond it if asked, until the best lies inside, and tries nothing twice', async () => {
    const context = fakeSearch(valley);
    const axes = { adam: decades(1e-2, 1, 3), sgd: decades(1e-1, 1e1, 3) };
    const [adam, sgd] = await tune(plan({ axes, extend: true }), context);
    expect(adam!.trials[0]!.candidate.settings.lr).toBe(1e-3);
    expect(adam!.edges).toEqual([]);
    expect(sgd!.trials).toHaveLength(3);
    expect(context.stages.slice(1)).toEqual([['adam 0.001 x10'], ['adam 0.0001 x10']]);
  });

  it('gives up where a range has no end to find', async () => {
    const falling: FakeCurve = ({ settings }) => settings.lr as number;
    const context = fakeSearch(falling);
    const [adam] = await tune(plan({ axes: { adam: decades(1e-2, 1, 3) }, extend: true }), context);
    expect(context.stages).toHaveLength(5);
    expect(adam!.edges).toHaveLength(1);
  });

  it('stops extending a range where the setting allows no more, keeps the result, and says so', async () => {
    const falling: FakeCurve = ({ settings }) => 2 - (settings.beta1 as number);
    const context = fakeSearch(falling);
    const message = 'expected >= 0 and < 1, found 1.62';
    const issue = { code: 'invalid-value', path: ['beta1'], message, override: '--search' } as const;
    const candidate: typeof context.candidate = async (optimizer, settings, shared) => {
      if ((settings.beta1 as number) >= 1) throw new SpecError([issue]);
      return context.candidate(optimizer, settings, shared);
    };
    const axes = { adam: [axisOf('beta1', { log: [0.5, 0.9], points: 2 })] };
    const [adam] = await tune(plan({ axes, extend: true }), { ...context, candidate });
    expect(adam!.trials.map((trial) => trial.candidate.settings.beta1)).toEqual([0.9, 0.5]);
    expect(adam!.edges).toEqual([{ path: 'beta1', value: 0.9, end: 'highest', refused: message }]);
  });

  it('keeps the results of the others where no trial of an optimizer comes to an end', async () => {
    const axes = { adam: decades(1e2, 1e4, 3), sgd: decades(1e-1, 1e1, 3) };
    const tuned = await tune(plan({ axes, extend: true }), fakeSearch(valley));
    expect(tuned.map(({ trials, edges }) => [trials.length, trials[0]!.status, edges])).toEqual([
      [3, 'diverged', []],
      [3, 'complete', []],
    ]);
    expect(withoutResult(tuned, criterion)?.message).toBe(
      'no trial of adam came to an end without diverging: try smaller learning rates.',
    );
    expect(withoutResult(tuned.slice(1), criterion)).toBeUndefined();
  });

  it('does not say that trials diverged which have no value', async () => {
    const axes = { adam: decades(1e-4, 1e-2, 3) };
    const errors = { name: 'test-error', lastEpochs: 1 } as const;
    const tuned = await tune(plan({ axes, criterion: errors }), fakeSearch(valley));
    expect(withoutResult(tuned, errors)?.message).toBe(
      'no trial of adam has a value of test-error: choose another --criterion.',
    );
  });

  it.each([
    ['lr', [1e-3, 1e-3], 'lr 0.001 and lr 0.001'],
    ['schedule', ['constant', { type: 'constant' }], 'schedule constant and schedule { type: constant }'],
  ])('refuses two values of %s that are the same run, before it trains', async (path, values, named) => {
    const context = fakeSearch(valley);
    // As the spec reads them: both ways of writing a value are one.
    const candidate: typeof context.candidate = async (optimizer, settings, shared) => ({
      ...(await context.candidate(optimizer, {}, shared)),
      settings,
    });
    const axes = { adam: [axisOf(path, values)] };
    await expect(tune(plan({ axes }), { ...context, candidate })).rejects.toThrow(
      `two candidates of adam are the same run, ${named}: leave one of them out.`,
    );
    expect(context.stages).toEqual([]);
  });

  it('hands over what was measured before it ends with the error of a failed run', async () => {
    const context = fakeSearch(valley, { failing: 'adam 0.01 ' });
    await expect(tune(plan(), context)).rejects.toThrow('one failed');
    expect(context.rows).toHaveLength(5);
  });
});
