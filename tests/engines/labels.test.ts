import { expect, it } from 'vitest';
import { loadEngine } from '../../src/engines/index.ts';
import { feed, misclassified, softmaxCrossEntropy } from '../../src/graph/ops/index.ts';
import type { Program, Signature } from '../../src/graph/program.ts';

const nothing: Signature = { feeds: [], fetches: {}, assignments: [], updates: [] };

it.each(['reference', 'wasm'] as const)('%s gives NaN where a label is no class', async (name) => {
  const logits = feed('logits', [3, 2]);
  const labels = feed('labels', [3], 'uint8');
  const cost = softmaxCrossEntropy(logits, labels);
  const error = misclassified(logits, labels);
  const evaluate = { ...nothing, feeds: [logits, labels], fetches: { cost, error } };
  const program: Program = {
    variables: [],
    signatures: { initialize: nothing, step: nothing, evaluate, read: nothing, restore: nothing },
  };
  const executable = await (await loadEngine(name)).compile(program);
  const feeds = { logits: new Float32Array(6), labels: Uint8Array.of(2, 1, 255) };
  const fetches = executable.run('evaluate', feeds);
  expect(Array.from(fetches.cost!, (x) => x.toFixed(4))).toEqual(['NaN', '0.6931', 'NaN']);
  expect([...fetches.error!]).toEqual([1, 1, 1]);
  executable.dispose();
});
