import { describe, expect, it } from 'vitest';
import {
  normals,
  permutation,
  philoxBlock,
  randomBits,
  streams,
  uniforms,
  unitInterval,
} from '../../src/graph/philox.ts';

const hex = (words: Uint32Array): string => [...words].map((w) => w.toString(16).padStart(8, '0')).join(' ');
const key = { seed: 7, stream: 'dropout', draw: 0 } as const;

describe('philox', () => {
  // The known answers published with Random123 1.14 (tests/kat_vectors, philox4x32 10).
  it.each([
    [[0, 0], [0, 0, 0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      '408f276d 41c83b0e a20bc7c6 6d5451fd',
    ],
    [
      [0xa4093822, 0x299f31d0],
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    ],
  ] as const)('gives the published block for key %j', (k, counter, expected) => {
    const out = new Uint32Array(4);
    philoxBlock(k, counter, out);
    expect(hex(out)).toBe(expected);
  });

  it('is a function of key and counter: a longer array starts with the shorter one', () => {
    expect([...randomBits(1000, key, 3).subarray(0, 10)]).toEqual([...randomBits(10, key, 3)]);
  });

  it.each([
    ['seed', { ...key, seed: 8 }, 3],
    ['seed 0', { ...key, seed: 0 }, 3],
    ['stream', { ...key, stream: 'latent' }, 3],
    ['draw', { ...key, draw: 1 }, 3],
    ['step', key, 4],
  ] as const)('changes with the %s', (_, changed, step) => {
    expect([...randomBits(8, changed, step)]).not.toEqual([...randomBits(8, key, 3)]);
  });

  it('keeps the numbers of the streams: they are part of every published result', () => {
    expect(streams).toEqual({ init: 0, shuffle: 1, dropout: 2, latent: 3, data: 4 });
  });

  it('gives uniform numbers in [0, 1) that float32 holds exactly', () => {
    const u = uniforms(20_000, key, 0);
    expect(Math.max(...u)).toBeLessThan(1);
    expect(Math.min(...u)).toBeGreaterThanOrEqual(0);
    expect(u.every((x) => Math.fround(x) === x)).toBe(true);
    // Mean and variance within five standard errors of 1/2 and 1/12.
    const mean = u.reduce((a, b) => a + b) / u.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / u.length));
    expect(unitInterval(0xffffffff)).toBe(1 - 2 ** -23);
  });

  it('gives standard normal numbers', () => {
    const x = normals(20_001, key, 0);
    const mean = x.reduce((a, b) => a + b) / x.length;
    const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length;
    const fourth = x.reduce((a, b) => a + (b - mean) ** 4, 0) / x.length;
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(x.length));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / x.length));
    expect(Math.abs(fourth - 3)).toBeLessThan(5 * Math.sqrt(96 / x.length));
  });

  it('orders every example once, differently in each epoch and for each seed', () => {
    const order = permutation(1000, 0, 0);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect([...permutation(1000, 0, 1)]).not.toEqual([...order]);
    expect([...permutation(1000, 1, 0)]).not.toEqual([...order]);
    expect([...permutation(1000, 0, 0)]).toEqual([...order]);
  });
});
