import { describe, expect, it } from 'vitest';
import { runId } from '../../src/spec/hash.ts';
import { SpecError } from '../../src/spec/issue.ts';
import { parseSpec } from '../../src/spec/load.ts';
import { type ResolveOptions, resolveSpec } from '../../src/spec/resolve.ts';
import { showSpec } from '../../src/spec/show.ts';

function gridSpec(change: Partial<Record<'training' | 'optimizers' | 'more', string>>): string {
  const parts = {
    data: 'data: { name: synthetic }',
    model: 'model: { type: mlp, hidden: [4] }',
    training: 'training: { batchSize: 10, epochs: 2 }',
    optimizers: 'optimizers: { adam: {} }',
    more: 'seeds: [0]',
    ...change,
  };
  return [parts.data, parts.model, parts.training, parts.optimizers, parts.more].join('\n');
}

async function resolved(text: string, options: Partial<ResolveOptions> = {}) {
  return resolveSpec(await parseSpec('x.yaml', text), { engine: 'reference', profile: 'paper', ...options });
}

async function mistakesIn(text: string, options: Partial<ResolveOptions> = {}): Promise<string> {
  const refusal: unknown = await resolved(text, options).catch((error: unknown) => error);
  if (!(refusal instanceof SpecError)) throw new Error('the spec was accepted', { cause: refusal });
  return refusal.message;
}

const ofAdam = gridSpec({
  optimizers: [
    'optimizers:',
    '  sgd: {}',
    '  adam:',
    '    lr: 5',
    '    grid: { lr: [1e-3, 1e-2], beta1: [0, 0.5, 0.9] }',
  ].join('\n'),
});

describe("an optimizer's grid", () => {
  it('runs every combination, the last list changing fastest, beside optimizers that have none', async () => {
    const { runs } = await resolved(ofAdam);
    expect(
      runs.map(({ optimizer, optimizerSettings: { hyper } }) => [optimizer, hyper.lr, hyper.beta1]),
    ).toEqual([
      ['sgd', 0.01, undefined],
      ['adam', 1e-3, 0],
      ['adam', 1e-3, 0.5],
      ['adam', 1e-3, 0.9],
      ['adam', 1e-2, 0],
      ['adam', 1e-2, 0.5],
      ['adam', 1e-2, 0.9],
    ]);
    expect(new Set(runs.map(runId)).size).toBe(7);
  });

  it('reaches into maps, also into those that are there for it alone', async () => {
    const { runs } = await resolved(
      gridSpec({
        optimizers: [
          'optimizers:',
          '  sgd:',
          '    weightDecay: { mode: l2 }',
          '    grid: { weightDecay.rate: [0, 0.1], schedule: [constant, { type: cosine }], schedule.type: [cosine] }',
        ].join('\n'),
      }),
    );
    expect(
      runs.map(({ optimizerSettings: { weightDecay, schedule } }) => [weightDecay?.rate, schedule]),
    ).toEqual([
      [0, { type: 'cosine', epochs: 2 }],
      [0, { type: 'cosine', epochs: 2 }],
      [0.1, { type: 'cosine', epochs: 2 }],
      [0.1, { type: 'cosine', epochs: 2 }],
    ]);
  });
});

describe('the grid of the experiment', () => {
  const text = gridSpec({
    optimizers: 'optimizers: { sgd: {}, adam: { schedule: cosine, grid: { lr: [1e-3, 1e-2] } } }',
    more: 'seeds: [0, 1]\ngrid: { training.epochs: [1, 4], model.dropout.hidden: [0, 0.5] }',
  });

  it('runs every combination for every optimizer', async () => {
    const { runs } = await resolved(text);
    expect(runs).toHaveLength(2 * 2 * 2 * 3);
    const [point] = [runs.slice(3, 6)];
    expect(point.map(({ seed, epochs, optimizer }) => [seed, epochs, optimizer])).toEqual([
      [0, 1, 'sgd'],
      [0, 1, 'adam'],
      [0, 1, 'adam'],
    ]);
    expect(point[0]!.model).toMatchObject({ dropout: { input: 0, hidden: 0.5 } });
  });

  it('lets a cosine be as long as each run', async () => {
    const { runs } = await resolved(text);
    for (const { epochs, optimizer, optimizerSettings } of runs) {
      if (optimizer === 'adam') expect(optimizerSettings.schedule).toEqual({ type: 'cosine', epochs });
    }
  });

  it.each([ofAdam, text])('is written out so that the saved spec has the same runs', async (spec) => {
    const experiment = await resolved(spec);
    const shown = await parseSpec('other.yaml', showSpec(experiment));
    const again = await resolveSpec(shown, { engine: 'wasm', profile: 'quick' });
    expect(again.runs.map(runId)).toEqual(experiment.runs.map((run) => runId(run)));
  });
});

