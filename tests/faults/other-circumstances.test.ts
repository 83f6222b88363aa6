import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { realFileSystem } from '../../src/results/file-system.ts';
import { encodeManifest, readManifest } from '../../src/results/manifest.ts';
import { executeRun } from '../../src/runner/execute-run.ts';
import type { OpenedTrial } from '../../src/runner/job.ts';
import { contentsOf, Machine, scratchFolder } from '../results/machine.ts';
import { fakeTrial, jobOf } from '../runner/fake-trial.ts';
import { id, run } from './in-process.ts';

type Change = (opened: OpenedTrial) => OpenedTrial;

/** What may be another one when a run is gone on with, and what is said of it. */
const changes: Record<string, [Change, string]> = {
  variant: [
    (o) => ({ ...o, engine: { ...o.engine, variant: 'other' } }),
    "engine's variant changed from fake to other",
  ],
  device: [
    (o) => ({ ...o, engine: { ...o.engine, device: 'gpu' } }),
    "engine's device changed from cpu to gpu",
  ],
  threads: [(o) => ({ ...o, threads: 2 }), 'number of threads changed from 1 to 2'],
  'a data file': [(o) => ({ ...o, data: { file: 'ff' } }), 'data changed (file)'],
  'one more data file': [(o) => ({ ...o, data: { ...o.data, more: 'ff' } }), 'data changed (more)'],
  parameters: [(o) => withTrial(o, { parameters: 5 }), 'number of parameters changed from 4 to 5'],
  'initial weights': [
    (o) => withTrial(o, { fingerprint: { ...o.trial.fingerprint, initialWeights: 'ff' } }),
    'initial weights changed',
  ],
  'order of batches': [
    (o) => withTrial(o, { fingerprint: { ...o.trial.fingerprint, batchOrder: 'ff' } }),
    'order of batches changed',
  ],
};

function withTrial(opened: OpenedTrial, change: Partial<OpenedTrial['trial']>): OpenedTrial {
  return { ...opened, trial: { ...opened.trial, ...change } };
}

/** A life on the run, stopped after some steps or whole; returns what it said. */
async function life(machine: Machine, runs: string, change: Change = (o) => o, stopAfter?: number) {
  const said: unknown[] = [];
  const system = machine.start();
  const options = stopAfter === undefined ? {} : { stopAfter };
  await executeRun(system, jobOf(runs, run), async () => change(fakeTrial(run, options)), {
    shouldStop: () => false,
    report: (message) => said.push(message),
  });
  machine.kill(system);
  return said;
}

/** The set-aside attempt and everything else. */
function apart(runs: string): { old: string[]; rest: Record<string, string> } {
  const old = readdirSync(runs).filter((name) => name.endsWith('.old'));
  for (const name of old) {
    expect(existsSync(join(runs, name, 'checkpoint.safetensors'))).toBe(true);
    rmSync(join(runs, name), { recursive: true });
  }
  return { old, rest: contentsOf(runs) };
}

describe('a run that is gone on with under another', () => {
  it.each(Object.entries(changes))(
    '%s begins anew, says so and keeps what was measured',
    async (_, [change, said]) => {
      for (const stopAfter of [1, 4, 5, 7, 9]) {
        const runs = scratchFolder();
        const machine = new Machine();
        await life(machine, runs, undefined, stopAfter);
        const [restarted] = await life(machine, runs, change);
        expect(restarted).toMatchObject({ type: 'restarted', reason: expect.stringContaining(said) });
        const { old, rest } = apart(runs);
        expect(old.length).toBe(1);
        const fresh = scratchFolder();
        await life(new Machine(), fresh, change);
        expect(rest).toEqual(contentsOf(fresh));
      }
    },
  );

  it('version begins anew, says so and keeps what was measured', async () => {
    const runs = scratchFolder();
    const machine = new Machine();
    await life(machine, runs, undefined, 7);
    const folder = join(runs, `${id}.1.partial`);
    const manifest = readManifest(realFileSystem, folder, id)!;
    const versions = { ...manifest.versions, 'adam-repro': '0.0.9' };
    writeFileSync(join(folder, 'run.json'), encodeManifest({ ...manifest, versions }));
    const [restarted] = await life(machine, runs);
    const reason = expect.stringContaining('version of adam-repro changed from 0.0.9 to');
    expect(restarted).toMatchObject({ type: 'restarted', reason });
    const { old, rest } = apart(runs);
    expect(old.length).toBe(1);
    const fresh = scratchFolder();
    await life(new Machine(), fresh);
    expect(rest).toEqual(contentsOf(fresh));
  });
});
