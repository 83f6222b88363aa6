import { describe, expect, it } from 'vitest';
import type { Dataset, DenseInputs, SparseInputs, Split } from '../../src/datasets/dataset.ts';
import type { Engine } from '../../src/engines/engine.ts';
import { reference } from '../../src/engines/reference/index.ts';
import { tensorflow } from '../../src/engines/tensorflow/index.ts';
import { wasm } from '../../src/engines/wasm/index.ts';
import { uniforms } from '../../src/graph/philox.ts';
import { optimizers } from '../../src/optimizers/index.ts';
import type { NetworkSettings } from '../../src/spec/run.ts';
import { openTrial } from '../../src/training/trial.ts';
import { countWords } from '../datasets/bags.ts';
import { withTensorFlow } from '../engines/tensorflow/required.ts';
import { record, smallRun } from './runs.ts';

/** Reviews of up to eight words out of twelve, some without any; more often "w1" where the class is 1. */
function reviews(count: number, draw: number): Split<SparseInputs> {
  const words = Array.from({ length: 12 }, (_, i) => `w${i}`);
  const random = uniforms(count * 9, { seed: 1, stream: 'data', draw }, 0);
  const texts = Array.from({ length: count }, (_, i) => {
    const [length, ...picked] = random.subarray(9 * i, 9 * (i + 1));
    const text = picked.slice(0, Math.floor(length! * 9)).map((u) => words[Math.floor(u * 12)]);
    return [...text, ...(i % 3 === 1 ? ['w1'] : [])].join(' ');
  });
  return {
    examples: count,
    inputs: countWords(texts, words),
    labels: Uint8Array.from({ length: count }, (_, i) => Number(i % 3 === 1)),
  };
}

function dense({ examples, inputs, labels }: Split<SparseInputs>): Split<DenseInputs> {
  const { offsets, columns, counts, width } = inputs;
  const data = new Float32Array(examples * width);
  for (let i = 0; i < examples; i++) {
    for (let e = offsets[i]!; e < offsets[i + 1]!; e++) data[i * width + columns[e]!] = counts[e]!;
  }
  return { examples, inputs: { data, shape: [width], scale: 1 }, labels };
}

const rest = { name: 'made up', classes: 2, checksums: {} };
const sparseData: Dataset = { ...rest, train: reviews(40, 0), test: reviews(21, 1) };
const denseData: Dataset = {
  ...rest,
  train: dense(sparseData.train as Split<SparseInputs>),
  test: dense(sparseData.test as Split<SparseInputs>),
};

const logistic = (input: number): NetworkSettings => ({
  type: 'logistic-regression',
  initialization: { type: 'zeros' },
  dropout: { input },
});

async function train(engine: Engine, dataset: Dataset, model: NetworkSettings) {
  const run = smallRun('adam', { model, evaluation: { every: 1, batchSize: 16 } });
  const trial = await openTrial(run, { dataset, optimizer: optimizers.adam, engine });
  const { rows, last } = await record(trial);
  trial.dispose();
  return { rows: rows.map(({ value }) => value), tensors: last!.tensors };
}

function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const worst = Array.from(expected, (x, i) => Math.abs(actual[i]! - x)).reduce((a, b) => Math.max(a, b), 0);
  expect(worst).toBeLessThanOrEqual(tolerance);
}

function trainsOnSparseRows(engine: Engine, tolerance: number): void {
  const mlp: NetworkSettings = {
    type: 'mlp',
    hidden: [5],
    activation: 'tanh',
    initialization: { type: 'glorot-uniform' },
    dropout: { input: 0, hidden: 0.5 },
  };
  it.each([
    ['logistic-regression', logistic(0)],
    ['mlp', mlp],
  ] as const)('is that on the same rows written out: %s', async (_name, model) => {
    const sparse = await train(engine, sparseData, model);
    const written = await train(engine, denseData, model);
    expectNear(sparse.rows, written.rows, Math.max(tolerance, 1e-12));
    for (const [name, { data }] of Object.entries(sparse.tensors)) {
      expectNear(data, written.tensors[name]!.data, Math.max(tolerance, 1e-12));
    }
  });

  it('drops the same entries as the reference', async () => {
    const ours = await train(engine, sparseData, logistic(0.5));
    const wanted = await train(reference, sparseData, logistic(0.5));
    expectNear(ours.rows, wanted.rows, tolerance);
    const without = await train(reference, sparseData, logistic(0));
    expect(wanted.rows[4]).not.toBe(without.rows[4]);
  });
}

describe('training on sparse rows', () => {
  describe('with the reference engine', () => trainsOnSparseRows(reference, 0));
  describe('with the wasm engine', () => trainsOnSparseRows(wasm, 2e-6));
  withTensorFlow('with the tensorflow engine', () => trainsOnSparseRows(tensorflow, 2e-6));
});
