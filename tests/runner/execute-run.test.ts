import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FileSystem, realFileSystem } from '../../src/results/file-system.ts';
import { readRun, sweep } from '../../src/results/index.ts';
import { executeRun } from '../../src/runner/execute-run.ts';
import { Crash, type CrashPoint, type Fault, FaultyFiles } from '../results/faulty-files.ts';
import { contentsOf, Machine, scratchFolder } from '../results/machine.ts';
import { sampleRun } from '../results/sample-run.ts';
import { type FakeOptions, fakeTrial, jobOf } from './fake-trial.ts';

const run = sampleRun({ epochs: 2 });

/** One process's work on the run; it is dead afterwards. */
async function life(machine: Machine, runs: string, files: FileSystem, options: FakeOptions = {}) {
  const system = machine.start(files);
  const reports: unknown[] = [];
  try {
    sweep(system, runs, runs);
    const result = await executeRun(system, jobOf(runs, run), async () => fakeTrial(run, options), {
      shouldStop: () => false,
      report: (message) => reports.push(message),
    });
    sweep(system, runs, runs);
    return { result, reports };
  } catch (error) {
    return { error, reports };
  } finally {
    machine.kill(system);
  }
}

async function undisturbed(options: FakeOptions = {}) {
  const runs = scratchFolder();
  const counter = new FaultyFiles();
  await life(new Machine(), runs, counter.files, options);
  return { contents: contentsOf(runs), operations: counter.operations };
}

describe('a run', () => {
  it('leaves exactly its four files', async () => {
    const runs = scratchFolder();
    const { result } = await life(new Machine(), runs, realFileSystem);
    const { id } = jobOf(runs, run);
    expect(result).toEqual({ status: 'complete', wall: { train: 1, evaluate: 0.5, other: 0.25 } });
    expect(readdirSync(runs)).toEqual([id]);
    expect(readdirSync(join(runs, id)).sort()).toEqual([
      ...['checkpoint.safetensors', 'curve.csv', 'run.json', 'timing.json'],
    ]);
    const lines = readFileSync(join(runs, id, 'curve.csv'), 'utf8').split('\n');
    expect(lines[0]).toBe('epoch,step,split,metric,value');
    expect(lines.length).toBe(1 + 2 + 2 * 3 + 1);
    expect(readFileSync(join(runs, id, 'run.json'), 'utf8')).not.toMatch(/here|boot|\d{2}:\d{2}/);
  });

  it('is not done twice', async () => {
    const runs = scratchFolder();
    const machine = new Machine();
    await life(machine, runs, realFileSystem);
    const before = contentsOf(runs);
    const { result, reports } = await life(machine, runs, realFileSystem);
    expect(result).toEqual({ status: 'published' });
    expect(reports).toEqual([]);
    expect(contentsOf(runs)).toEqual(before);
  });

  it.each([1, 4, 5, 6, 9])('stopped after %i steps goes on to the same bytes', async (stopAfter) => {
    const { contents } = await undisturbed();
    const runs = scratchFolder();
    const machine = new Machine();
    const first = await life(machine, runs, realFileSystem, { stopAfter });
    expect(first.result!.status).toBe('interrupted');
    expect(readRun(machine.start(), runs, run).state).toMatchObject({
      status: 'interrupted',
      epochsDone: Math.floor(stopAfter / 5),
    });
    let firstStep = 0;
    const second = await life(machine, runs, realFileSystem, {
      onStep: (step) => {
        firstStep ||= step;
      },
    });
    expect(second.result!.status).toBe('complete');
    expect(firstStep).toBe(stopAfter + 1);
    expect(contentsOf(runs)).toEqual(contents);
  });

  it('stopped before its first step starts anew without repeating rows', async () => {
    const { contents } = await undisturbed();
    const runs = scratchFolder();
    const machine = new Machine();
    await life(machine, runs, realFileSystem, { stopAfter: 0 });
    await life(machine, runs, realFileSystem);
    expect(contentsOf(runs)).toEqual(contents);
  });

  it('that diverges keeps its rows and is never done again', async () => {
    const runs = scratchFolder();
    const machine = new Machine();
    const { result } = await life(machine, runs, realFileSystem, { divergeAt: 8 });
    expect(result!.status).toBe('diverged');
    const { state, lines } = readRun(machine.start(), runs, run);
    expect(state).toMatchObject({ status: 'diverged', epochsDone: 1 });
    expect(lines.length).toBe(5);
    expect((await life(machine, runs, realFileSystem)).result).toEqual({ status: 'published' });
  });

  it('that diverges after an interruption has the same bytes', async () => {
    const { contents } = await undisturbed({ divergeAt: 8 });
    const runs = scratchFolder();
    const machine = new Machine();
    await life(machine, runs, realFileSystem, { divergeAt: 8, stopAfter: 6 });
    await life(machine, runs, realFileSystem, { divergeAt: 8 });
    expect(contentsOf(runs)).toEqual(contents);
  });

  it('that throws is failed with its reason, keeps its checkpoint and is retried', async () => {
    const { contents } = await undisturbed();
    const runs = scratchFolder();
    const machine = new Machine();
    const onStep = (step: number) => {
      if (step === 7) throw new RangeError('bad rule');
    };
    const { error } = await life(machine, runs, realFileSystem, { onStep });
    expect(error).toBeInstanceOf(RangeError);
    expect(readRun(machine.start(), runs, run).state).toMatchObject({
      ...{ status: 'failed', reason: 'RangeError: bad rule', epochsDone: 1 },
    });
    const { reports } = await life(machine, runs, realFileSystem);
    expect(reports).toEqual([{ type: 'started', fromEpoch: 1 }]);
    expect(contentsOf(runs)).toEqual(contents);
  });

  it('begun with another engine variant starts anew, says so and keeps what was measured', async () => {
    const runs = scratchFolder();
    const machine = new Machine();
    await life(machine, runs, realFileSystem, { stopAfter: 7, variant: 'old' });
    const { result, reports } = await life(machine, runs, realFileSystem, { variant: 'new' });
    expect(result!.status).toBe('complete');
    expect(reports).toEqual([
      { type: 'restarted', reason: "the engine's variant changed from old to new" },
      { type: 'started', fromEpoch: 0 },
    ]);
    const { id } = jobOf(runs, run);
    const aside = readdirSync(runs).filter((name) => name.endsWith('.old'));
    expect(aside).toEqual([`${id}.2.old`]);
    expect(readFileSync(join(runs, aside[0]!, 'curve.csv'), 'utf8').split('\n').length).toBe(7);
    const { contents } = await undisturbed({ variant: 'new' });
    expect(contentsOf(join(runs, id))).toEqual(
      Object.fromEntries(
        Object.entries(contents).flatMap(([name, text]) =>
          name.startsWith(`${id}/`) ? [[name.slice(id.length + 1), text]] : [],
        ),
      ),
    );
  });
});

