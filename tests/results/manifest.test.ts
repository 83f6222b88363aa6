import { describe, expect, it } from 'vitest';
import { difference, type Provenance } from '../../src/results/index.ts';

const before: Provenance = {
  versions: { 'adam-repro': '0.1.0', node: '20.19.0' },
  engine: { name: 'wasm', variant: 'simd', device: 'cpu' },
  threads: 1,
  data: { a: '00', b: '11' },
  parameters: 7850,
  fingerprint: { initialWeights: '22', batchOrder: '33' },
};

describe('difference', () => {
  it.each<[string, Partial<Provenance>, string | undefined]>([
    ['nothing', {}, undefined],
    [
      'Node.js alone',
      { versions: { ...before.versions, node: '22.1.0' } },
      'the version of Node.js changed from 20.19.0 to 22.1.0',
    ],
    [
      'this program and the engine',
      {
        versions: { ...before.versions, 'adam-repro': '0.2.0' },
        engine: { ...before.engine, variant: 'relaxed' },
      },
      "the version of adam-repro changed from 0.1.0 to 0.2.0, the engine's variant changed from simd to relaxed",
    ],
    ['threads', { threads: 2 }, 'the number of threads changed from 1 to 2'],
    ['a data file', { data: { a: '00', b: '12' } }, 'the data changed (b)'],
    [
      'the weights',
      { fingerprint: { ...before.fingerprint, initialWeights: '2' } },
      'the initial weights changed',
    ],
  ])('names %s', (_, changes, expected) => {
    expect(difference(before, { ...before, ...changes })).toBe(expected);
  });
});
