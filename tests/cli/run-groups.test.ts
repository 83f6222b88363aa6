import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { costTable, namedExceptions, type RunSummary } from '../../src/cli/cost-table.ts';
import { mostLines } from '../../src/cli/run-groups.ts';

const plain = picocolors.createColors(false);

function run(i: number, change: Partial<RunSummary> = {}): RunSummary {
  return {
    id: `id${i}`,
    optimizer: i % 2 === 0 ? 'adam' : 'uncorrected',
    seed: 0,
    status: 'complete',
    epochs: 10,
    epochsDone: 10,
    minibatchCost: 200 - i,
    trainCost: null,
    testError: null,
    stepsPerSecond: 1,
    seconds: 60,
    ...change,
  };
}

const sweep = (count: number, change: (i: number) => Partial<RunSummary> = () => ({})): RunSummary[] =>
  Array.from({ length: count }, (_, i) => run(i, change(i)));

describe('the table of many runs', () => {
  it('has one line per run up to a screenful', () => {
    expect(costTable(sweep(mostLines), plain).split('\n')).toHaveLength(mostLines + 2);
  });

  it('sums up by optimizer beyond it, and names the best complete run', () => {
    const change = (i: number): Partial<RunSummary> =>
      i === 107
        ? { status: 'diverged', minibatchCost: 1 }
        : i === 5
          ? { status: 'pending', seconds: null }
          : {};
    const told = Array.from({ length: 108 }, (_, i) => `lr=${i}`);
    expect(costTable(sweep(108, change), plain, told).split('\n')).toEqual([
      '                                                     lowest mini-  lowest test',
      'optimizer    runs  complete  diverged  open  failed    batch cost        error   time  best run',
      'adam           54        54         0     0       0         94.00            -  54:00  lr=106',
      'uncorrected    54        52         1     1       0         95.00            -  53:00  lr=105',
    ]);
  });

  it('ranks by test error where it was measured', () => {
    const text = costTable(
      sweep(40, (i) => ({ testError: i === 4 ? 0.25 : 0.5 })),
      plain,
      Array.from({ length: 40 }, (_, i) => `lr=${i}`),
    );
    expect(text).toMatch(/adam .* 25\.00% .* lr=4$/m);
  });

  it('does not name more than a handful of runs that diverged or failed', () => {
    const diverged = sweep(20, () => ({ status: 'diverged', epochsDone: 1 }));
    expect(namedExceptions(diverged)).toEqual(['Diverged, kept as measured: 10 of adam, 10 of uncorrected.']);
    const failed = sweep(20, () => ({ status: 'failed', reason: 'no memory' }));
    expect(namedExceptions(failed)[0]).toMatch(
      /^Failed: (adam|uncorrected) seed 0.* and 14 more: no memory$/,
    );
  });
});
