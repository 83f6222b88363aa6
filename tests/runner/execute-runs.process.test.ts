import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runId } from '../../src/spec/hash.ts';
import { contentsOf, scratchFolder } from '../results/machine.ts';
import { sampleRun } from '../results/sample-run.ts';
import { isRunning, notesIn, Program, slowRun, stepDone, until } from './processes.ts';

const adam = slowRun('adam');
const sgd = slowRun('sgd', { stepMs: 3 });

async function undisturbed(runs: readonly ReturnType<typeof slowRun>[], options = {}) {
  const folder = scratchFolder();
  await new Program(folder, runs, options).ended;
  return contentsOf(join(folder, 'results'));
}
const expected = await undisturbed([adam, sgd]);
const statuses = (states: readonly { status: string }[]) => states.map(({ status }) => status);

describe('an experiment', () => {
  it('is done by worker processes, and not done again', async () => {
    const folder = scratchFolder();
    const first = await new Program(folder, [adam, sgd]).ended;
    expect(first.code).toBe(0);
    expect(statuses(first.states)).toEqual(['complete', 'complete']);
    expect(new Set(notesIn(folder).map(({ pid }) => pid)).size).toBe(2);
    const before = notesIn(folder).length;
    const second = new Program(folder, [adam, sgd]);
    expect(statuses((await second.ended).states)).toEqual(['complete', 'complete']);
    expect(second.lines.map(({ type }) => type)).toEqual(['states']);
    expect(notesIn(folder).length).toBe(before);
    expect(contentsOf(join(folder, 'results'))).toEqual(expected);
    expect(Object.keys(expected).filter((name) => name.endsWith('.csv'))).toEqual([
      'sample/smoke/curves.csv',
      'sample/smoke/runs.csv',
      ...[adam, sgd].map((run) => `sample/smoke/runs/${runId(run)}/curve.csv`).sort(),
    ]);
  });

  it('is done by one process where only one may work at a time, to the same bytes', async () => {
    const folder = scratchFolder();
    const { states } = await new Program(folder, [adam, sgd], { jobs: 1 }).ended;
    expect(statuses(states)).toEqual(['complete', 'complete']);
    expect(new Set(notesIn(folder).map(({ pid }) => pid)).size).toBe(1);
    expect(contentsOf(join(folder, 'results'))).toEqual(expected);
  });

  it('goes on in another process after a failure, and for another program', async () => {
    const folder = scratchFolder();
    const other = { ...slowRun('d'), batchSize: 2 };
    const runs = [slowRun('a', { throwAt: 2 }), slowRun('b', { divergeAt: 2 }), slowRun('c'), other];
    const { states } = await new Program(folder, runs, { jobs: 1 }).ended;
    expect(statuses(states)).toEqual(['failed', 'diverged', 'complete', 'complete']);
    const [a, b, c, d] = runs.map((run) => notesIn(folder).find(({ id }) => id === runId(run))!.pid);
    expect(b).not.toBe(a);
    expect(c).toBe(b);
    expect(d).not.toBe(c);
  });

  it('keeps in its tables what earlier commands finished', async () => {
    const folder = scratchFolder();
    await new Program(folder, [adam]).ended;
    const first = readFileSync(join(folder, 'results/sample/smoke/curves.csv'), 'utf8');
    await new Program(folder, [sgd]).ended;
    const both = readFileSync(join(folder, 'results/sample/smoke/curves.csv'), 'utf8').split('\n');
    expect(both.filter((line) => line.includes(`,${runId(adam)},`))).toEqual(
      first.trim().split('\n').slice(1),
    );
    expect(both[1]).toContain(`,${runId(sgd)},`);
  });

  it('with fresh is done again, and the former result is kept', async () => {
    const folder = scratchFolder();
    await new Program(folder, [adam]).ended;
    const { states } = await new Program(folder, [adam], { fresh: true }).ended;
    expect(statuses(states)).toEqual(['complete']);
    expect(notesIn(folder).filter(({ what }) => what === 'open').length).toBe(2);
    const runs = join(folder, 'results/sample/smoke/runs');
    const curve = (name: string) => readFileSync(join(runs, name, 'curve.csv'), 'utf8');
    expect(curve(`${runId(adam)}.1.old`)).toBe(curve(runId(adam)));
  });

  it('goes on when one of its runs diverges, throws or aborts', async () => {
    const folder = scratchFolder();
    const broken = [
      slowRun('a', { divergeAt: 6 }),
      slowRun('b', { throwAt: 6 }),
      slowRun('c', { abortAt: 6 }),
    ];
    const program = new Program(folder, [...broken, adam]);
    const { code, states } = await program.ended;
    expect(code).toBe(0);
    expect(statuses(states)).toEqual(['diverged', 'failed', 'failed', 'complete']);
    expect(states[0]).toMatchObject({ epochsDone: 1 });
    expect(states[1]!.reason).toBe('Error: the rule is broken');
    expect(states[2]!.reason).toMatch(
      /^tried 3 times, the last time the worker process was killed \(SIGABRT\)/,
    );
    const openings = broken.map((run) =>
      notesIn(folder).filter(({ what, id }) => what === 'open' && id === runId(run)),
    );
    // What fails by an error of its own would fail again.
    expect(openings.map(({ length }) => length)).toEqual([1, 1, 3]);
    const reasons = program.lines.flatMap((line) => (line.type === 'finished' ? [line.reason] : []));
    expect(reasons.filter(Boolean).sort()).toEqual([states[1]!.reason, states[2]!.reason].sort());
  });

  it('says in a sentence where its folder cannot be', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'results'), 'a file');
    const program = new Program(folder, [adam]);
    const { code } = await program.ended;
    expect(code).toBe(1);
    expect(program.errors).toContain(`something that is no folder is in its place`);
    expect(readFileSync(join(folder, 'results'), 'utf8')).toBe('a file');
  });
});

