import { expect, it } from 'vitest';
import { normals, type PhiloxKey, streams, uniforms } from '../../../src/graph/philox.ts';
import { describeVariants, worst } from './kernel-module.ts';

const keys: readonly { key: PhiloxKey; step: number }[] = [
  { key: { seed: 0, stream: 'init', draw: 0 }, step: 0 },
  { key: { seed: 1, stream: 'dropout', draw: 3 }, step: 70_000 },
  { key: { seed: 0xffffffff, stream: 'latent', draw: 1 }, step: 0x7fffffff },
];

const numbersOf = ({ seed, stream, draw }: PhiloxKey): number[] => [seed, streams[stream], draw];

describeVariants((module) => {
  it('randomUniform gives the very numbers of philox.ts, for all sizes, keys and steps', () => {
    for (const { key, step } of keys) {
      for (const size of [...Array(34).keys(), 1001]) {
        module.clear();
        const out = module.output(size);
        module.run('randomUniform', out, size, ...numbersOf(key), step);
        expect([...out]).toEqual([...uniforms(size, key, step)]);
        expect(module.intact()).toBe(true);
      }
    }
  });

  it('dropoutMask compares the same uniform numbers with the rate', () => {
    for (const { key, step } of keys) {
      for (const rate of [0, 0.2, 0.5, 0.999]) {
        module.clear();
        const out = module.output(533);
        const kept = Math.fround(1 / (1 - rate));
        module.run('dropoutMask', out, 533, ...numbersOf(key), step, rate, kept);
        const expected = uniforms(533, key, step).map((u) => (u < Math.fround(rate) ? 0 : kept));
        expect([...out]).toEqual([...expected]);
        expect(module.intact()).toBe(true);
      }
    }
  });

  it('randomNormal agrees with philox.ts to float32 accuracy', () => {
    for (const { key, step } of keys) {
      for (const size of [1, 2, 3, 5, 15, 16, 17, 20_011]) {
        module.clear();
        const out = module.output(size);
        module.run('randomNormal', out, size, ...numbersOf(key), step);
        const expected = normals(size, key, step);
        // Values up to 5.7 from a logarithm, a root and a sine, each good to about one unit of 2^-24.
        expect(worst(size, (i) => Math.abs(out[i]! - expected[i]!))).toBeLessThan(1.2e-6);
        expect(module.intact()).toBe(true);
      }
    }
  });
});
