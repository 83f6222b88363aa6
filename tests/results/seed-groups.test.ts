import { describe, expect, it } from 'vitest';
import type { RunInfo } from '../../src/results/run-info.ts';
import { distinguishing, seedGroups } from '../../src/results/seed-groups.ts';

function run(id: string, seed: number, changes: Partial<RunInfo> = {}): RunInfo {
  return {
    ...{ id, seed, optimizer: 'momentum', engine: 'wasm', status: 'complete', epochs: 2, epochsDone: 2 },
    ...{ batchSize: 50, hyperParameters: { lr: 0.1 }, model: {}, data: {}, seconds: undefined },
    ...changes,
  };
}

const idsOf = (runs: readonly RunInfo[]) => seedGroups(runs).map((group) => group.runs.map(({ id }) => id));
const toldOf = (runs: readonly RunInfo[]) =>
  distinguishing(seedGroups(runs)).map((settings) => Object.fromEntries(settings));

describe('groups of seeds', () => {
  it('have runs that differ in their seed alone, by ascending seed', () => {
    expect(idsOf([run('b', 1), run('c', 0, { batchSize: 10 }), run('a', 0)])).toEqual([['a', 'b'], ['c']]);
  });

  it('are told apart by what differs', () => {
    const runs = [
      run('a', 0),
      run('b', 0, { hyperParameters: { lr: 0.3 } }),
      run('c', 0, { optimizer: 'sgd' }),
    ];
    expect(toldOf(runs)).toEqual([{ lr: 0.1 }, { lr: 0.3 }, {}]);
  });

  it('never have two runs of one seed: what the columns lack tells them apart', () => {
    const ofRule = (id: string, seed: number, rule: string) =>
      run(id, seed, { beyond: new Map([['rule', rule]]) });
    const runs = [
      ofRule('n0', 0, 'nesterov'),
      ofRule('m1', 1, 'momentum'),
      ofRule('n1', 1, 'nesterov'),
      ofRule('m0', 0, 'momentum'),
    ];
    expect(idsOf(runs)).toEqual([
      ['n0', 'n1'],
      ['m0', 'm1'],
    ]);
    expect(toldOf(runs)).toEqual([{ rule: 'nesterov' }, { rule: 'momentum' }]);
  });

  it('are single runs where that is not known', () => {
    const runs = [run('n0', 0), run('m1', 1), run('m0', 0)];
    expect(idsOf(runs)).toEqual([['n0'], ['m1'], ['m0']]);
    expect(toldOf(runs)).toEqual([{ run: 'n0' }, { run: 'm1' }, { run: 'm0' }]);
  });
});
