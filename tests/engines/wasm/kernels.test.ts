import { expect, it } from 'vitest';
import { describeVariants, type KernelModule, numbers } from './kernel-module.ts';

interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/**
 * The product's largest error relative to the sum of the terms' sizes. A sum of k terms in any order, blocked as here,
 * has at most about (k + 1) roundings of 2^-24, and on random data about the square root of that.
 */
function errorOfProduct(module: KernelModule, { m, n, k, transposeA, transposeB }: Product): number {
  module.clear();
  const a = module.floats(numbers(m * k, 1));
  const b = module.floats(numbers(k * n, 2));
  const c = module.output(m * n);
  const scratchBytes = module.run('matmulScratch', m, n, k, +transposeA, +transposeB);
  const scratch = module.uint8s(new Uint8Array(scratchBytes));
  module.run('matmul', a, b, c, m, n, k, +transposeA, +transposeB, scratch);
  expect(module.intact()).toBe(true);
  let worst = 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      let size = 1e-30;
      for (let p = 0; p < k; p++) {
        const x = transposeA ? a[p * m + i]! : a[i * k + p]!;
        const y = transposeB ? b[j * k + p]! : b[p * n + j]!;
        sum += x * y;
        size += Math.abs(x * y);
      }
      const error = Math.abs(c[i * n + j]! - sum) / size;
      if (!(error <= worst)) worst = error;
    }
  }
  return worst;
}

const transposes = [
  [false, false],
  [false, true],
  [true, false],
  [true, true],
] as const;

describeVariants((module) => {
  it('leaves the memory from heapBase on to its user', () => {
    expect(module.heapBase).toBeLessThan(65536);
  });

  it.each(transposes)(
    'multiplies matrices of all small sizes (transposes %s, %s)',
    (transposeA, transposeB) => {
      const worst = { error: 0, at: '' };
      for (let m = 1; m <= 17; m++) {
        for (let n = 1; n <= 17; n++) {
          for (const k of [1, 2, 3, 4, 5, 7, 8, 9, 16, 17]) {
            const error = errorOfProduct(module, { m, n, k, transposeA, transposeB });
            if (!(error <= worst.error)) Object.assign(worst, { error, at: `${m}x${k}x${n}` });
          }
        }
      }
      expect(worst.error, worst.at).toBeLessThan(18 * 2 ** -24);
    },
  );

  it.each(transposes)('multiplies matrices beyond a block (transposes %s, %s)', (transposeA, transposeB) => {
    for (const [m, k, n] of [
      [133, 405, 9],
      [9, 801, 131],
      [5, 3, 1031],
      [131, 5, 517],
      [1, 1001, 1],
      [259, 1, 3],
    ] as const) {
      expect(errorOfProduct(module, { m, n, k, transposeA, transposeB }), `${m}x${k}x${n}`).toBeLessThan(
        1e-6,
      );
    }
  });

  it('multiplies whole numbers exactly, whatever the order of the sum', () => {
    module.clear();
    const [m, k, n] = [21, 1000, 19];
    const a = module.floats(numbers(m * k, 3).map((x) => Math.round(x * 100)));
    const b = module.floats(numbers(k * n, 4).map((x) => Math.round(x * 100)));
    const c = module.output(m * n);
    module.run(
      'matmul',
      a,
      b,
      c,
      m,
      n,
      k,
      0,
      0,
      module.uint8s(new Uint8Array(module.run('matmulScratch', m, n, k, 0, 0))),
    );
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) sum += a[i * k + p]! * b[p * n + j]!;
        expect(c[i * n + j]).toBe(sum);
      }
    }
  });

  it('gives the same bits for a row of A alone and among others, and keeps a NaN in its row and column', () => {
    module.clear();
    const [m, k, n] = [130, 450, 21];
    const a = module.floats(numbers(m * k, 5));
    const b = module.floats(numbers(k * n, 6));
    const whole = module.output(m * n);
    const single = module.output(n);
    const scratch = module.uint8s(new Uint8Array(module.run('matmulScratch', m, n, k, 0, 0)));
    module.run('matmul', a, b, whole, m, n, k, 0, 0, scratch);
    for (const row of [0, 3, 127, 129]) {
      module.run('matmul', a.subarray(row * k), b, single, 1, n, k, 0, 0, scratch);
      expect([...single]).toEqual([...whole.subarray(row * n, (row + 1) * n)]);
    }
    const before = whole.slice();
    a[129 * k + 7] = Number.NaN;
    a[5 * k + 1] = Number.POSITIVE_INFINITY;
    module.run('matmul', a, b, whole, m, n, k, 0, 0, scratch);
    for (let i = 0; i < m; i++) {
      const expected = before.subarray(i * n, (i + 1) * n);
      if (i !== 129 && i !== 5) expect([...whole.subarray(i * n, (i + 1) * n)]).toEqual([...expected]);
    }
    expect(whole.subarray(129 * n).every(Number.isNaN)).toBe(true);
    expect(whole.subarray(5 * n, 6 * n).every((x) => Math.abs(x) === Number.POSITIVE_INFINITY)).toBe(true);
  });

  it('gives the same bits for the columns of a narrow product and for the same columns of a wide one', () => {
    module.clear();
    const [m, k, n] = [37, 450, 21];
    const a = module.floats(numbers(m * k, 7));
    const b = module.floats(numbers(n * k, 8));
    const wide = module.output(m * n);
    const scratch = module.uint8s(new Uint8Array(module.run('matmulScratch', m, n, k, 0, 1)));
    module.run('matmul', a, b, wide, m, n, k, 0, 1, scratch);
    for (const columns of [1, 4, 10, 12, 13]) {
      const out = module.output(m * columns);
      const own = module.uint8s(new Uint8Array(module.run('matmulScratch', m, columns, k, 0, 1)));
      module.run('matmul', a, b, out, m, columns, k, 0, 1, own);
      const expected = out.map((_, i) => wide[Math.floor(i / columns) * n + (i % columns)]!);
      expect([...out]).toEqual([...expected]);
    }
    expect(module.intact()).toBe(true);
  });

  it('writes zeros where there is nothing to add up', () => {
    module.clear();
    const c = module.output(15);
    module.run(
      'matmul',
      c,
      c,
      c,
      3,
      5,
      0,
      0,
      0,
      module.uint8s(new Uint8Array(module.run('matmulScratch', 3, 5, 0, 0, 0))),
    );
    expect([...c]).toEqual(new Array(15).fill(0));
    expect(module.intact()).toBe(true);
  });
});
