import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FileSystem, realFileSystem } from '../../src/results/file-system.ts';
import { readRun, sweep } from '../../src/results/index.ts';
import { executeRun } from '../../src/runner/execute-run.ts';
import { shorterRunsIn } from '../../src/runner/shorter-runs.ts';
import { runId } from '../../src/spec/hash.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';
import { FaultyFiles } from '../results/faulty-files.ts';
import { contentsOf, Machine, scratchFolder } from '../results/machine.ts';
import { sampleRun } from '../results/sample-run.ts';
import { type FakeOptions, fakeTrial, jobOf } from './fake-trial.ts';

const short = sampleRun({ epochs: 2 });
const long = sampleRun({ epochs: 4 });

/** One process's work on a run that may go on from those that are finished; it is dead afterwards. */
async function life(
  machine: Machine,
  runs: string,
  run: ResolvedRun,
  { files = realFileSystem, ...options }: FakeOptions & { files?: FileSystem } = {},
) {
  const system = machine.start(files);
  const reports: unknown[] = [];
  try {
    sweep(system, runs, runs);
    const shorter = shorterRunsIn(files, runs, [runId(run)])(run).map(({ id }) => id);
    const job = { ...jobOf(runs, run), shorter };
    const result = await executeRun(system, job, async () => fakeTrial(run, options), {
      shouldStop: () => false,
      report: (message) => reports.push(message),
    });
    return { result, reports };
  } catch (error) {
    return { error, reports };
  } finally {
    machine.kill(system);
  }
}

async function undisturbed() {
  const runs = scratchFolder();
  await life(new Machine(), runs, long);
  return contentsOf(runs);
}

/** A folder with the shorter run, and what was left by whoever worked on the longer one. */
async function withShort() {
  const runs = scratchFolder();
  const machine = new Machine();
  await life(machine, runs, short);
  const expected = { ...contentsOf(runs), ...(await undisturbed()) };
  return { runs, machine, expected };
}

describe('a run of which the first epochs were done before', () => {
  it('goes on from there to the same bytes, and its time is that of all its epochs', async () => {
    const { runs, machine, expected } = await withShort();
    const steps: number[] = [];
    const { reports } = await life(machine, runs, long, { onStep: (step) => steps.push(step) });
    expect(reports).toEqual([{ type: 'started', fromEpoch: 2 }]);
    expect([steps[0], steps.length]).toEqual([11, 10]);
    expect(contentsOf(runs)).toEqual(expected);
    const { wall } = readRun(machine.start(), runs, long);
    expect(wall).toEqual({ train: 2, evaluate: 1, other: 0.5 });
  });

  it('takes the longest of them', async () => {
    const { runs, machine } = await withShort();
    await life(machine, runs, sampleRun({ epochs: 3 }));
    const { reports } = await life(machine, runs, long);
    expect(reports).toEqual([{ type: 'started', fromEpoch: 3 }]);
  });

  it('has the same bytes after a crash at any file operation', async () => {
    const { expected } = await withShort();
    for (let at = 1; at < 200; at++) {
      const { runs, machine } = await withShort();
      const { files } = new FaultyFiles({ type: 'crash', at, point: at % 2 ? 'after' : 'half' });
      const { error } = await life(machine, runs, long, { files });
      const last = await life(machine, runs, long);
      expect(last.error).toBeUndefined();
      sweep(machine.start(), runs, runs);
      expect(contentsOf(runs), `crash ${at}`).toEqual(expected);
      if (error === undefined) return expect(at).toBeGreaterThan(30);
    }
    throw new Error('the first life never came to its end');
  });

  it.each(['checkpoint.safetensors', 'curve.csv', 'run.json'])(
    'begins anew where their %s is damaged or gone',
    async (name) => {
      for (const isGone of [false, true]) {
        const { runs, machine, expected } = await withShort();
        const path = join(runs, runId(short), name);
        const bytes = readFileSync(path);
        bytes[bytes.length - 3]! ^= 1;
        if (isGone) rmSync(path);
        else writeFileSync(path, bytes);
        const { reports } = await life(machine, runs, long);
        expect(reports).toEqual([{ type: 'started', fromEpoch: 0 }]);
        const id = runId(long);
        const own = Object.entries(expected).filter(([file]) => file.startsWith(id));
        expect(contentsOf(runs)).toMatchObject(Object.fromEntries(own));
      }
    },
  );

  it('begins anew on another variant of the engine, and says why', async () => {
    const { runs, machine } = await withShort();
    const { reports } = await life(machine, runs, long, { variant: 'new' });
    expect(reports).toEqual([
      { type: 'restarted', reason: "the engine's variant changed from fake to new" },
      { type: 'started', fromEpoch: 0 },
    ]);
  });

  it('goes on from its own checkpoint rather than from theirs', async () => {
    const runs = scratchFolder();
    const machine = new Machine();
    await life(machine, runs, long, { stopAfter: 17 });
    await life(machine, runs, short);
    const { reports } = await life(machine, runs, long);
    expect(reports).toEqual([{ type: 'started', fromEpoch: 3 }]);
  });
});

describe('the shorter runs of a folder', () => {
  const found = async (finished: ResolvedRun, run: ResolvedRun, options: FakeOptions = {}) => {
    const runs = scratchFolder();
    await life(new Machine(), runs, finished, options);
    return shorterRunsIn(realFileSystem, runs, [runId(run)])(run).map(({ id }) => id);
  };

  it('differ in their length alone', async () => {
    expect(await found(short, long)).toEqual([runId(short)]);
    expect(await found(long, short)).toEqual([]);
    expect(await found(long, long)).toEqual([]);
    expect(await found(sampleRun({ epochs: 2, seed: 1 }), long)).toEqual([]);
    const { optimizerSettings } = long;
    const schedule = (epochs: number) => ({
      optimizerSettings: { ...optimizerSettings, schedule: { type: 'cosine' as const, epochs } },
    });
    expect(await found(sampleRun({ epochs: 2, ...schedule(2) }), sampleRun(schedule(4)))).toEqual([]);
    const same = sampleRun({ epochs: 2, ...schedule(4) });
    expect(await found(same, sampleRun({ epochs: 4, ...schedule(4) }))).toEqual([runId(same)]);
  });

  it('are complete', async () => {
    expect(await found(short, long, { stopAfter: 7 })).toEqual([]);
    expect(await found(short, long, { divergeAt: 8 })).toEqual([]);
  });

  it('are evaluated when the longer one is, and not besides at their end', async () => {
    const every = (epochs: number, n: number) =>
      sampleRun({ epochs, evaluation: { every: n, batchSize: 10 } });
    expect(await found(every(2, 3), every(6, 3))).toEqual([]);
    expect(await found(every(3, 3), every(6, 3))).toHaveLength(1);
    expect(await found(every(2, 0), every(6, 0))).toHaveLength(1);
  });
});
