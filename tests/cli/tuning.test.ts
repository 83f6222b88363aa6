import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeEach, describe, expect, it } from 'vitest';
import { adamRepro, temporaryFolder } from './built.ts';

/** Synthetic data under the paper's figure: the distances mean nothing, the search is a real one. */
const spec = `
name: tiny
paper: { key: adam, figure: 1-left }
data: { name: synthetic, trainExamples: 128, testExamples: 32 }
model: logistic-regression
training: { batchSize: 64, epochs: 8 }
engine: wasm
optimizers:
  adam: { label: Adam }
  nesterov: { label: SGDNesterov }
  rmsprop: {}
tune:
  epochs: 2
  optimizers:
    adam: { lr: { log: [1e-4, 1e-3], points: 2 }, schedule: [{ type: inverse-sqrt, per: epoch }] }
    nesterov: { lr: [0.01, 0.1] }
recover:
  rungs: [3, 8]
  keep: 0.5
  finalists: 1
  optimizers:
    adam: { lr: [1e-3, 1e39] }
    nesterov: { lr: [0.01, 0.1], weightDecay: [null] }
`;

let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
  writeFileSync(join(cwd, 'tiny.yaml'), spec);
});

const rowsOf = (file: string): Record<string, string>[] =>
  parse(readFileSync(join(cwd, 'results', 'tuning', file)), { columns: true });

describe('adam-repro tune', () => {
  it('tries all settings once, prints the best for the spec, and writes its table', () => {
    const first = adamRepro(['tune', 'tiny.yaml'], { cwd });
    expect(first).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('2 trials for each optimizer'),
    });
    expect(first.stdout).toMatch(
      /\n {6}adam: # minibatch-cost after 2 epochs .* best of 2, seed 0\n {8}lr: 0\.0/,
    );
    expect(first.stdout).toContain('        schedule: { type: inverse-sqrt, per: epoch }\n');
    expect(first.stderr).toMatch(/warning: adam: the best lr, 0\.001, is the highest that was tried/);
    expect(rowsOf('tiny-tune.csv').map((row) => [row.optimizer, row.epochs, row.criterion])).toEqual([
      ...Array(2).fill(['adam', '2', 'minibatch-cost']),
      ...Array(2).fill(['nesterov', '2', 'minibatch-cost']),
    ]);
    const table = readFileSync(join(cwd, 'results', 'tuning', 'tiny-tune.csv'));

    const again = adamRepro(['tune', 'tiny.yaml', '--json'], { cwd });
    expect(again.stderr).toContain('all settings: 4 runs, all done before');
    expect(JSON.parse(again.stdout)).toMatchObject({
      schemaVersion: 1,
      epochs: 2,
      optimizers: [{ optimizer: 'adam', edges: [{ path: 'lr', end: 'highest' }] }, { optimizer: 'nesterov' }],
    });
    expect(readFileSync(join(cwd, 'results', 'tuning', 'tiny-tune.csv'))).toEqual(table);

    adamRepro(['tune', 'tiny.yaml', '--only', 'nesterov'], { cwd });
    expect(readFileSync(join(cwd, 'results', 'tuning', 'tiny-tune.csv'))).toEqual(table);
  });

  it('tunes a problem over steps', () => {
    const problem = `
problem: ravine
training: { steps: 30 }
optimizers:
  sgd: { lr: 0.01, steps: 300 }
  adam: { lr: 0.3 }
tune:
  steps: 20
  optimizers: { sgd: { lr: [1e-3, 1e-2, 2e-3] }, adam: { lr: [0.1, 1, 3] } }
`;
    writeFileSync(join(cwd, 'steep.yaml'), problem);
    const { status, stdout } = adamRepro(['tune', 'steep.yaml'], { cwd });
    expect(status).toBe(0);
    expect(stdout).toContain('train-cost after 20 steps, seed 0, 3 trials for each optimizer');
    expect(stdout).toContain('\n    training: { steps: 20 }\n    optimizers:\n      sgd: # ');
    expect(stdout).toMatch(/sgd: # .*\n {8}lr: 0\.01\n {8}steps: 20\n {6}adam: # .*\n {8}lr: \d+\n\n/);
    const rows = rowsOf('steep-tune.csv');
    expect(rows.map(({ optimizer, epochs, criterion }) => [optimizer, epochs, criterion])).toEqual([
      ...Array(3).fill(['sgd', '20', 'train-cost']),
      ...Array(3).fill(['adam', '20', 'train-cost']),
    ]);
    // Exact gradients along the two axes: (10 (1 - lr)^20)^2 / 2 + 100 ((1 - 100 lr)^20)^2 / 2.
    const costOfSgd = (lr: number) => ((10 * (1 - lr) ** 20) ** 2 + 100 * ((1 - 100 * lr) ** 20) ** 2) / 2;
    expect(JSON.parse(rows[0]!.settings!)).toEqual({ lr: 0.01 });
    expect(Number(rows[0]!.value)).toBeCloseTo(costOfSgd(0.01), 9);

    // What is typed wins over the section.
    const longer = adamRepro(['tune', 'steep.yaml', '--set', 'training.steps=25'], { cwd });
    expect(longer.stdout).toContain('train-cost after 25 steps');
  });

  it('names each candidate by its settings, with the cost that is in the table', () => {
    const { stderr } = adamRepro(['tune', 'tiny.yaml', '-v', '--only', 'nesterov'], { cwd });
    const table = rowsOf('tiny-tune.csv').map((row) => [JSON.parse(row.settings!).lr, row.value] as const);
    expect(table).toHaveLength(2);
    for (const [lr, value] of table) {
      const cost = Number(value).toPrecision(4);
      expect(stderr).toMatch(new RegExp(`nesterov lr=${lr} seed 0 .*: complete, minibatch cost ${cost}`));
    }
  });

  it('stops when the time is over, and goes on with the same command', () => {
    const stopped = adamRepro(['tune', 'tiny.yaml', '--max-time', '0.001s'], { cwd });
    expect(stopped).toMatchObject({
      status: 4,
      stderr: expect.stringContaining('Go on with: adam-repro tune tiny.yaml'),
    });
    expect(adamRepro(['tune', 'tiny.yaml', '--max-time', '1h'], { cwd }).status).toBe(0);
  });

  it('prints what it has found where no trial of an optimizer comes to an end', () => {
    const search = ['--search', 'nesterov.lr=[1e300,1e301]'];
    const { status, stdout, stderr } = adamRepro(['tune', 'tiny.yaml', ...search], { cwd });
    expect({ status, stderr }).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no trial of nesterov came to an end without diverging'),
    });
    expect(stdout).toMatch(
      /For the spec:\n\nvariants:\n {2}tuned:\n {4}training: \{ epochs: 2 \}\n {4}optimizers:\n {6}adam: #/,
    );
    expect(stdout).toMatch(/nesterov +lr 1e\+300 +diverged/);
    expect(stdout).not.toContain('nesterov: #');
    const again = adamRepro(['tune', 'tiny.yaml', '--json', ...search], { cwd });
    expect(JSON.parse(again.stdout)).toMatchObject({ error: { code: 'failed', exitCode: 1 } });
  });

  it('keeps the result where the limit of a setting ends a range', () => {
    const search = ['--search', 'adam.lr=[1e-3]', '--search', 'adam.beta1={log: [0.5, 0.9], points: 2}'];
    const args = ['tune', 'tiny.yaml', '--only', 'adam', '--extend', ...search];
    const { status, stdout, stderr } = adamRepro(args, { cwd });
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('For the spec:') });
    expect(stderr).toMatch(/the best beta1, 0\.9, .* beyond the setting's limit \(.*found 1\.62\)/);
  });

  it('says what it would do, and writes nothing', () => {
    const { status, stdout } = adamRepro(['tune', 'tiny.yaml', '-n', '--json'], { cwd });
    expect(status).toBe(0);
    expect(JSON.parse(stdout).stages).toMatchObject([
      { epochs: 2, optimizer: 'adam', candidates: 2 },
      { epochs: 2, optimizer: 'nesterov', candidates: 2 },
    ]);
    expect(readdirSync(cwd)).toEqual(['tiny.yaml']);
  });
});

