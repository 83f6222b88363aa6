import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type FileSystem, realFileSystem } from '../../src/results/file-system.ts';
import { ExperimentRecords } from '../../src/runner/experiment-records.ts';
import { id, live, profileIn, run, runsIn } from '../faults/in-process.ts';
import { Machine, scratchFolder } from '../results/machine.ts';
import { sampleRun } from '../results/sample-run.ts';

it('writes a run once that an experiment has twice, and has a state for each of the two', () => {
  const folder = scratchFolder();
  const runs = [sampleRun(), sampleRun({ seed: 1 }), sampleRun()];
  const experiment = { name: 'sample', profile: 'smoke', files: { rules: {} }, runs } as const;
  const states = new ExperimentRecords(new Machine().start(), experiment, folder).close();
  expect(states.map(({ seed }) => seed)).toEqual([0, 1, 0]);
  const [, ...rows] = readFileSync(join(folder, 'sample/smoke/runs.csv'), 'utf8').trim().split('\n');
  expect(new Set(rows).size).toBe(2);
  expect(rows).toHaveLength(2);
});

/** Files that note which folders are synchronised, and fail at the given calls (from 1) with EIO. */
function syncing(
  folder: string,
  failing: readonly number[] = [],
): { files: FileSystem; calls: () => number } {
  const open = new Map<number, string>();
  let calls = 0;
  const openSync: FileSystem['openSync'] = (path, flags, mode) => {
    const descriptor = realFileSystem.openSync(path, flags, mode);
    open.set(descriptor, String(path));
    return descriptor;
  };
  const fsyncSync: FileSystem['fsyncSync'] = (descriptor) => {
    if (open.get(descriptor) === folder && failing.includes(++calls)) {
      throw Object.assign(new Error('EIO'), { code: 'EIO' });
    }
    realFileSystem.fsyncSync(descriptor);
  };
  return { files: { ...realFileSystem, openSync, fsyncSync }, calls: () => calls };
}

const records = (root: string, files: FileSystem): ExperimentRecords => {
  const experiment = { name: 'sample', profile: 'smoke', files: { rules: {} }, runs: [run] } as const;
  return new ExperimentRecords(new Machine().start(files), experiment, join(root, 'results'));
};

it('tables whose names may not be on the disk are written anew, though they read as they should', () => {
  const root = scratchFolder();
  mkdirSync(profileIn(root), { recursive: true });
  // The sync behind runs.csv, the second table.
  const { files, calls } = syncing(profileIn(root), [2]);
  const of = records(root, files);
  of.writeTables();
  expect(calls()).toBe(2);
  of.close();
  expect(calls()).toBe(4);
});

it('the error is thrown where that fails as well', () => {
  const root = scratchFolder();
  mkdirSync(profileIn(root), { recursive: true });
  const of = records(root, syncing(profileIn(root), [2, 4]).files);
  of.writeTables();
  expect(() => of.close()).toThrow(`${profileIn(root)} cannot be written (EIO)`);
});

it('the name of a run that failed after it had got it is made safe, or the error thrown', async () => {
  const root = scratchFolder();
  await live(new Machine(), root);
  const { files, calls } = syncing(runsIn(root), [2]);
  const of = records(root, files);
  of.close();
  expect(calls()).toBe(0);
  of.noteFailure(id, 'runs cannot be written (EIO)');
  expect(of.close()).toMatchObject([{ id, status: 'complete' }]);
  expect(calls()).toBe(1);
  expect(() => of.close()).toThrow(`${runsIn(root)} cannot be written (EIO)`);
});
