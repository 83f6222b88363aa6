import { describe, expect, it } from 'vitest';
import { costsOf } from '../../src/runner/run-cost.ts';
import type { ModelSettings, ResolvedRun } from '../../src/spec/run.ts';
import { sampleRun } from '../results/sample-run.ts';

async function costOf(run: ResolvedRun) {
  return (await costsOf([{ id: 'x', run }])).get('x')!;
}
const initialization = { type: 'zeros' } as const;
const mlp: ModelSettings = {
  ...{ type: 'mlp', hidden: [100], activation: 'relu', initialization },
  dropout: { input: 0, hidden: 0 },
};

describe('costsOf', () => {
  it('counts the operations of steps, evaluations and updates', async () => {
    // 784 x 10 products and sums for each of 20 examples and 3 epochs, three times for the gradients; four passes over
    // 30 examples; 15 updates of 7,850 numbers. The cost of the rest of the graph is small beside it.
    const products = 2 * 7840 * (3 * 3 * 20 + 4 * 30) + 10 * 15 * 7850;
    const { work } = await costOf(sampleRun());
    expect(work).toBeGreaterThan(products);
    expect(work).toBeLessThan(1.3 * products);
  });

  it('grows with the epochs and with the model', async () => {
    const small = await costOf(sampleRun());
    const longer = await costOf(sampleRun({ epochs: 6 }));
    expect(longer.work / small.work).toBeGreaterThan(1.8);
    expect(longer.bytes).toBe(small.bytes);
    const large = await costOf(sampleRun({ model: mlp }));
    expect(large.work / small.work).toBeGreaterThan(8);
    expect(large.bytes).toBeGreaterThan(small.bytes);
  });

  it('does not depend on the engine, but memory does', async () => {
    const [reference, wasm] = [await costOf(sampleRun()), await costOf(sampleRun({ engine: 'wasm' }))];
    expect(wasm.work).toBe(reference.work);
    expect(wasm.bytes).toBeLessThan(reference.bytes);
  });

  it('leaves a model that cannot be built to its run', async () => {
    const costs = await costsOf([{ id: 'x', run: sampleRun(), modelFile: '/no/such/model.ts' }]);
    expect(costs.get('x')!.work).toBe(1);
  });

  it('counts the entries of sparse rows only', async () => {
    const data = {
      name: 'imdb',
      trainExamples: 20,
      testExamples: 10,
      words: 10_000,
      values: 'binary',
    } as const;
    const sparse = await costOf(sampleRun({ data: data as unknown as ResolvedRun['data'] }));
    const dense = await costOf(sampleRun());
    // 130 entries of 10,000 columns and 2 classes, against 784 pixels and 10 classes: but for the updates.
    expect(sparse.work - 10 * 15 * 20_002).toBeLessThan(0.2 * (dense.work - 10 * 15 * 7850));
  });
});
