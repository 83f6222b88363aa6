import { expect, it } from 'vitest';
import { uniforms } from '../../../src/graph/philox.ts';
import { describeVariants, numbers, ulps, worst } from './kernel-module.ts';

const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33, 1003];

describeVariants((module) => {
  it('fill writes all elements and no others', () => {
    for (const size of sizes) {
      module.clear();
      const out = module.output(size);
      module.run('fill', out, 0.1, size);
      expect([...out]).toEqual(new Array(size).fill(Math.fround(0.1)));
      expect(module.intact()).toBe(true);
    }
  });

  it('sum is the exact sum rounded once, over any of three axes', () => {
    for (const middle of [1, 2, 7, 8, 9, 131]) {
      for (const inner of [1, 2, 3, 4, 5, 15, 16, 17, 23, 65]) {
        for (const outer of [1, 3]) {
          module.clear();
          const x = module.floats(numbers(outer * middle * inner, middle + inner));
          const out = module.output(outer * inner);
          module.run('sum', x, out, outer, middle, inner);
          const expected = (i: number): number => {
            const [o, j] = [Math.floor(i / inner), i % inner];
            let total = 0;
            for (let m = 0; m < middle; m++) total += x[(o * middle + m) * inner + j]!;
            return total;
          };
          // float64 accumulators: what is left is the final rounding.
          expect(worst(out.length, (i) => ulps(out[i]!, expected(i)))).toBeLessThan(0.5001);
          expect(module.intact()).toBe(true);
        }
      }
    }
  });

  it('sum of a million numbers loses nothing', () => {
    module.clear();
    const x = module.floats(new Float32Array(1_000_003).fill(0.1));
    const out = module.output(1);
    module.run('sum', x, out, 1, x.length, 1);
    expect(out[0]).toBe(Math.fround(1_000_003 * Math.fround(0.1)));
  });

  it('expand repeats along the middle axis', () => {
    for (const middle of [1, 3, 9]) {
      for (const inner of [1, 2, 5, 16, 100]) {
        module.clear();
        const x = module.floats(numbers(2 * inner));
        const out = module.output(2 * middle * inner);
        module.run('expand', x, out, 2, middle, inner);
        const expected = out.map((_, i) => x[Math.floor(i / (middle * inner)) * inner + (i % inner)]!);
        expect([...out]).toEqual([...expected]);
        expect(module.intact()).toBe(true);
      }
    }
  });

  it('copyBlocks moves strided blocks of any number of bytes', () => {
    for (const size of [1, 3, 4, 8, 12, 60, 64, 68, 130]) {
      module.clear();
      const source = module.uint8s(Uint8Array.from({ length: 3 * size + 20 }, (_, i) => i % 251));
      const out = module.uint8s(new Uint8Array(2 * (size + 3) + size));
      module.run('copyBlocks', source, out, 3, size, size + 7, size + 3);
      const expected = new Uint8Array(out.length);
      for (let i = 0; i < 3; i++)
        expected.set(source.subarray(i * (size + 7), i * (size + 7) + size), i * (size + 3));
      expect([...out]).toEqual([...expected]);
      expect(module.intact()).toBe(true);
    }
  });

  it('gatherRows copies rows of any type', () => {
    for (const width of [1, 2, 5, 17, 784]) {
      module.clear();
      const data = module.floats(numbers(9 * width));
      const rows = module.ints([8, 0, 3, 3]);
      const out = module.output(4 * width);
      module.run('gatherRows', data, rows, out, 4, 4 * width);
      expect([...out]).toEqual(
        [...rows].flatMap((row) => [...data.subarray(row * width, (row + 1) * width)]),
      );
      expect(module.intact()).toBe(true);
    }
  });

  it('gathers whole numbers and floats multiplied by a scale', () => {
    for (const width of [1, 2, 3, 4, 5, 31, 784]) {
      module.clear();
      const scale = Math.fround(1 / 255);
      const values = Array.from({ length: 7 * width }, (_, i) => (i * 37) % 256);
      const rows = module.ints([6, 0, 2, 6, 1]);
      const data = {
        gatherScaled: module.uint8s(values),
        gatherScaledInt: module.ints(values.map((x) => x * 1000 - 90_000)),
        gatherScaledFloat: module.floats(values.map((x) => x / 3 - 20)),
      };
      for (const [name, source] of Object.entries(data)) {
        const out = module.output(5 * width);
        module.run(name, source, rows, out, 5, width, scale);
        const expected = out.map(
          (_, i) => source[rows[Math.floor(i / width)]! * width + (i % width)]! * scale,
        );
        expect([...out], name).toEqual([...expected]);
      }
      expect(module.intact()).toBe(true);
    }
  });

  it('multiplies sparse rows, which end where their offsets say', () => {
    const [rows, d] = [5, 9];
    for (const n of [1, 2, 3, 4, 5, 17]) {
      module.clear();
      // Row 1 is empty, row 3 names a column twice; what stands behind the last row must not be read.
      const offsets = module.ints([0, 3, 3, 7, 10, 12]);
      const columns = module.ints([0, 8, 3, 2, 2, 2, 1, 2, 2, 5, 5, 7, 99999, -1]);
      const values = module.floats(numbers(columns.length));
      const weights = module.floats(numbers(d * n, 2));
      const g = module.floats(numbers(rows * n, 3));
      const out = module.output(rows * n);
      const gradient = module.output(d * n);
      module.run('sparseMatmul', columns, values, offsets, weights, out, rows, n);
      module.run('sparseMatmulGradient', columns, values, offsets, g, gradient, rows, n, d);
      const product = new Float64Array(rows * n);
      const slope = new Float64Array(d * n);
      for (let b = 0; b < rows; b++) {
        for (let e = offsets[b]!; e < offsets[b + 1]!; e++) {
          const column = columns[e]!;
          for (let j = 0; j < n; j++) {
            product[b * n + j]! += values[e]! * weights[column * n + j]!;
            slope[column * n + j]! += values[e]! * g[b * n + j]!;
          }
        }
      }
      // At most four terms below 1: a few roundings of 2^-24.
      expect(worst(out.length, (i) => Math.abs(out[i]! - product[i]!))).toBeLessThan(5e-7);
      expect(worst(gradient.length, (i) => Math.abs(gradient[i]! - slope[i]!))).toBeLessThan(5e-7);
      expect(module.intact()).toBe(true);
    }
  });

  it('gathers sparse rows and drops some of their entries, and clears what is left of an array', () => {
    module.clear();
    const offsets = module.ints([0, 3, 3, 8]);
    const data = module.floats(numbers(8));
    const chosen = module.ints([2, 1, 0]);
    const batchOffsets = module.ints([9, 9, 9, 9]);
    const [gathered, kept] = [module.output(11), module.output(11)];
    module.run('raggedOffsets', offsets, chosen, batchOffsets, 3);
    module.run('raggedGather', data, offsets, chosen, gathered, 3, 11, 4);
    module.run('sparseDropout', gathered, batchOffsets, kept, 3, 11, 7, 2, 0, 5, 0.5, 2);
    expect([...batchOffsets]).toEqual([0, 5, 5, 8]);
    expect([...gathered]).toEqual([...data.slice(3), ...data.slice(0, 3), 0, 0, 0]);
    const mask = uniforms(8, { seed: 7, stream: 'dropout', draw: 0 }, 5).map((u) => (u < 0.5 ? 0 : 2));
    expect([...kept]).toEqual([...gathered].map((x, i) => x * (mask[i] ?? 0)));
    expect(module.intact()).toBe(true);
  });
});
