import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { adamRepro, temporaryFolder, writeTinySpec } from './built.ts';

let cwd: string;
const specs = ['one.yaml', 'two.yaml'];
const run = (...words: string[]) => adamRepro(['run', ...words, '--engine', 'wasm'], { cwd });
const curves = (folder: string, name: string) =>
  readFileSync(join(cwd, folder, name, 'quick', 'curves.csv'), 'utf8');

beforeAll(() => {
  cwd = temporaryFolder();
  for (const name of ['one', 'two']) writeTinySpec(cwd, { name });
});

describe('run with several experiments', () => {
  it('does all of them and reports each', () => {
    const { status, stdout, stderr } = run(...specs, '-o', 'both');
    expect(status).toBe(0);
    expect(stderr).toContain('In all 4 runs to do');
    expect(stderr).toMatch(/two sgd seed 0 \(run 4\/4\): complete/);
    for (const name of ['one', 'two']) expect(stdout).toContain(join('both', name, 'quick', 'curves.csv'));
    const { experiments } = JSON.parse(run(...specs, '-o', 'both', '--json').stdout);
    expect(experiments).toMatchObject([
      { experiment: 'one', runs: [{ status: 'complete' }, { status: 'complete' }] },
      {
        experiment: 'two',
        settings: [
          { seeds: 1, complete: 1 },
          { seeds: 1, complete: 1 },
        ],
      },
    ]);
  });

  it('plans them as one', () => {
    const { experiments } = JSON.parse(run(...specs, '-n', '--json').stdout);
    expect(experiments.map(({ experiment }: { experiment: string }) => experiment)).toEqual(['one', 'two']);
    expect(experiments[1].seconds).toBeGreaterThan(0);
  });

  it.each([
    [[], 'name an experiment'],
    [['--all', 'one.yaml'], 'leave the names or --all out'],
    [['one.yaml', './one.yaml'], 'two specs are named one'],
    [['--all', '--variant', 'tunde'], 'no experiment has a variant "tunde"'],
    [['one.yaml', '--shard', '3/2'], 'Expected one share'],
    [['one.yaml', '--max-time', 'soon'], 'Expected a time'],
  ])('refuses %j', (words, message) => {
    const { status, stderr } = run(...words, '-o', 'refused');
    expect({ status, said: stderr.includes(message) }).toEqual({ status: 2, said: true });
    expect(existsSync(join(cwd, 'refused'))).toBe(false);
  });
});

describe('run --shard and merge', () => {
  it('make the same tables as one machine', () => {
    run(...specs, '-o', 'whole');
    const counts = [1, 2, 3].map((i) => {
      const { experiments, ...only } = JSON.parse(
        run(...specs, '-o', `share${i}`, '--shard', `${i}/3`, '--json').stdout,
      );
      return (experiments ?? [only]).flatMap(({ runs }: { runs: unknown[] }) => runs).length;
    });
    expect(counts).toEqual([2, 1, 1]);
    const merge = () => adamRepro(['merge', 'share1', 'share2', 'share3', '-o', 'merged', '--json'], { cwd });
    const outcomes = ({ stdout }: { stdout: string }): string[] =>
      JSON.parse(stdout).merged.flatMap(({ runs }: { runs: { outcome: string }[] }) =>
        runs.map(({ outcome }) => outcome),
      );
    expect(outcomes(merge())).toEqual(Array(4).fill('copied'));
    const tables = ['one', 'two'].map((name) => curves('merged', name));
    expect(outcomes(merge())).toEqual(Array(4).fill('present'));
    expect(['one', 'two'].map((name) => curves('merged', name))).toEqual(tables);
    // The next run finds everything done and puts the tables in the spec's order.
    expect(run(...specs, '-o', 'merged').stderr).toContain('all done before');
    for (const name of ['one', 'two']) expect(curves('merged', name)).toBe(curves('whole', name));
  });

  it('reports a share that has nothing to do', () => {
    const { status, stdout } = run('one.yaml', '--shard', '3/3', '-o', 'none');
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'This share of the work has no run.\n' });
  });

  it('leaves a run with another curve out, with exit code 1', () => {
    run('one.yaml', '-o', 'mine', '--only', 'adam');
    run('one.yaml', '-o', 'theirs', '--only', 'adam');
    const { runs } = JSON.parse(run('one.yaml', '-o', 'theirs', '--only', 'adam', '--json').stdout);
    const manifest = join(cwd, 'theirs', 'one', 'quick', 'runs', runs[0].id, 'run.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"epochsDone": 2', '"epochsDone": 1'));
    const { status, stdout, stderr } = adamRepro(['merge', 'theirs', '-o', 'mine'], { cwd });
    expect(status).toBe(1);
    expect(stdout).toContain(`damaged: ${join('theirs', 'one', 'quick', 'runs', runs[0].id)}`);
    expect(stderr).toContain('left out: 1 run that does not hold what its checksums say');
  });

  it.each([
    ['merged', 'is the folder to merge into'],
    ['nothing-here', 'there are no results in nothing-here'],
  ])('refuses %s as a source', (source, message) => {
    const { status, stderr } = adamRepro(['merge', source, '-o', 'merged'], { cwd });
    expect({ status, said: stderr.includes(message) }).toEqual({ status: 2, said: true });
  });
});

describe('run --max-time', () => {
  it('stops with checkpoints, says how to go on, and goes on', () => {
    const words = ['one.yaml', '-o', 'limited', '--only', 'adam', '--epochs', '1000000', '--max-time', '2s'];
    const first = adamRepro(['run', ...words, '--engine', 'wasm', '--json'], { cwd });
    const { runs, error } = JSON.parse(first.stdout);
    expect({ status: first.status, code: error.code }).toEqual({ status: 4, code: 'time-over' });
    expect(first.stderr).toContain('The time is over (--max-time, 2.0 s). Stopping: writing checkpoints');
    expect(error.message).toContain(`Go on with: adam-repro run ${words.join(' ')}`);
    expect(runs[0].status).toBe('interrupted');
    const second = JSON.parse(adamRepro(['run', ...words, '--engine', 'wasm', '--json'], { cwd }).stdout);
    expect(second.runs[0].epochsDone).toBeGreaterThan(runs[0].epochsDone);
  });

  it('is no failure where everything was done in time', () => {
    expect(run('one.yaml', '-o', 'in-time', '--max-time', '10m').status).toBe(0);
  });
});
