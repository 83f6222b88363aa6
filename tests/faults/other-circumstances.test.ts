import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { realFileSystem } from '../../src/results/file-system.ts';
import { encodeManifest, readManifest } from '../../src/results/manifest.ts';
import { executeRun } from '../../src/runner/execute-run.ts';
import type { OpenedTrial } from '../../src/runner/job.ts';
import { runId } from '../../src/spec/hash.ts';
import type { ModelSettings, ResolvedRun } from '../../src/spec/run.ts';
import { contentsOf, Machine, scratchFolder } from '../results/machine.ts';
import { fakeTrial, jobOf } from '../runner/fake-trial.ts';
import { campaign } from './campaign.ts';
import { id, live, profileIn, run, runsIn } from './in-process.ts';

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

/** Stopped when so many steps of the run are done: in an epoch, at its end, and before the last step. */
const places = [1, 4, 5, 7, 9];
const trialsOf = (kinds: readonly string[]) =>
  kinds.flatMap((kind) => places.map((stopAfter) => ({ kind, stopAfter })));
const nameOf = ({ kind, stopAfter }: { kind: string; stopAfter: number }) => `${kind} ${stopAfter}`;

describe('a run that is gone on with under another', () => {
  it('engine variant, device, number of threads, data, ... begins anew, says so and keeps what was measured', () =>
    campaign(
      'T16 other circumstances',
      trialsOf(Object.keys(changes)),
      nameOf,
      async ({ kind, stopAfter }) => {
        const [change, said] = changes[kind]!;
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
      },
    ));

  it('version begins anew, says so and keeps what was measured', () => {
    const names = { 'adam-repro': 'adam-repro', node: 'Node.js' } as const;
    return campaign(
      'T16 other versions',
      trialsOf(Object.keys(names)),
      nameOf,
      async ({ kind, stopAfter }) => {
        const runs = scratchFolder();
        const machine = new Machine();
        await life(machine, runs, undefined, stopAfter);
        const folder = join(runs, `${id}.1.partial`);
        const manifest = readManifest(realFileSystem, folder, id)!;
        const versions = { ...manifest.versions, [kind]: '0.0.9' };
        writeFileSync(join(folder, 'run.json'), encodeManifest({ ...manifest, versions }));
        const [restarted] = await life(machine, runs);
        const said = `version of ${names[kind as keyof typeof names]} changed from 0.0.9 to`;
        expect(restarted).toMatchObject({ type: 'restarted', reason: expect.stringContaining(said) });
        const { old, rest } = apart(runs);
        expect(old.length).toBe(1);
        const fresh = scratchFolder();
        await life(new Machine(), fresh);
        expect(rest).toEqual(contentsOf(fresh));
      },
    );
  });

  it('engine or spec is another run, and the first one goes on where it was when they are as before', () => {
    const settings = run.optimizerSettings;
    const other: Record<string, Partial<ResolvedRun>> = {
      engine: { engine: 'wasm' },
      data: { data: { ...run.data, trainExamples: 24 } },
      initialization: { model: { ...run.model, initialization: { type: 'he-normal' } } as ModelSettings },
      "file of the user's model": { model: { type: 'file', file: './model.ts', digest: 'ff' } },
      'batch size': { batchSize: 5 },
      epochs: { epochs: 3 },
      evaluation: { evaluation: { ...run.evaluation, every: 2 } },
      seed: { seed: 1 },
      rule: { optimizerSettings: { ...settings, rule: 'adamax' } },
      "file of the user's rule": { optimizerSettings: { ...settings, ruleDigest: 'ff' } },
      'learning rate': { optimizerSettings: { ...settings, hyper: { ...settings.hyper, lr: 0.002 } } },
      schedule: { optimizerSettings: { ...settings, schedule: { type: 'inverse-sqrt', per: 'step' } } },
      'warm-up': { optimizerSettings: { ...settings, warmupSteps: 2 } },
      'weight decay': { optimizerSettings: { ...settings, weightDecay: { mode: 'l2', rate: 0.1 } } },
    };
    return campaign(
      'T16 another engine or spec',
      trialsOf(Object.keys(other)),
      nameOf,
      async ({ kind, stopAfter }) => {
        const of = { ...run, ...other[kind] };
        const root = scratchFolder();
        const machine = new Machine();
        await live(machine, root, undefined, { stopAfter });
        const before = folderOf(root, id);
        expect(Object.keys(before)).not.toEqual([]);

        await live(machine, root, undefined, { of });
        expect(folderOf(root, id)).toEqual(before);
        await expectUndisturbed(root, of);

        await live(machine, root);
        await expectUndisturbed(root, of);
        await expectUndisturbed(root, run);
        expect(readdirSync(runsIn(root)).sort()).toEqual([id, runId(of)].sort());
      },
    );
  });
});

/** What there is of a run. */
function folderOf(root: string, its: string): Record<string, string> {
  const all = Object.entries(contentsOf(runsIn(root)));
  return Object.fromEntries(all.filter(([name]) => name.startsWith(its)));
}

/** Its rows in the table of all. */
function rowsOf(root: string, its: string): string[] {
  const lines = readFileSync(join(profileIn(root), 'curves.csv'), 'utf8').split('\n');
  return lines.filter((line) => line.includes(`,${its},`));
}

/** The run's folder and rows are those of a run that was done alone, in one life. */
async function expectUndisturbed(root: string, of: ResolvedRun): Promise<void> {
  const fresh = scratchFolder();
  await live(new Machine(), fresh, undefined, { of });
  const rows = rowsOf(fresh, runId(of));
  expect(rows.length).toBeGreaterThan(5);
  expect(rowsOf(root, runId(of))).toEqual(rows);
  expect(folderOf(root, runId(of))).toEqual(folderOf(fresh, runId(of)));
}
