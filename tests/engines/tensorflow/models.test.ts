import { expect, it } from 'vitest';
import { makeSynthetic } from '../../../src/datasets/synthetic.ts';
import type { Engine } from '../../../src/engines/engine.ts';
import { reference } from '../../../src/engines/reference/index.ts';
import { tensorflow } from '../../../src/engines/tensorflow/index.ts';
import { buildModel } from '../../../src/models/index.ts';
import { optimizers, resolveHyper, scalarValues, traceRule } from '../../../src/optimizers/index.ts';
import type { NetworkSettings } from '../../../src/spec/run.ts';
import { buildProgram } from '../../../src/training/program.ts';
import { residentData } from '../../../src/training/resident-data.ts';
import { withTensorFlow } from './required.ts';

const initialization = { type: 'normal', deviation: 0.1 } as const;
const models: readonly NetworkSettings[] = [
  { type: 'logistic-regression', initialization, dropout: { input: 0.2 } },
  {
    type: 'mlp',
    hidden: [12, 9],
    activation: 'relu',
    initialization,
    dropout: { input: 0, hidden: 0.5 },
  },
  {
    type: 'cnn',
    channels: [3, 4],
    kernel: 3,
    pool: { size: 3, stride: 2, padding: 'same' },
    padding: 'same',
    dense: 8,
    image: [28, 28, 1],
    initialization,
    dropout: { input: 0, dense: 0.5 },
  },
  { type: 'vae', hidden: 10, latent: 3, activation: 'softplus', samples: 1, initialization },
];
const steps = 200;
const batchSize = 4;

/** The cost of each step and the cost of an evaluation behind the last. */
async function train(engine: Engine, settings: (typeof models)[number]): Promise<number[]> {
  const dataset = makeSynthetic(24, 8);
  const data = residentData(dataset);
  const hyper = resolveHyper(optimizers.adam);
  const { program, initial } = buildProgram({
    model: buildModel(settings),
    rule: traceRule(optimizers.adam, hyper),
    seed: 3,
    batchSize,
    evaluationBatchSize: batchSize,
    data: data.description,
  });
  const executable = await engine.compile(program);
  try {
    executable.run('initialize', { ...Object.fromEntries(initial), ...data.feeds });
    const costs: number[] = [];
    const rowsAt = (step: number) =>
      Int32Array.from({ length: batchSize }, (_, i) => (step * batchSize + i) % 24);
    for (let t = 1; t <= steps; t++) {
      const feeds = {
        rows: rowsAt(t),
        weights: new Float32Array(batchSize).fill(1 / batchSize),
        step: Int32Array.of(t - 1),
        scalars: scalarValues(optimizers.adam, hyper, null, t, 1),
      };
      costs.push(executable.run('step', feeds).cost![0]!);
    }
    const feeds = { rows: rowsAt(6), weights: new Float32Array(batchSize).fill(1), step: Int32Array.of(0) };
    return [...costs, executable.run('evaluate', feeds).cost![0]!];
  } finally {
    executable.dispose();
  }
}

withTensorFlow(`${steps} steps of each model beside the reference`, () => {
  it.each(models.map((settings) => [settings.type, settings] as const))('%s', async (_, settings) => {
    const [actual, wanted] = [await train(tensorflow, settings), await train(reference, settings)];
    expect(Math.abs(actual[0]! - wanted[0]!) / wanted[0]!).toBeLessThan(1e-5);
    wanted.forEach((cost, i) => {
      // Roundings of float32 grow from step to step; a wrong mask, row or moment would show in the first digits.
      expect(Math.abs(actual[i]! - cost), `cost ${i}: ${actual[i]}, not ${cost}`).toBeLessThan(
        1e-3 * cost + 1e-4,
      );
    });
  });
});
