import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { realFileSystem } from '../../src/results/file-system.ts';
import { currentVersions, isWhole, readRun, writeTables } from '../../src/results/index.ts';
import { encodeManifest, readManifest } from '../../src/results/manifest.ts';
import { executeRun } from '../../src/runner/execute-run.ts';
import { runId } from '../../src/spec/hash.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';
import { contentsOf, Machine, scratchFolder } from '../results/machine.ts';
import { sampleRun } from '../results/sample-run.ts';
import { type FakeOptions, fakeTrial, jobOf } from '../runner/fake-trial.ts';

// results-<version>/ holds what a version wrote: the same run finished and interrupted, both as results folders. The run
// itself is taken from there, since another version may resolve its spec to something else, under another id.
// GOLDEN=add writes the folder of the present version, where there is none.

const names = { experiment: 'sample', profile: 'smoke' };
const runsIn = (results: string) => join(results, names.experiment, names.profile, 'runs');

/** A process's life on the run; what was said of it. */
async function live(machine: Machine, results: string, run: ResolvedRun, options: FakeOptions = {}) {
  const said: string[] = [];
  const system = machine.start();
  await executeRun(system, jobOf(runsIn(results), run), async () => fakeTrial(run, options), {
    shouldStop: () => false,
    report: (message) => said.push(message.type === 'restarted' ? message.reason : message.type),
  });
  writeTables(system, { resultsFolder: results, ...names }, [readRun(system, runsIn(results), run)]);
  machine.kill(system);
  return said;
}

const ours = join(import.meta.dirname, `results-${currentVersions()['adam-repro']}`);
if (process.env.GOLDEN === 'add' && !existsSync(ours)) {
  const run = sampleRun({ epochs: 3 });
  for (const [name, options] of [['finished', {}] as const, ['interrupted', { stopAfter: 7 }] as const]) {
    mkdirSync(runsIn(join(ours, name)), { recursive: true });
    await live(new Machine(), join(ours, name), run, options);
  }
}

const versions = readdirSync(import.meta.dirname).filter((name) => name.startsWith('results-'));

/** A copy to work on, and the run as its run.json has it. */
function copyOf(version: string, state: 'finished' | 'interrupted') {
  const results = join(scratchFolder(), 'results');
  cpSync(join(import.meta.dirname, version, state), results, { recursive: true });
  const [folder = ''] = readdirSync(runsIn(results));
  const [id = ''] = folder.split('.');
  const manifest = join(runsIn(results), folder, 'run.json');
  const { run } = JSON.parse(readFileSync(manifest, 'utf8')) as { run: ResolvedRun };
  return { results, runs: runsIn(results), folder: join(runsIn(results), folder), id, run };
}

/** A machine on which the process that the folder tells of is dead. */
function later(): Machine {
  const machine = new Machine();
  machine.kill(machine.start());
  return machine;
}

it('every version whose files have another form has its folder', () => {
  expect(versions.length).toBeGreaterThan(0);
});

describe.each(versions)('%s', (version) => {
  const finished = copyOf(version, 'finished');
  const curve = readFileSync(join(finished.folder, 'curve.csv'), 'latin1');

  it('has a finished run that is read with the values it was written with', () => {
    const { results, runs, id, run } = finished;
    expect(runId(run)).toBe(id);
    const before = contentsOf(results);
    const system = later().start();
    expect(isWhole(realFileSystem, runs, id)).toBe(true);
    const record = readRun(system, runs, run);
    expect(record.state).toMatchObject({ status: 'complete', epochsDone: 3 });
    expect(record.wall).toEqual({ train: 1, evaluate: 0.5, other: 0.25 });
    expect(record.lines).toEqual(curve.trim().split('\n').slice(1));
    writeTables(system, { resultsFolder: results, ...names }, [record]);
    expect(contentsOf(results)).toEqual(before);
  });

  it('has an interrupted run that goes on from its checkpoint, as far as the version allows', async () => {
    const { results, runs, folder, id, run } = copyOf(version, 'interrupted');
    expect(readRun(later().start(), runs, run).state).toMatchObject({ status: 'interrupted', epochsDone: 1 });
    // One curve never mixes two versions: as if it were the present one's.
    const manifest = readManifest(realFileSystem, folder, id)!;
    writeFileSync(join(folder, 'run.json'), encodeManifest({ ...manifest, versions: currentVersions() }));
    const steps: number[] = [];
    const said = await live(later(), results, run, { onStep: (step) => steps.push(step) });
    expect(said[0]).toBe('started');
    expect(steps[0]).toBe(8);
    expect(readFileSync(join(runs, id, 'curve.csv'), 'latin1')).toBe(curve);
    const checkpoint = (of: string) => readFileSync(join(of, 'checkpoint.safetensors'), 'latin1');
    expect(checkpoint(join(runs, id))).toBe(checkpoint(finished.folder));
  });

  it('has an interrupted run that begins anew under another version, which is said, and is kept', async () => {
    const { results, runs, folder, id, run } = copyOf(version, 'interrupted');
    const manifest = readManifest(realFileSystem, folder, id)!;
    const other = { ...manifest.versions, 'adam-repro': '0.0.9' };
    writeFileSync(join(folder, 'run.json'), encodeManifest({ ...manifest, versions: other }));
    const said = await live(later(), results, run);
    expect(said[0]).toContain('the version of adam-repro changed from 0.0.9');
    expect(readdirSync(runs).sort()).toEqual([id, `${id}.2.old`]);
    expect(readFileSync(join(runs, id, 'curve.csv'), 'latin1')).toBe(curve);
  });
});
