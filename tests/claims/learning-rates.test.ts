import { describe, expect, it } from 'vitest';
import { claims, type Verdict, verdictOf } from '../../src/claims/index.ts';
import { goodDecades } from '../../src/claims/learning-rates.ts';
import { type MadeUpRun, madeUp } from './made-up.ts';

const width = (costs: readonly number[]): number =>
  goodDecades(new Map(costs.map((cost, i) => [-4 + i / 2, cost])));

describe('decades of good learning rates', () => {
  it('counts the whole range where every rate is near the best', () => {
    expect(width([1, 1.05, 1.1, 1])).toBeCloseTo(1.5, 12);
  });

  it('interpolates towards the first rate that is too far', () => {
    expect(width([1.2, 1, 1.4])).toBeCloseTo(0.5 * 0.5 + 0.25 * 0.5, 12);
  });

  it('counts nothing towards a rate that diverged', () => {
    expect(width([1, 1, Number.POSITIVE_INFINITY])).toBeCloseTo(0.5, 12);
  });

  it('is 0 for one rate', () => {
    expect(width([1])).toBe(0);
  });

  it('is 0 where every rate diverged', () => {
    expect(width([1, 1, 1].map(() => Number.POSITIVE_INFINITY))).toBe(0);
  });

  it('adds up ranges with a worse rate between', () => {
    expect(width([1, 1, 2, 1, 1])).toBeCloseTo(1 + 2 * 0.1 * 0.5, 12);
  });
});

const rates = [1e-4, 3.16e-4, 1e-3, 3.16e-3, 1e-2];

function trials(
  optimizer: string,
  costs: readonly number[],
  schedule = 'constant',
  { epochs = 10, ...change }: Partial<MadeUpRun> = {},
): MadeUpRun[] {
  return costs.map((cost, i) => ({
    ...{ ...change, epochs, optimizer, hyper: { lr: rates[i]!, schedule: { type: schedule } } },
    ...(Number.isFinite(cost) ? {} : { status: 'diverged' as const }),
    values: { 'minibatch-cost': Number.isFinite(cost) ? [[epochs, cost] as const] : [] },
  }));
}

describe('A17 on the trials of an experiment', () => {
  const claim = claims.find(({ id }) => id === 'A17-mnist-logreg')!;
  it.each<[Verdict, string, MadeUpRun[]]>([
    ['reproduced', 'a wide range', trials('adam', [1.3, 1.05, 1.02, 1, 1.3])],
    ['not reproduced', 'a narrow range', trials('adam', [2, 1.5, 1, 1.5, 2])],
    ['not reproduced', 'a default outside the range', trials('adam', [1, 1.02, 1.2, 1.05, 1.05])],
    [
      'not reproduced',
      'a schedule that beats every constant rate, the default too',
      [...trials('adam', [1.3, 1.05, 1.02, 1, 1.3]), ...trials('adam', [0.5], 'inverse-sqrt')],
    ],
    ['inconclusive', 'too few rates', trials('adam', [1, 1, 1, 1])],
    ['inconclusive', 'only trials with a schedule', trials('adam', [1, 1, 1, 1, 1], 'cosine')],
  ])('%s: %s', (verdict, _, runs) => {
    expect(verdictOf(claim, madeUp(runs)).verdict).toBe(verdict);
  });

  it('shows the widths of the others beside it', () => {
    const runs = [...trials('adam', [1, 1, 1, 1, 1]), ...trials('adagrad', [1, 1, 9, 9, 9])];
    expect(verdictOf(claim, madeUp(runs)).ours).toMatch(/^2 decades \(adagrad 0\.50\d\)/);
  });

  describe('with trials of several lengths', () => {
    const ours = (...runs: MadeUpRun[][]) => verdictOf(claim, madeUp(runs.flat())).ours;
    const wide = [1.3, 1.05, 1.02, 1, 1.3];
    const narrow = [9, 8, 7, 1, 9];
    const length = (epochs: number) => ({ epochs });
    const long = [trials('adam', wide), trials('adagrad', wide)];
    const expected = ours(...long);

    it('judges the longest that every optimizer has, in any order', () => {
      const short = ['adam', 'adagrad'].map((name) => trials(name, narrow, 'constant', length(4)));
      expect(ours(...short, ...long)).toBe(expected);
      expect(ours(...long, ...short)).toBe(expected);
      const longer = trials('adam', narrow, 'constant', length(20));
      expect(ours(...long, longer)).toBe(expected);
      expect(ours(longer, ...long)).toBe(expected);
    });

    it('passes over a length that has too few rates, or unfinished ones', () => {
      const longer = { ...length(20), values: {} };
      const few = ['adam', 'adagrad'].map((name) => trials(name, narrow.slice(0, 3), 'constant', longer));
      expect(ours(...few, ...long)).toBe(expected);
      const begun = ['adam', 'adagrad'].map((name) =>
        trials(name, narrow, 'constant', longer).map((run) => ({ ...run, status: 'interrupted' as const })),
      );
      expect(ours(...begun, ...long)).toBe(expected);
    });

    it('judges one engine, with rates that diverged before their first value', () => {
      const other = { engine: 'reference' };
      const elsewhere = ['adam', 'adagrad'].map((name) => trials(name, narrow, 'constant', other));
      expect(ours(...long, ...elsewhere)).toBe(expected);
      const early = { values: {}, engine: null };
      const diverged = trials('adam', [...wide, Number.POSITIVE_INFINITY]).map((run) =>
        run.status === 'diverged' ? { ...run, ...early, hyper: { ...run.hyper, lr: 0.1 } } : run,
      );
      expect(ours(diverged, long[1]!)).toBe(expected);
    });

    it('is open where the optimizers have none in common', () => {
      const runs = [...long[0]!, ...trials('adagrad', wide, 'constant', length(4))];
      expect(verdictOf(claim, madeUp(runs))).toMatchObject({
        verdict: 'inconclusive',
        reason: 'the optimizers have no length of their trials in common',
      });
    });
  });

  it('takes the best of several trials at one rate', () => {
    const again = trials('adam', [9, 9, 9, 9, 9], 'constant', { batchSize: 64 });
    const plain = trials('adam', [1, 1, 1, 1, 1]);
    const [expected, ...both] = [plain, [...plain, ...again], [...again, ...plain]].map(
      (runs) => verdictOf(claim, madeUp(runs)).ours,
    );
    expect(both).toEqual([expected, expected]);
  });

  it('is not reproduced where every rate diverged', () => {
    const runs = trials(
      'adam',
      rates.map(() => Number.POSITIVE_INFINITY),
    );
    expect(verdictOf(claim, madeUp(runs)).verdict).toBe('not reproduced');
  });
});
