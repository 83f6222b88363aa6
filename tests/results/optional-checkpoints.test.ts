import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FileSystem, realFileSystem } from '../../src/results/file-system.ts';
import { claimRun } from '../../src/results/index.ts';
import { Machine, scratchFolder } from './machine.ts';
import { id, provenance, run, wall } from './replay.ts';

/** A machine whose disk takes 10 ms for a rename, and an attempt on it that keeps states after epochs. */
function slowDisk() {
  const machine = new Machine();
  const files: FileSystem = {
    ...realFileSystem,
    renameSync: (from, to) => {
      machine.time += 10;
      realFileSystem.renameSync(from, to);
    },
  };
  const runs = scratchFolder();
  const claim = claimRun(machine.start(files), runs, id);
  if (claim.type !== 'claimed') throw new Error('a new run is free');
  const { attempt } = claim;
  attempt.begin(run, provenance);
  const curve = () => readFileSync(join(attempt.folder, 'curve.csv'), 'utf8').trimEnd().split('\n').slice(1);
  return {
    machine,
    attempt,
    /** Ends an epoch so many ms after the last one; tells whether its state was kept. */
    epoch(number: number, after: number, optional = true): boolean {
      machine.time += after;
      const step = 2 * number;
      attempt.rows([{ epoch: number, step, split: 'train', metric: 'minibatch-cost', value: 1 / number }]);
      const state = { epoch: number, step, stepInEpoch: 0, epochCostSum: 0, epochExamples: 0 };
      attempt.checkpoint(
        { state, tensors: { w: { shape: [1], data: new Float32Array([number]) } } },
        wall,
        optional,
      );
      return curve().length === number;
    },
    published: () => {
      attempt.publish(run, provenance, 'diverged', wall);
      return JSON.parse(readFileSync(join(runs, id, 'run.json'), 'utf8'));
    },
  };
}

describe('an optional checkpoint', () => {
  it('is left out until the last one has cost at most 2 % of the time', () => {
    const { machine, epoch } = slowDisk();
    expect(epoch(1, 0)).toBe(true);
    // The checkpoint and timing.json: two renames.
    const cost = 20;
    expect(machine.time % cost).toBe(0);
    expect(epoch(2, 50 * cost - 1)).toBe(false);
    expect(epoch(3, 1)).toBe(true);
    expect(epoch(4, 0)).toBe(false);
  });

  it('is written all the same where it is not optional, with all rows so far', () => {
    const { epoch } = slowDisk();
    epoch(1, 0);
    expect(epoch(2, 1)).toBe(false);
    expect(epoch(3, 1, false)).toBe(true);
  });

  it('counts its epoch as done, so that a diverged run does not depend on the disk', () => {
    const { epoch, published } = slowDisk();
    for (const number of [1, 2, 3]) epoch(number, 1);
    expect(published()).toMatchObject({ status: 'diverged', epochsDone: 3 });
  });
});
