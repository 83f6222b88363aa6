import { describe, expect, it } from 'vitest';
import { SpecError } from '../../src/spec/issue.ts';
import { loadSpec, parseSpec } from '../../src/spec/load.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import { showSpec } from '../../src/spec/show.ts';

const specOf = (changes: { data?: string; optimizers?: string } = {}) => `
data: ${changes.data ?? '{ name: cifar10, trainExamples: 64, testExamples: 16 }'}
model: { type: cnn, channels: [2], dense: 4 }
training: { epochs: 1 }
evaluation: { batchSize: 16 }
optimizers: ${changes.optimizers ?? '{ adam: {} }'}
`;
const resolved = async (text: string) => resolveSpec(await parseSpec('x.yaml', text), { engine: 'wasm' });
const messageOf = async (text: string): Promise<string> => {
  const error = await parseSpec('x.yaml', text).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(SpecError);
  return error.message;
};

describe('data: cifar10', () => {
  it.each([
    ['none', { type: 'none' }],
    ['per-channel', { type: 'per-channel' }],
    ['zca', { type: 'zca', epsilon: 0.1, contrast: 55 }],
    ['{ type: zca, epsilon: 0.01, contrast: null }', { type: 'zca', epsilon: 0.01, contrast: null }],
  ])('takes whitening: %s', async (whitening, settings) => {
    const { runs } = await resolved(specOf({ data: `{ name: cifar10, whitening: ${whitening} }` }));
    expect(runs[0]!.data).toEqual({
      ...{ name: 'cifar10', trainExamples: 50_000, testExamples: 10_000 },
      whitening: settings,
    });
  });

  it('is not whitened unless it is asked for', async () => {
    expect((await resolved(specOf())).runs[0]!.data).toMatchObject({ whitening: { type: 'none' } });
  });

  it.each([
    ['{ name: cifar10, whitening: pca }', 'expected one of none, per-channel, zca, found "pca"'],
    ['{ name: cifar10, whitening: { type: zca, epsilon: 0 } }', 'expected a number greater than 0, found 0'],
    ['{ name: cifar10, trainExamples: 50001 }', 'a whole number from 1 to 50000, found 50001'],
    ['{ name: mnist, whitening: zca }', 'unknown key "whitening" in data'],
  ])('refuses %s', async (data, message) => {
    expect(await messageOf(specOf({ data }))).toContain(message);
  });
});

describe('the model of an entry', () => {
  const two = '{ plain: { rule: adam }, drop: { rule: adam, model: { dropout: { dense: 0.5 } } } }';

  it('changes the network of its runs only, and leaves a trace in what is shown', async () => {
    const experiment = await resolved(specOf({ optimizers: two }));
    const [plain, drop] = experiment.runs;
    expect(plain!.model).toMatchObject({ channels: [2], dropout: { input: 0, dense: 0 } });
    expect(drop!.model).toEqual({ ...plain!.model, dropout: { input: 0, dense: 0.5 } });
    const again = await resolved(
      `name: ${experiment.name}\n${showSpec(experiment).replace(/^name:.*$/m, '')}`,
    );
    expect(again.runs).toEqual(experiment.runs);
  });

  it('can be varied by the grid of the entry', async () => {
    const optimizers = '{ adam: { grid: { model.dropout.dense: [0.1, 0.5] } } }';
    const { runs } = await resolved(specOf({ optimizers }));
    expect(runs.map(({ model }) => model)).toMatchObject([
      { dropout: { dense: 0.1 } },
      { dropout: { dense: 0.5 } },
    ]);
  });

  it.each([
    ['{ dens: 3 }', 'unknown key "dens" in optimizers.adam.model; did you mean "dense"?'],
    ['{ dropout: { dense: 2 } }', 'optimizers.adam.model.dropout.dense: expected a number from 0 up to'],
    ['{ type: mlp }', 'optimizers.adam.model.type: an entry changes settings of a shipped network'],
    ['{ channels: [2, 2, 2, 2, 2, 2, 2], pool: { padding: valid } }', 'optimizers.adam.model: '],
  ])('is refused with its place: %s', async (model, message) => {
    expect(await messageOf(specOf({ optimizers: `{ adam: { model: ${model} } }` }))).toContain(message);
  });
});

describe('the experiment cifar10-cnn', () => {
  it('has the network and the six runs of the figure, which share all but optimizer and dropout', async () => {
    const { runs, optimizers } = await resolveSpec(await loadSpec('cifar10-cnn'), {
      engine: 'wasm',
      profile: 'paper',
    });
    expect(optimizers.map(({ paperCurve }) => paperCurve?.name)).toEqual([
      ...['AdaGrad', 'AdaGrad+dropout', 'SGDNesterov', 'SGDNesterov+dropout', 'Adam', 'Adam+dropout'],
    ]);
    expect(runs).toHaveLength(6);
    for (const [i, run] of runs.entries()) {
      expect([run.data, run.batchSize, run.epochs]).toEqual([runs[0]!.data, 128, 45]);
      const dropout = i % 2 === 0 ? { input: 0, dense: 0 } : { input: 0.2, dense: 0.5 };
      expect(run.model).toEqual({ ...runs[0]!.model, dropout });
    }
  });

  it('names what the smoke profile leaves out, the whitening too', async () => {
    const { cuts } = await resolveSpec(await loadSpec('cifar10-cnn'), { engine: 'wasm', profile: 'smoke' });
    expect(cuts.join('; ')).toContain('data.whitening');
  });
});