describe('a crash at every file operation', () => {
  const points: CrashPoint[] = ['before', 'half', 'after'];
  it.each([
    { powerLoss: false, options: {} },
    { powerLoss: true, options: {} },
    { powerLoss: false, options: { divergeAt: 8 } },
  ])('is made good by the next start: %o', async ({ powerLoss, options }) => {
    const { contents, operations } = await undisturbed(options);
    expect(operations).toBeGreaterThan(40);
    for (let at = 1; at <= operations; at++) {
      for (const point of points) {
        const runs = scratchFolder();
        const machine = new Machine();
        const fault: Fault = { type: 'crash', at, point, powerLoss };
        const first = await life(machine, runs, new FaultyFiles(fault).files, options);
        expect(first.error, `crash ${point} ${at}`).toBeInstanceOf(Crash);
        const second = await life(machine, runs, realFileSystem, options);
        expect(second.error).toBeUndefined();
        expect(contentsOf(runs), `crash ${point} ${at}`).toEqual(contents);
      }
    }
  });

  it('of the taking over as well', async () => {
    const { contents } = await undisturbed();
    for (let at = 1; at < 200; at++) {
      const runs = scratchFolder();
      const machine = new Machine();
      await life(machine, runs, realFileSystem, { stopAfter: 7 });
      const faulty = new FaultyFiles({ type: 'crash', at, point: at % 2 ? 'after' : 'half' });
      const { error } = await life(machine, runs, faulty.files);
      const { error: last } = await life(machine, runs, realFileSystem);
      expect(last).toBeUndefined();
      expect(contentsOf(runs), `crash ${at}`).toEqual(contents);
      if (error === undefined) return;
    }
    throw new Error('the second life never came to its end');
  });
});

describe('an error at every file operation', () => {
  it.each([
    { code: 'ENOSPC', lasting: true },
    { code: 'EIO', lasting: false },
    { code: 'EACCES', lasting: true },
    { code: 'EFBIG', lasting: false },
  ])('$code is one sentence, and the next start makes it good', async ({ code, lasting }) => {
    const { contents, operations } = await undisturbed();
    let failures = 0;
    for (let at = 1; at <= operations; at++) {
      const runs = scratchFolder();
      const machine = new Machine();
      const first = await life(machine, runs, new FaultyFiles({ type: 'error', at, code, lasting }).files);
      if (first.error !== undefined) {
        failures++;
        expect(String((first.error as Error).message), `${code} at ${at}`).toContain(code);
        expect(String((first.error as Error).message)).toContain(runs);
      }
      const second = await life(machine, runs, realFileSystem);
      expect(second.error, `${code} at ${at}`).toBeUndefined();
      expect(contentsOf(runs), `${code} at ${at}`).toEqual(contents);
    }
    expect(failures).toBeGreaterThan(operations / 3);
  });
});