describe('kill -9', () => {
  it('of a worker is reported, hurts no other run, and is made good by the same command', async () => {
    const folder = scratchFolder();
    const program = new Program(folder, [adam, sgd]);
    process.kill(await stepDone(folder, adam, 9), 'SIGKILL');
    const { states } = await program.ended;
    expect(statuses(states)).toEqual(['complete', 'complete']);
    const reason = 'the worker process was killed (signal 9, likely memory)';
    expect(program.lines.filter(({ type }) => type === 'retried')).toEqual([
      { type: 'retried', id: runId(adam), reason, retry: 1, of: 2 },
    ]);
    expect(contentsOf(join(folder, 'results'))).toEqual(expected);
    const opened = notesIn(folder).filter(({ what }) => what === 'open');
    expect(opened.filter(({ id }) => id === runId(sgd)).length).toBe(1);
    // At most the steps since the last checkpoint were done twice.
    expect(
      notesIn(folder).filter(({ what, id }) => what === 'step' && id === runId(adam)).length,
    ).toBeLessThanOrEqual(16 + 4);
  });

  it('of every worker of a run makes it failed after two retries, and the next start tries again', async () => {
    const folder = scratchFolder();
    const doomed = slowRun('doomed', { killAt: 6 });
    const program = new Program(folder, [doomed, adam]);
    const { code, states } = await program.ended;
    expect({ code, statuses: statuses(states) }).toEqual({ code: 0, statuses: ['failed', 'complete'] });
    const reason = 'tried 3 times, the last time the worker process was killed (signal 9, likely memory)';
    expect(states[0]).toMatchObject({ reason, epochsDone: 1 });
    expect(program.lines.filter(({ type }) => type === 'retried').length).toBe(2);
    const tries = () =>
      notesIn(folder).filter(({ what, id }) => what === 'open' && id === runId(doomed)).length;
    expect(tries()).toBe(3);
    await new Program(folder, [doomed, adam]).ended;
    expect(tries()).toBe(6);
  });

  it('of the parent ends its workers, and the next start goes on', async () => {
    const folder = scratchFolder();
    const program = new Program(folder, [adam, sgd]);
    const pids = [await stepDone(folder, adam, 5), await stepDone(folder, sgd, 5)];
    program.signal('SIGKILL');
    await until(() => (pids.some(isRunning) ? undefined : true));
    await new Program(folder, [adam, sgd]).ended;
    expect(contentsOf(join(folder, 'results'))).toEqual(expected);
  });

  it('of everything, again and again', async () => {
    const folder = scratchFolder();
    for (const step of [1, 3, 6, 10, 13]) {
      const program = new Program(folder, [adam, sgd]);
      await Promise.race([stepDone(folder, adam, step), program.ended]);
      program.signalGroup('SIGKILL');
      await program.ended;
    }
    expect((await new Program(folder, [adam, sgd]).ended).code).toBe(0);
    expect(contentsOf(join(folder, 'results'))).toEqual(expected);
  });
});

