import { describe, expect, it } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/results/checkpoint.ts';

const snapshot = {
  state: { epoch: 3, step: 17, stepInEpoch: 2, epochCostSum: 0.1 + 0.2, epochExamples: 8 },
  tensors: { w: { shape: [2], data: new Float32Array([1.5, -2]) } },
};
const curve = { bytes: 123, sha256: 'ab'.repeat(32) };
const bytes = Buffer.concat(encodeCheckpoint('run1', snapshot, curve));

describe('checkpoint', () => {
  it('reads back what it wrote', () => {
    expect(decodeCheckpoint(bytes, 'run1')).toEqual({ id: 'run1', state: snapshot.state, curve, snapshot });
  });

  it('is refused for another run', () => {
    expect(decodeCheckpoint(bytes, 'run2')).toBeUndefined();
  });

  it('is refused with any single bit changed', () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(decodeCheckpoint(flipped, 'run1'), `bit ${bit}`).toBeUndefined();
    }
  });

  it('is refused at every other length', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(decodeCheckpoint(bytes.subarray(0, length), 'run1'), `length ${length}`).toBeUndefined();
    }
    expect(decodeCheckpoint(Buffer.concat([bytes, Buffer.alloc(64)]), 'run1')).toBeUndefined();
  });
});
