import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { curvesPath, type RunRecord, runsPath, writeTables } from '../../src/results/index.ts';
import { lastOf, quantitiesOf, readTables, runsOf, seriesOf } from '../../src/results/read-tables.ts';
import { settingsOf } from '../../src/results/run-info.ts';
import { seedGroups } from '../../src/results/seed-groups.ts';
import { runId } from '../../src/spec/hash.ts';
import { Machine, scratchFolder } from './machine.ts';
import { sampleRun } from './sample-run.ts';

type RunChange = Parameters<typeof sampleRun>[0];

function record(change: RunChange, lines: string[], status: RunRecord['state']['status']): RunRecord {
  const run = sampleRun(change);
  const { optimizer, seed } = run;
  const state = { id: runId(run), optimizer, seed, status, epochsDone: 2, epochs: 3 };
  return { run, state, lines, wall: { train: 1.5, evaluate: 0.5, other: 10 } };
}

const train = { split: 'train', metric: 'minibatch-cost' };
const records = [
  record(
    { seed: 1 },
    ['1,5,train,minibatch-cost,0.5', '1,5,test,error,0.25', '2,10,train,minibatch-cost,1e-7'],
    'complete',
  ),
  record({ seed: 0 }, ['1,5,train,minibatch-cost,NaN'], 'diverged'),
  { ...record({ optimizer: 'a "b", c' }, [], 'pending'), wall: undefined } as unknown as RunRecord,
];

function written(): string {
  const resultsFolder = scratchFolder();
  writeTables(new Machine().start(), { resultsFolder, experiment: 'sample', profile: 'quick' }, records);
  return resultsFolder;
}

describe('reading the tables', () => {
  const tables = readTables(written(), 'sample', 'quick')!;

  it('gives back the runs that were written, in their order', () => {
    expect(tables.runs.map(({ id }) => id)).toEqual(records.map(({ state }) => state.id));
    expect(tables.runs.map(({ status }) => status)).toEqual(['complete', 'diverged', 'pending']);
    expect(tables.runs[0]).toMatchObject({
      ...{ seed: 1, engine: 'reference', epochsDone: 2, epochs: records[0]!.run.epochs },
      ...{ model: records[0]!.run.model, data: records[0]!.run.data },
      seconds: { train: 1.5, evaluate: 0.5, other: 10 },
    });
    expect(tables.runs[2]).toMatchObject({ optimizer: 'a "b", c', engine: undefined, seconds: undefined });
  });

  it('gives back every value', () => {
    expect(seriesOf(tables, tables.runs[0]!, train)).toEqual([
      { epoch: 1, step: 5, value: 0.5 },
      { epoch: 2, step: 10, value: 1e-7 },
    ]);
    expect(lastOf(tables, tables.runs[0]!, { split: 'test', metric: 'error' })?.value).toBe(0.25);
    expect(lastOf(tables, tables.runs[1]!, train)?.value).toBeNaN();
    expect(seriesOf(tables, tables.runs[2]!, train)).toEqual([]);
    expect(quantitiesOf(tables)).toEqual([train, { split: 'test', metric: 'error' }]);
  });

  it('finds the runs of an optimizer, and groups those that differ by seed alone', () => {
    expect(runsOf(tables, 'adam').map(({ seed }) => seed)).toEqual([1, 0]);
    // The engine of a run without values is not known.
    expect(seedGroups(tables.runs).map(({ runs }) => runs.map(({ seed }) => seed))).toEqual([[0, 1], [0]]);
  });

  it('names each setting by its path', () => {
    const settings = settingsOf(tables.runs[0]!);
    expect(settings.get('lr')).toBe(0.001);
    expect(settings.get('schedule.type')).toBe('constant');
    expect(settings.get('batchSize')).toBe(records[0]!.run.batchSize);
    expect(settings.get('data.name')).toBe(records[0]!.run.data.name);
  });
});

describe('tables that cannot be read', () => {
  it('are undefined where nothing was run', () => {
    expect(readTables(scratchFolder(), 'sample', 'quick')).toBeUndefined();
  });

  it('are refused where one is missing', () => {
    const folder = written();
    rmSync(runsPath(folder, 'sample', 'quick'));
    expect(() => readTables(folder, 'sample', 'quick')).toThrow(UserError);
  });

  it.each([
    ['of another kind', 'a,b\n1,2\n', /no column experiment/],
    [
      'that is cut off',
      `${'experiment,profile,engine,optimizer,run,seed,epoch,step,split,metric,value\nsample,qu'}`,
      /no table of results/,
    ],
    [
      'with a run that the other lacks',
      'experiment,profile,engine,optimizer,run,seed,epoch,step,split,metric,value\ns,q,wasm,adam,x,0,1,1,train,cost,1\n',
      /run x that/,
    ],
  ])('are refused with a table %s', (_, text, message) => {
    const folder = written();
    writeFileSync(curvesPath(folder, 'sample', 'quick'), text);
    expect(() => readTables(folder, 'sample', 'quick')).toThrow(message);
  });
});
