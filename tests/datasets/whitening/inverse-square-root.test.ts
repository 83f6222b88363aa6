import { describe, expect, it } from 'vitest';
import { inverseSquareRoot } from '../../../src/datasets/whitening/inverse-square-root.ts';

/** B'B of pseudo-random rows whose sizes span `decades`; fewer rows than columns leave eigenvalues 0. */
function gram(rows: number, n: number, decades: number): Float64Array {
  const b = Array.from({ length: rows }, (_, i) =>
    Float64Array.from(
      { length: n },
      (_, j) => Math.sin(12.9898 * (i * n + j + 1)) * 10 ** ((-decades * i) / rows),
    ),
  );
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return b.reduce((sum, row) => sum + row[i]! * row[j]!, 0);
  });
}

const product = (a: Float64Array, b: Float64Array, n: number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[Math.floor(at / n) * n + k]! * b[k * n + (at % n)]!;
    return sum;
  });

describe('inverseSquareRoot', () => {
  it.each([
    ['one number', 1, 1, 0, 0.5],
    ['two axes', 2, 2, 0, 0.1],
    ['an odd size', 30, 17, 1, 0.1],
    ['a wide spectrum', 60, 40, 4, 1e-6],
    ['a singular matrix', 5, 24, 0, 0.1],
  ])('gives R with R (A + epsilon I) R = I: %s', async (_, rows, n, decades, epsilon) => {
    const a = gram(rows, n, decades);
    const root = await inverseSquareRoot(a.slice(), n, epsilon);
    for (let i = 0; i < n; i++) a[i * n + i]! += epsilon;
    const identity = product(product(root, a, n), root, n);
    const error = identity.map((value, at) => Math.abs(value - (at % (n + 1) === 0 ? 1 : 0)));
    expect(Math.max(...error)).toBeLessThan(1e-7);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) expect(root[i * n + j]).toBe(root[j * n + i]);
    }
  });

  it('takes each diagonal element by itself', async () => {
    const root = await inverseSquareRoot(Float64Array.of(3, 0, 0, 0, 0, 0, 0, 0, 15), 3, 1);
    for (const [at, value] of [0.5, 0, 0, 0, 1, 0, 0, 0, 0.25].entries())
      expect(root[at]).toBeCloseTo(value, 9);
  });

  it('can be ended between two steps', async () => {
    const stop = async () => {
      throw new Error('stopped');
    };
    await expect(inverseSquareRoot(gram(9, 9, 0), 9, 1, stop)).rejects.toThrow('stopped');
  });
});
