import { describe, expect, it } from 'vitest';
import { canonicalJson, runId } from '../../src/spec/hash.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';

const run: ResolvedRun = {
  experiment: 'tiny',
  optimizer: 'adam',
  seed: 0,
  engine: 'reference',
  data: { name: 'synthetic', trainExamples: 64, testExamples: 32 },
  model: {
    type: 'mlp',
    hidden: [4],
    activation: 'relu',
    initialization: { type: 'glorot-uniform' },
    dropout: { input: 0, hidden: 0.5 },
  },
  batchSize: 16,
  epochs: 2,
  evaluation: { every: 1, batchSize: 1000 },
  optimizerSettings: {
    rule: 'adam',
    hyper: { lr: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, biasCorrection: true },
    schedule: { type: 'constant' },
    warmupSteps: 0,
    weightDecay: null,
  },
};

describe('runId', () => {
  it('never changes for the same run', () => {
    // Golden: results folders are named by it, so that a change would orphan everybody's results.
    expect(runId(run)).toBe('263c432d1b398122');
  });

  it('does not depend on the order of keys', () => {
    const reversed = Object.fromEntries(Object.entries(run).reverse()) as unknown as ResolvedRun;
    expect(runId(reversed)).toBe(runId(run));
  });

  it.each<[string, Partial<ResolvedRun>]>([
    ['seed', { seed: 1 }],
    ['engine', { engine: 'wasm' }],
    ['epochs', { epochs: 3 }],
    [
      'learning rate',
      { optimizerSettings: { ...run.optimizerSettings, hyper: { lr: 1.0000000000000002e-3 } } },
    ],
    ['digest of the rule', { optimizerSettings: { ...run.optimizerSettings, ruleDigest: 'ab' } }],
  ])('differs with the %s', (_, change) => {
    expect(runId({ ...run, ...change })).not.toBe(runId(run));
  });
});

describe('canonicalJson', () => {
  it('sorts keys at every depth, keeps lists in order and writes numbers in their shortest form', () => {
    expect(canonicalJson({ b: [3, { d: 1e-8, c: null }], a: 0.1, Z: 'é"', gone: undefined })).toBe(
      '{"Z":"é\\"","a":0.1,"b":[3,{"c":null,"d":1e-8}]}',
    );
  });

  it('writes no number that JSON cannot hold', () => {
    expect(() => canonicalJson({ a: Number.NaN })).toThrow('no JSON for NaN');
  });
});
