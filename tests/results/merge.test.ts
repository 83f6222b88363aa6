import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mergeRuns } from '../../src/results/merge.ts';
import { rewriteTables, tableOrder } from '../../src/results/rewrite-tables.ts';
import { executeRun } from '../../src/runner/execute-run.ts';
import { runId } from '../../src/spec/hash.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';
import { type FakeOptions, fakeTrial, jobOf } from '../runner/fake-trial.ts';
import { contentsOf, Machine, scratchFolder } from './machine.ts';
import { sampleRun } from './sample-run.ts';

const machine = new Machine();
const [adam, sgd] = [sampleRun(), sampleRun({ optimizer: 'sgd', seed: 1 })];
const experiment = { experiment: 'e', profile: 'p' };
const runs = (folder: string): string => join(folder, 'e', 'p', 'runs');

async function work(folder: string, run: ResolvedRun, options: FakeOptions = {}) {
  const control = { shouldStop: () => false, report: () => {} };
  await executeRun(machine.start(), jobOf(runs(folder), run), async () => fakeTrial(run, options), control);
}

async function results(...made: ResolvedRun[]): Promise<string> {
  const folder = scratchFolder();
  for (const run of made) await work(folder, run);
  return folder;
}

const merge = (from: string, to: string) => mergeRuns(machine.start(), { from, to, ...experiment });
const outcomes = (from: string, to: string) => merge(from, to).map(({ outcome }) => outcome);

function damage(folder: string, run: ResolvedRun, file: string): void {
  const path = join(runs(folder), runId(run), file);
  const bytes = readFileSync(path);
  bytes[Math.floor(bytes.length / 2)]! ^= 1;
  writeFileSync(path, bytes);
}

describe('mergeRuns', () => {
  it('copies what is missing, byte by byte, and nothing twice', async () => {
    const [a, b] = [await results(adam), await results(sgd)];
    const to = scratchFolder();
    expect([...outcomes(a, to), ...outcomes(b, to)]).toEqual(['copied', 'copied']);
    expect(contentsOf(runs(to))).toEqual({ ...contentsOf(runs(a)), ...contentsOf(runs(b)) });
    const before = contentsOf(to);
    expect([...outcomes(a, to), ...outcomes(b, to)]).toEqual(['present', 'present']);
    expect(contentsOf(to)).toEqual(before);
  });

  it('leaves attempts where they are', async () => {
    const from = scratchFolder();
    await work(from, adam, { stopAfter: 7 });
    expect(outcomes(from, scratchFolder())).toEqual([]);
  });

  it('never overwrites a finished run, and names the one with another curve', async () => {
    const [a, b] = [await results(adam), scratchFolder()];
    await work(b, adam, { divergeAt: 6 });
    const before = contentsOf(b);
    expect(outcomes(a, b)).toEqual(['conflict']);
    expect(contentsOf(b)).toEqual(before);
  });

  it.each(['run.json', 'curve.csv', 'checkpoint.safetensors'])(
    'copies nothing with a damaged %s',
    async (file) => {
      const [a, b] = [await results(adam), await results(sgd)];
      damage(a, adam, file);
      const before = contentsOf(b);
      expect(outcomes(a, b)).toEqual(['damaged']);
      expect(contentsOf(b)).toEqual(before);
    },
  );

  it('sets a damaged run of this folder aside and takes the whole one', async () => {
    const [a, b] = [await results(adam), await results(adam)];
    damage(b, adam, 'curve.csv');
    expect(outcomes(a, b)).toEqual(['copied']);
    expect(outcomes(a, b)).toEqual(['present']);
    expect(Object.keys(contentsOf(runs(b)))).toContain(`${runId(adam)}.1.damaged`);
  });

  it('takes runs without checkpoints', async () => {
    const [a, b] = [await results(adam), scratchFolder()];
    rmSync(join(runs(a), runId(adam), 'checkpoint.safetensors'));
    expect(outcomes(a, b)).toEqual(['copied']);
  });

  it('puts a run in place that is being worked on here; its worker gives way', async () => {
    const [a, b] = [await results(adam), scratchFolder()];
    await work(b, adam, { onStep: (step) => void (step === 3 && merge(a, b)) });
    expect(outcomes(a, b)).toEqual(['present']);
    expect(contentsOf(runs(b))).toEqual(contentsOf(runs(a)));
  });
});

describe('rewriteTables', () => {
  it('has every finished run, those of the present table first, in the order of the other one', async () => {
    const [a, b] = [await results(adam), await results(sgd)];
    const to = scratchFolder();
    const system = machine.start();
    const place = { resultsFolder: to, ...experiment };
    for (const from of [b, a]) {
      merge(from, to);
      rewriteTables(system, place, tableOrder(system, { ...place, resultsFolder: from }));
    }
    expect(tableOrder(system, place)).toEqual([runId(sgd), runId(adam)]);
    const tables = contentsOf(to);
    rewriteTables(system, place);
    expect(contentsOf(to)).toEqual(tables);
    cpSync(join(to, 'e/p/runs.csv'), join(a, 'e/p/runs.csv'));
    const other = scratchFolder();
    merge(a, other);
    merge(b, other);
    const elsewhere = { resultsFolder: other, ...experiment };
    rewriteTables(system, elsewhere, tableOrder(system, { ...place, resultsFolder: a }));
    expect(tableOrder(system, elsewhere)).toEqual([runId(sgd), runId(adam)]);
  });
});
