import { describe, expect, it } from 'vitest';
import { detectFeatures } from '../../../src/engines/wasm/features.ts';

describe('detectFeatures', () => {
  it('finds relaxed SIMD on every supported Node, behind a flag or not', () => {
    expect(detectFeatures({})).toEqual({ variant: 'relaxed-simd' });
  });

  it('takes the plain kernels when the environment says so', () => {
    expect(detectFeatures({ ADAM_REPRO_WASM: 'simd' })).toEqual({ variant: 'simd' });
    expect(detectFeatures({ ADAM_REPRO_WASM: 'anything' })).toEqual({ variant: 'relaxed-simd' });
  });

  it('falls back to the plain kernels where relaxed instructions are unknown', () => {
    const known: number[] = [];
    const withoutRelaxed = (bytes: Uint8Array) => {
      known.push(bytes.length);
      return WebAssembly.validate(bytes) && !Buffer.from(bytes).includes(Buffer.from([0xfd, 0x85, 0x02]));
    };
    expect(detectFeatures({}, withoutRelaxed)).toEqual({ variant: 'simd' });
    expect(new Set(known).size).toBe(2);
  });

  it('says what is missing and what to do where there is no SIMD', () => {
    expect(detectFeatures({}, () => false)).toEqual({
      missing: 'this JavaScript engine or processor runs no WebAssembly SIMD',
      remedy: 'use Node 20.19 or later on a processor with SSE4.1 or NEON, or --engine reference',
    });
  });
});
