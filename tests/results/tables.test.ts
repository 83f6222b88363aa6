import { readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/results/index.ts';
import { curvesColumns, curvesPath, runsColumns, runsPath, writeTables } from '../../src/results/index.ts';
import { profileFolder } from '../../src/results/run-folders.ts';
import { curvesTable, runsTable } from '../../src/results/tables.ts';
import { runId } from '../../src/spec/hash.ts';
import { Machine, scratchFolder } from './machine.ts';
import { sampleRun } from './sample-run.ts';

function record(
  optimizer: string,
  lines: string[],
  status: RunRecord['state']['status'] = 'complete',
): RunRecord {
  const run = sampleRun({ optimizer, seed: 3 });
  const state = { id: runId(run), optimizer, seed: 3, status, epochsDone: 1, epochs: 3 };
  return { run, state, lines, wall: { train: 1.23456, evaluate: 0.5, other: 10 } };
}
const place = { experiment: 'sample', profile: 'quick' };
const records = [
  record('adam', ['0,0,train,cost,2.302585092994046', '1,5,train,cost,1e-7']),
  record('a "b", c', ['1,5,test,error,0.5'], 'interrupted'),
  { ...record('none', [], 'pending'), wall: undefined } as unknown as RunRecord,
];

describe('curves.csv', () => {
  it('has one row per value, run after run', () => {
    const { id } = records[0]!.state;
    const text = curvesTable(place, records.slice(0, 1));
    expect(text).toBe(
      'experiment,profile,engine,optimizer,run,seed,epoch,step,split,metric,value\n' +
        `sample,quick,reference,adam,${id},3,0,0,train,cost,2.302585092994046\n` +
        `sample,quick,reference,adam,${id},3,1,5,train,cost,1e-7\n`,
    );
  });

  it('quotes names where that is needed', () => {
    const rows = parse(curvesTable(place, records), { columns: true }) as Record<string, string>[];
    expect(rows.length).toBe(3);
    expect(Object.keys(rows[0]!)).toEqual([...curvesColumns]);
    expect(rows[2]).toMatchObject({ optimizer: 'a "b", c', split: 'test', metric: 'error', value: '0.5' });
  });
});

describe('runs.csv', () => {
  it('has one row per run with its settings and times', () => {
    const rows = parse(runsTable(records), { columns: true }) as Record<string, string>[];
    expect(Object.keys(rows[0]!)).toEqual([...runsColumns]);
    expect(rows.map(({ status }) => status)).toEqual(['complete', 'interrupted', 'pending']);
    expect(JSON.parse(rows[0]!.hyper_parameters!)).toEqual({
      ...{ lr: 0.001, beta1: 0.9, schedule: { type: 'constant' }, warmupSteps: 0, weightDecay: null },
    });
    expect(JSON.parse(rows[0]!.model!)).toEqual(records[0]!.run.model);
    expect(JSON.parse(rows[0]!.data!)).toEqual(records[0]!.run.data);
    expect(rows[0]).toMatchObject({
      ...{ batch_size: String(records[0]!.run.batchSize), epochs: String(records[0]!.run.epochs) },
      train_seconds: '1.235',
      evaluate_seconds: '0.500',
      other_seconds: '10.000',
    });
    expect(rows[2]).toMatchObject({ train_seconds: '', epochs_done: '1' });
  });
});

describe("a rule of the user's own in runs.csv", () => {
  it('has the digest of its file beside its hyper-parameters', () => {
    const { run } = records[0]!;
    const mine = { ...run.optimizerSettings, rule: './mine.ts', ruleDigest: 'c0ffee00'.repeat(8) };
    const text = runsTable([{ ...records[0]!, run: { ...run, optimizerSettings: mine } }]);
    const [row] = parse(text, { columns: true });
    expect(JSON.parse((row as Record<string, string>).hyper_parameters!).ruleDigest).toBe('c0ffee00');
  });
});

describe('writing the tables', () => {
  it('leaves nothing but the tables, and leaves those alone that would not change', () => {
    const resultsFolder = scratchFolder();
    const system = new Machine().start();
    writeTables(system, { resultsFolder, ...place }, records);
    expect(readdirSync(profileFolder(resultsFolder, 'sample', 'quick'))).toEqual(['curves.csv', 'runs.csv']);
    const path = curvesPath(resultsFolder, 'sample', 'quick');
    utimesSync(path, 1, 1);
    writeTables(system, { resultsFolder, ...place }, records);
    expect(statSync(path).mtimeMs).toBe(1000);
    writeTables(system, { resultsFolder, ...place }, records.slice(0, 1));
    expect(readFileSync(path, 'utf8')).toBe(curvesTable(place, records.slice(0, 1)));
    expect(readFileSync(runsPath(resultsFolder, 'sample', 'quick'), 'utf8')).toBe(
      runsTable(records.slice(0, 1)),
    );
  });
});
