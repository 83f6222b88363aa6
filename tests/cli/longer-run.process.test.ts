import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { adamRepro, temporaryFolder } from './built.ts';

/** Dropout draws its noise by step, Momentum has state, and inverse-sqrt knows the epoch: all of it has to go on. */
const spec = `
name: tiny
paper: { key: adam, figure: 1-left }
data: { name: synthetic, trainExamples: 100, testExamples: 32 }
model: { type: mlp, hidden: [8], dropout: { input: 0, hidden: 0.5 } }
training: { batchSize: 32, epochs: 12 }
evaluation: { every: 4 }
engine: wasm
optimizers:
  adam: { label: Adam, schedule: { type: inverse-sqrt, per: epoch } }
  momentum: { lr: 0.01 }
recover:
  rungs: [4, 12]
  finalists: 1
  optimizers:
    adam: { lr: [1e-3, 1e-2] }
`;

let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
  writeFileSync(join(cwd, 'tiny.yaml'), spec);
});

/** Files of the finished runs that say what was computed, by id. */
function results(folder: string, experiment = 'tiny'): Map<string, string[]> {
  const runs = join(cwd, folder, experiment, 'paper', 'runs');
  const files = ['run.json', 'curve.csv', 'checkpoint.safetensors'];
  return new Map(
    readdirSync(runs).map((id) => [id, files.map((file) => readFileSync(join(runs, id, file), 'latin1'))]),
  );
}

describe('more epochs of a run that is finished', () => {
  const run = (...args: string[]) => adamRepro(['run', 'tiny.yaml', '-v', '-p', 'paper', ...args], { cwd });

  it('are trained from its end, with the bytes of a run in one go', () => {
    run('--epochs', '4', '-o', 'parts');
    const { status, stderr } = run('--epochs', '8', '-o', 'parts');
    expect(status).toBe(0);
    expect(stderr.match(/going on after epoch 4\/8/g)).toHaveLength(2);
    expect(run('-o', 'parts').stderr.match(/going on after epoch 8\/12/g)).toHaveLength(2);

    expect(run('-o', 'whole').stderr).not.toContain('going on');
    const parts = results('parts');
    for (const [id, files] of results('whole')) expect(parts.get(id)).toEqual(files);
    expect(parts.size).toBe(6);
  });

  it('are what a dry run counts', () => {
    run('--epochs', '4');
    const left = (...args: string[]) =>
      JSON.parse(run('--epochs', '12', '-n', '--json', ...args).stdout).runs.map(
        ({ state, epochsDone, steps }: Record<string, unknown>) => [state, epochsDone, steps],
      );
    expect(left()).toEqual(Array(2).fill(['resumable', 4, 32]));
    expect(left('--fresh')).toEqual(Array(2).fill(['due', 0, 48]));
  });

  it('are trained from the beginning with --fresh', () => {
    run('--epochs', '4');
    const { stderr } = run('--epochs', '8', '--fresh');
    expect(stderr).not.toContain('going on');
    expect(stderr.match(/started, 8 epochs/g)).toHaveLength(2);
  });

  it('are what the next rung of a recovery trains', () => {
    const { status, stderr } = adamRepro(['recover', 'tiny.yaml', '-v'], { cwd });
    expect(status).toBe(0);
    expect(stderr.match(/going on after epoch 4\/12/g)).toHaveLength(1);
  });
});
