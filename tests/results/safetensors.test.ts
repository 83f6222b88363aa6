import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../src/results/safetensors.ts';

const sample = {
  metadata: { b: 'two', a: 'é' },
  tensors: {
    w: { shape: [2, 2], data: new Float32Array([1, -0, Number.NaN, 1e-45]) },
    'layer/v': { shape: [3], data: new Float64Array([1 / 3, 2, Number.MIN_VALUE]) },
    scalar: { shape: [], data: new Float32Array([7]) },
    empty: { shape: [0, 4], data: new Float32Array([]) },
  },
};
const bytesOf = (file: Parameters<typeof encodeSafetensors>[0]) => Buffer.concat(encodeSafetensors(file));

describe('safetensors', () => {
  it('reads back what it wrote, to the bit', () => {
    expect(decodeSafetensors(bytesOf(sample))).toEqual(sample);
  });

  it('writes the format: little-endian length, JSON padded to 8 bytes, wide tensors first', () => {
    const bytes = bytesOf(sample);
    const length = Number(bytes.readBigUInt64LE());
    const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
    expect(length % 8).toBe(0);
    expect(header['layer/v']).toEqual({ dtype: 'F64', shape: [3], data_offsets: [0, 24] });
    expect(header.scalar).toEqual({ dtype: 'F32', shape: [], data_offsets: [24, 28] });
    expect(header.w).toEqual({ dtype: 'F32', shape: [2, 2], data_offsets: [28, 44] });
    expect(bytes.length).toBe(8 + length + 44);
  });

  it('gives equal bytes whatever the order of names', () => {
    const { w, scalar, ...rest } = sample.tensors;
    const other = { metadata: { a: 'é', b: 'two' }, tensors: { scalar, ...rest, w } };
    expect(bytesOf(other)).toEqual(bytesOf(sample));
  });

  it('takes part of a larger array', () => {
    const data = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
    const { tensors } = decodeSafetensors(bytesOf({ metadata: {}, tensors: { x: { shape: [2], data } } }))!;
    expect(tensors.x!.data).toEqual(new Float32Array([1, 2]));
  });

  it('refuses what is cut off', () => {
    const bytes = bytesOf(sample);
    for (let length = 0; length < bytes.length; length++) {
      expect(decodeSafetensors(bytes.subarray(0, length))).toBeUndefined();
    }
  });
});
