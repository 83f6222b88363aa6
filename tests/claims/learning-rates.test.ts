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

  it('adds up ranges with a worse rate between', () => {
    expect(width([1, 1, 2, 1, 1])).toBeCloseTo(1 + 2 * 0.1 * 0.5, 12);
  });
});

const rates = [1e-4, 3.16e-4, 1e-3, 3.16e-3, 1e-2];

function trials(optimizer: string, costs: readonly number[], schedule = 'constant'): MadeUpRun[] {
  return costs.map((cost, i) => ({
    ...{ optimizer, hyper: { lr: rates[i]!, schedule: { type: schedule } } },
    ...(Number.isFinite(cost) ? {} : { status: 'diverged' as const }),
    values: { 'minibatch-cost': Number.isFinite(cost) ? [[10, cost] as const] : [] },
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
});