describe('adam-repro recover', () => {
  it('trains the nearest further, keeps what diverged in its table, and prints lines for the spec', () => {
    const { status, stdout, stderr } = adamRepro(['recover', 'tiny.yaml'], { cwd });
    expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringContaining('rung 2 of 2') });
    expect(stdout).toMatch(
      /\n {2}adam: # median \|log ratio\| to the paper's curve .* over 8 epochs\n {4}lr: 0\.001\n/,
    );
    expect(stdout).toContain('    weightDecay: null\n');
    const rows = rowsOf('tiny-recover.csv').map((row) => [row.optimizer, row.epochs, row.status]);
    expect(rows).toEqual([
      ['adam', '8', 'complete'],
      ['adam', '3', 'complete'],
      ['adam', '3', 'diverged'],
      ['nesterov', '8', 'complete'],
      ...Array(2).fill(['nesterov', '3', 'complete']),
    ]);
  });
});

describe('a rung before the curves begin', () => {
  it('is skipped, and named', () => {
    const { status, stderr } = adamRepro(['recover', 'tiny.yaml', '--rungs', '2,4'], { cwd });
    expect({ status, stderr }).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/Rung 1 of 2, 2 epochs, is skipped: .*\n.*rung 2 of 2/s),
    });
  });
});

describe('what makes no sense', () => {
  it.each([
    ['tune tiny.yaml --search adam.lr=[1]', 'adam 1, nesterov 2'],
    ['tune tiny.yaml --search adam.lr=1', 'Expected a path and its values'],
    ['tune tiny.yaml --search adam.lrr=[1]', 'did you mean "lr"?'],
    ['tune tiny.yaml --criterion cost', 'minibatch-cost'],
    ['tune tiny.yaml --search nesterov.lr=[1e-3,0.001]', 'nesterov are the same run'],
    [
      'tune tiny.yaml --only adam --search adam.schedule=["constant",{"type":"constant"}]',
      'schedule constant and lr 0.0001, schedule { type: constant }: leave one',
    ],
    ['recover tiny.yaml --rungs 3,2', 'ascending'],
    ['tune tiny.yaml --only rmsprop', 'none of rmsprop has a search space'],
    ['recover tiny.yaml --keep 0', 'above 0'],
    ['recover tiny.yaml --only nesterov --search model.depth=[1]', 'depth'],
  ])('adam-repro %s: exit code 2, and nothing is started', (line, message) => {
    const { status, stderr } = adamRepro(line.split(' '), { cwd });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(message) });
    expect(readdirSync(cwd)).toEqual(['tiny.yaml']);
  });
});