describe('grids in layers', () => {
  const text = gridSpec({
    optimizers: 'optimizers: { adam: { grid: { lr: [1e-4, 1e-3, 1e-2], beta2: [0.9, 0.99] } }, sgd: {} }',
    more: [
      'grid: { model.hidden: [[2], [4]] }',
      'profiles:',
      '  smoke: { training: { epochs: 1 }, grid: {}, optimizers: { adam: { grid: { lr: [1e-3] } } }, only: [adam] }',
      '  quick: { optimizers: { adam: { lr: 0.5 } } }',
    ].join('\n'),
  });

  it('are replaced as a whole by a profile', async () => {
    const { runs, cuts } = await resolved(text, { profile: 'smoke' });
    expect(runs.map(({ optimizerSettings: { hyper } }) => [hyper.lr, hyper.beta2])).toEqual([[1e-3, 0.999]]);
    expect(cuts).toEqual([
      '1 of 2 epochs',
      '1 of 2 optimizers (without sgd)',
      'model.hidden [4] instead of each of [2], [4]',
      'adam.lr: 1 of 3 values',
      'adam.beta2 the default instead of each of 0.9, 0.99',
    ]);
  });

  it('give way to a value in a profile or on the command line', async () => {
    const quick = await resolved(text, { profile: 'quick' });
    expect(quick.runs).toHaveLength(2 * (2 + 1));
    expect(quick.cuts).toEqual(['adam.lr 0.5 instead of each of 0.0001, 0.001, 0.01']);
    const set = ['optimizers.adam.beta2=0.5', 'model.hidden=[3]', 'optimizers.adam.grid.lr=[1, 2]'];
    const { runs } = await resolved(text, { overrides: { set, only: 'adam' } });
    expect(runs.map(({ optimizerSettings: { hyper } }) => [hyper.lr, hyper.beta2])).toEqual([
      [1, 0.5],
      [2, 0.5],
    ]);
  });
});

const broken: [string, string, string[]][] = [
  [
    'a misspelled path',
    gridSpec({ optimizers: 'optimizers: { adam: { grid: { bta1: [0, 0.9] } } }' }),
    ['x.yaml:4:31: unknown key "bta1" in optimizers.adam; did you mean "beta1"?'],
  ],
  [
    'a value that cannot be',
    gridSpec({ optimizers: 'optimizers: { adam: { grid: { lr: [1, -1] } } }' }),
    ['x.yaml:4:39: optimizers.adam.lr: expected a number >= 0, found -1'],
  ],
  [
    'a value of a map that cannot be, beyond the first point',
    gridSpec({
      optimizers: 'optimizers: { adam: { grid: { lr: [1, 2], schedule: [cosine, { type: step-drop }] } } }',
    }),
    [
      'x.yaml:4:62: missing key "epochs" in optimizers.adam.schedule: expected a list of ascending epochs, such as [30, 60, 80]',
    ],
  ],
  [
    'a misspelled path into a map',
    gridSpec({ optimizers: 'optimizers: { adam: { grid: { weightDecya.rate: [0, 1] } } }' }),
    ['x.yaml:4:31: unknown key "weightDecya" in optimizers.adam; did you mean "weightDecay"?'],
  ],
  [
    'no list',
    gridSpec({ optimizers: 'optimizers: { adam: { grid: { lr: 1 } } }' }),
    ['x.yaml:4:35: optimizers.adam.grid.lr: expected a list of distinct values, found 1'],
  ],
  [
    'no map',
    gridSpec({ more: 'grid: [1]' }),
    ['x.yaml:5:7: grid: expected a map from paths to lists, such as { lr: [1e-3, 1e-2] }, found [1]'],
  ],
  [
    'equal values',
    gridSpec({ more: 'grid: { training.epochs: [1, 2, 1] }' }),
    ['x.yaml:5:26: grid.training.epochs: expected a list of distinct values, found [1, 2, 1]'],
  ],
  [
    'a part of the spec that is the same for all runs',
    gridSpec({ more: 'grid: { optimizers.adam.lr: [1, 2] }' }),
    ['x.yaml:5:9: unknown key "optimizers.adam.lr" in grid; allowed: data, model, training, evaluation'],
  ],
  [
    "an entry's rule",
    gridSpec({ optimizers: 'optimizers: { adam: { grid: { rule: [sgd, adam] } } }' }),
    ['x.yaml:4:31: optimizers.adam.grid.rule: this cannot be a list of values'],
  ],
  [
    'a path into a list',
    gridSpec({ more: 'grid: { model.hidden.0: [1, 2] }' }),
    ['x.yaml:5:9: model.hidden is no map: set the whole of it, such as [1, 2]'],
  ],
  [
    'a model that does not fit at one point',
    gridSpec({ more: 'grid: { model.hidden: [[2], [0]] }' }),
    ['x.yaml:5:30: model.hidden[0]: expected a whole number, at least 1, found 0'],
  ],
  [
    'more runs than anyone would start',
    gridSpec({
      optimizers: `optimizers: { adam: { grid: { lr: [${Array.from({ length: 400 }, (_, i) => i)}] } } }`,
      more: `grid: { training.batchSize: [${Array.from({ length: 300 }, (_, i) => i + 1)}] }`,
    }),
    ['x.yaml:4:31: the grids make 120,000 runs: at most 100,000 are possible'],
  ],
];

describe('a mistake in a grid', () => {
  it.each(broken)('names its place: %s', async (_, text, lines) => {
    const places = (await mistakesIn(text)).split('\n').filter((line) => line.startsWith('x.yaml'));
    expect(places).toEqual(lines);
  });

  it('is found on the command line too', async () => {
    const overrides = { set: ['optimizers.adam.grid.beta1=[0.5, 1.5]'] };
    expect(await mistakesIn(ofAdam, { overrides })).toBe(
      '--set optimizers.adam.grid.beta1=[0.5, 1.5]: optimizers.adam.beta1: expected a number >= 0 and < 1, found 1.5',
    );
  });
});
