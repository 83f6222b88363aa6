import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { costTable, namedExceptions, type RunSummary } from '../../src/cli/cost-table.ts';
import { summaryOf } from '../../src/cli/summaries.ts';
import type { RunState } from '../../src/runner/events.ts';

const state: RunState = {
  id: 'abc',
  optimizer: 'adam',
  seed: 0,
  status: 'complete',
  epochsDone: 2,
  epochs: 2,
};
const lines = [
  '0,0,train,cost,2.3',
  '0,0,test,error,0.9',
  '1,10,train,minibatch-cost,1.5',
  '1,10,train,cost,1.2',
  '1,10,test,error,0.3',
  '2,20,train,minibatch-cost,0.75',
  '2,20,train,cost,0.5',
  '2,20,test,cost,0.6',
  '2,20,test,error,0.125',
];
const plain = picocolors.createColors(false);

describe('summaryOf', () => {
  it('takes the last value of each measure', () => {
    const wall = { train: 4, evaluate: 1, other: 0.5 };
    expect(summaryOf({ state, lines, wall })).toEqual({
      ...state,
      minibatchCost: 0.75,
      trainCost: 0.5,
      testError: 0.125,
      stepsPerSecond: 5,
      seconds: 5.5,
    });
  });

  it('has no values where nothing was measured', () => {
    expect(summaryOf({ state, lines: [] })).toMatchObject({
      minibatchCost: null,
      trainCost: null,
      testError: null,
      stepsPerSecond: null,
      seconds: null,
    });
  });
});

describe('costTable', () => {
  it('has one line per run', () => {
    const wall = { train: 4, evaluate: 1, other: 0.5 };
    const pending: RunState = { ...state, optimizer: 'sgd', status: 'pending', epochsDone: 0 };
    const runs = [summaryOf({ state, lines, wall }), summaryOf({ state: pending, lines: [] })];
    expect(costTable(runs, plain).split('\n')).toEqual([
      '                                   minibatch   train    test  steps',
      'optimizer  seed  status    epochs       cost    cost   error  per s   time',
      'adam          0  complete     2/2     0.7500  0.5000  12.50%   5.00  5.5 s',
      'sgd           0  pending      0/2          -       -       -      -      -',
    ]);
  });
});

describe('namedExceptions', () => {
  const summary = (changes: Partial<RunSummary>): RunSummary => ({
    ...summaryOf({ state, lines: [] }),
    ...changes,
  });

  it('says nothing about runs that completed', () => {
    expect(namedExceptions([summary({})])).toEqual([]);
  });

  it('names what diverged and what failed', () => {
    const runs = [
      summary({ status: 'diverged', epochsDone: 1 }),
      summary({ optimizer: 'sgd', seed: 2, status: 'failed', reason: 'killed (signal 9).' }),
      summary({ optimizer: 'sgd', seed: 3, status: 'failed', reason: 'killed (signal 9).' }),
      summary({ optimizer: 'adagrad', status: 'failed' }),
    ];
    expect(namedExceptions(runs)).toEqual([
      'Diverged, kept as measured: adam seed 0 after epoch 1.',
      'Failed: sgd seed 2, sgd seed 3: killed (signal 9).',
      'Failed: adagrad seed 0: for a reason that is not known',
    ]);
  });

  it('names a full disk once, whichever file was in the way', () => {
    const reason = (id: string) =>
      `/my results/m/runs/${id}.1.partial cannot be written, no space is left (ENOSPC).`;
    const runs = [
      summary({ status: 'failed', reason: reason('ab') }),
      summary({ optimizer: 'sgd', status: 'failed', reason: reason('cd') }),
    ];
    expect(namedExceptions(runs)).toEqual([`Failed: adam seed 0, sgd seed 0: ${reason('ab')}`]);
  });
});