describe('Ctrl-C', () => {
  it('writes checkpoints, and the next start goes on to the same bytes', async () => {
    const folder = scratchFolder();
    const long = slowRun('long', { stepMs: 5 }, 1000);
    const program = new Program(folder, [adam, long]);
    await stepDone(folder, long, 6);
    program.signalGroup('SIGINT');
    const { code, states } = await program.ended;
    expect(code).toBe(130);
    expect(states[1]!.status).toBe('interrupted');
    // Nothing is done twice: the checkpoint is of the last step.
    const steps = notesIn(folder).flatMap(({ id, step }) => (id === runId(long) && step ? [step] : []));
    const again = new Program(folder, [long]);
    await stepDone(folder, long, steps.length + 2);
    again.signalGroup('SIGINT');
    await again.ended;
    const all = notesIn(folder).flatMap(({ id, step }) => (id === runId(long) && step ? [step] : []));
    expect(all).toEqual(all.map((_, i) => i + 1));
  });

  it('a second time ends everything at once', async () => {
    const folder = scratchFolder();
    const program = new Program(folder, [adam], { pauseAt: 6 });
    const pid = await stepDone(folder, adam, 6);
    program.signal('SIGINT');
    await until(() => program.lines.find(({ type }) => type === 'stopping'));
    program.signal('SIGINT');
    const { code, states } = await program.ended;
    expect(code).toBe(130);
    expect(states).toEqual([]);
    await until(() => (isRunning(pid) ? undefined : true));
    await new Program(folder, [adam, sgd]).ended;
    expect(contentsOf(join(folder, 'results'))).toEqual(expected);
  });
});

describe('two instances at once', () => {
  it('do each run once, and both end with everything', async () => {
    const folder = scratchFolder();
    const programs = [new Program(folder, [adam, sgd]), new Program(folder, [adam, sgd])];
    for (const { ended } of programs)
      expect(statuses((await ended).states)).toEqual(['complete', 'complete']);
    const opened = notesIn(folder).filter(({ what }) => what === 'open');
    expect(opened.map(({ id }) => id).sort()).toEqual([runId(adam), runId(sgd)].sort());
    expect(contentsOf(join(folder, 'results'))).toEqual(expected);
  });

  it('take over from each other', async () => {
    const folder = scratchFolder();
    const first = new Program(folder, [adam, sgd], { pauseAt: 6 });
    await stepDone(folder, adam, 6);
    await stepDone(folder, sgd, 6);
    const second = new Program(folder, [adam, sgd]);
    await until(() =>
      second.lines.filter(({ type }) => type === 'waiting').length === 2 ? true : undefined,
    );
    first.signalGroup('SIGKILL');
    expect(statuses((await second.ended).states)).toEqual(['complete', 'complete']);
    expect(contentsOf(join(folder, 'results'))).toEqual(expected);
  });
});

describe('the real trial', () => {
  const real = [0, 1].map((seed) =>
    sampleRun({
      seed,
      epochs: 3,
      data: { name: 'synthetic', trainExamples: 400, testExamples: 50 },
      batchSize: 8,
      optimizerSettings: {
        ...sampleRun().optimizerSettings,
        hyper: { lr: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, biasCorrection: true },
      },
      engine: 'wasm',
    }),
  );

  it('goes on to the same bytes after Ctrl-C', async () => {
    const same = await undisturbed(real, { trialModule: undefined });
    const folder = scratchFolder();
    const program = new Program(folder, real, { trialModule: undefined });
    const checkpoint = real.map((run) =>
      join(folder, 'results/sample/smoke/runs', `${runId(run)}.1.partial/checkpoint.safetensors`),
    );
    await until(() => (checkpoint.some(existsSync) || program.lines.length > 3 ? true : undefined));
    program.signalGroup('SIGINT');
    await program.ended;
    const { states } = await new Program(folder, real, { trialModule: undefined }).ended;
    expect(statuses(states)).toEqual(['complete', 'complete']);
    expect(contentsOf(join(folder, 'results'))).toEqual(same);
  });
});
