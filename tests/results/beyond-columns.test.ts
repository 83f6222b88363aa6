import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attemptFolder, publishedFolder, runsFolder, writeTables } from '../../src/results/index.ts';
import { encodeManifest } from '../../src/results/manifest.ts';
import { readTables } from '../../src/results/read-tables.ts';
import { runId } from '../../src/spec/hash.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';
import { Machine, scratchFolder } from './machine.ts';
import { sampleRun } from './sample-run.ts';

const settings = sampleRun().optimizerSettings;
const momentum = (seed: number) => sampleRun({ seed, optimizerSettings: { ...settings, rule: 'momentum' } });
const nesterov = (seed: number) => sampleRun({ seed, optimizerSettings: { ...settings, rule: 'nesterov' } });
const unevaluated = sampleRun({ evaluation: { every: 0, batchSize: 10 } });

/** What is read of each run beyond the columns; run.json is there as `folderOf` says. */
function beyond(
  runs: readonly ResolvedRun[],
  folderOf: (runs: string, id: string, run: ResolvedRun) => string | undefined = publishedFolder,
) {
  const place = { resultsFolder: scratchFolder(), experiment: 'sample', profile: 'quick' };
  const records = runs.map((run) => {
    const { optimizer, seed, epochs } = run;
    const state = {
      ...{ id: runId(run), optimizer, seed, epochs, epochsDone: 1 },
      status: 'complete' as const,
    };
    return { run, state, lines: ['1,5,train,minibatch-cost,0.5'], wall: undefined };
  });
  writeTables(new Machine().start(), place, records as unknown as Parameters<typeof writeTables>[2]);
  for (const { run, state } of records) {
    const folder = folderOf(runsFolder(place.resultsFolder, 'sample', 'quick'), state.id, run);
    if (folder === undefined) continue;
    mkdirSync(folder, { recursive: true });
    const manifest = { format: 1, id: state.id, run, status: 'complete', epochsDone: 1 } as const;
    writeFileSync(join(folder, 'run.json'), encodeManifest(manifest));
  }
  const { runs: infos } = readTables(place.resultsFolder, 'sample', 'quick')!;
  return infos.map((info) => info.beyond && Object.fromEntries(info.beyond));
}

describe('two runs of one seed with the same columns', () => {
  it('are told apart by their rule, and so are the other seeds', () => {
    expect(beyond([nesterov(0), momentum(0), momentum(1)])).toEqual([
      { rule: 'nesterov' },
      { rule: 'momentum' },
      { rule: 'momentum' },
    ]);
  });

  it('are told apart by how they were evaluated', () => {
    expect(beyond([unevaluated, sampleRun()])).toEqual([
      { 'evaluation.every': 0 },
      { 'evaluation.every': 1 },
    ]);
  });

  it('are told apart while one is in work', () => {
    const folderOf = (runs: string, id: string, { optimizerSettings: { rule } }: ResolvedRun) =>
      rule === 'nesterov' ? attemptFolder(runs, id, 2) : publishedFolder(runs, id);
    expect(beyond([nesterov(0), momentum(0)], folderOf)).toEqual([
      { rule: 'nesterov' },
      { rule: 'momentum' },
    ]);
  });

  it('are left as they are where the folders are not there', () => {
    expect(beyond([nesterov(0), momentum(0)], () => undefined)).toEqual([undefined, undefined]);
  });
});

it('other runs are read from the tables alone', () => {
  expect(beyond([momentum(0), momentum(1)])).toEqual([undefined, undefined]);
});
