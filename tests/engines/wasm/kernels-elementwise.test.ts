import { describe, expect, it } from 'vitest';
import { describeVariants, type KernelModule, numbers, ulps, worst } from './kernel-module.ts';

const sizes = [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 1001];

const binary: Record<string, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
};

/** Functions of one array; the bound is in units in the last place of the exact result. */
const unary: Record<string, { f: (x: number) => number; bound: number; range: readonly [number, number] }> = {
  // One rounding of the exact result: half a unit.
  negate: { f: (x) => -x, bound: 0, range: [-9, 9] },
  square: { f: (x) => x * x, bound: 0.5, range: [-9, 9] },
  sqrt: { f: Math.sqrt, bound: 0.5, range: [0, 9] },
  relu: { f: (x) => Math.max(x, 0), bound: 0, range: [-9, 9] },
  // A polynomial good to 2^-24 and the roundings of its last steps.
  exp: { f: Math.exp, bound: 1.5, range: [-87, 88.7] },
  log: { f: Math.log, bound: 1.5, range: [0, 1000] },
  // One exp, one sum and one quotient.
  sigmoid: {
    f: (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
    bound: 3,
    range: [-87, 30],
  },
  tanh: { f: Math.tanh, bound: 2.5, range: [-12, 12] },
  // One exp, one log and the sum of both parts.
  softplus: { f: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), bound: 4, range: [-87, 30] },
};

const sigmoid = (x: number): number => unary.sigmoid!.f(x);
const gradients: Record<string, (x: number, g: number) => number> = {
  reluGradient: (y, g) => (y > 0 ? g : 0),
  sigmoidGradient: (y, g) => g * y * (1 - y),
  tanhGradient: (y, g) => g * (1 - y * y),
  softplusGradient: (x, g) => g * sigmoid(x),
};

function expectBinary(
  module: KernelModule,
  name: string,
  outer: number,
  inner: number,
  shortFirst: boolean,
): void {
  module.clear();
  const long = module.floats(numbers(outer * inner, 1));
  const short = module.floats(numbers(inner, 2));
  const out = module.output(outer * inner);
  const operands = shortFirst ? [short, long] : [long, short];
  module.run(name, operands[0]!, operands[1]!, out, outer, inner, +shortFirst);
  const expected = long.map((x, i) => {
    const y = short[i % inner]!;
    return shortFirst ? binary[name]!(y, x) : binary[name]!(x, y);
  });
  expect([...out]).toEqual([...expected]);
  // In place: the long operand is overwritten.
  module.run(name, operands[0]!, operands[1]!, long, outer, inner, +shortFirst);
  expect([...long]).toEqual([...expected]);
  expect(module.intact()).toBe(true);
}

describeVariants((module) => {
  it.each(Object.keys(binary))(
    '%s takes equal shapes, rows and numbers, in place too, rounding once',
    (name) => {
      for (const size of sizes) {
        for (const shortFirst of [false, true]) {
          expectBinary(module, name, 1, size, shortFirst);
          expectBinary(module, name, size, 1, shortFirst);
          expectBinary(module, name, 3, size, shortFirst);
        }
      }
    },
  );

  it.each(Object.keys(unary))(
    '%s is accurate over its range, and an element does not depend on its place',
    (name) => {
      const { f, bound, range } = unary[name]!;
      const values = numbers(20011, 3).map((u) => range[0] + ((u + 1) / 2) * (range[1] - range[0]));
      module.clear();
      const x = module.floats(values);
      const out = module.output(values.length);
      module.run(name, x, out, values.length);
      expect(worst(x.length, (i) => ulps(out[i]!, f(x[i]!)))).toBeLessThanOrEqual(bound);
      for (const size of sizes) {
        const part = module.output(size);
        module.run(name, x, part, size);
        expect([...part]).toEqual([...out.subarray(0, size)]);
        // The last of `size` elements runs in another lane than in the whole array.
        const shifted = module.floats(x.subarray(1, size + 1));
        module.run(name, shifted, shifted, size);
        expect([...shifted]).toEqual([...out.subarray(1, size + 1)]);
      }
      expect(module.intact()).toBe(true);
    },
  );

  it.each(Object.keys(gradients))('%s is accurate, also in place of either operand', (name) => {
    const f = gradients[name]!;
    for (const size of sizes) {
      module.clear();
      const y = module.floats(numbers(size, 4));
      const g = module.floats(numbers(size, 5));
      const out = module.output(size);
      module.run(name, y, g, out, size);
      // Relative to g: 1 - y near 1 cancels, as it does in the formula itself.
      expect(worst(size, (i) => Math.abs(out[i]! - f(y[i]!, g[i]!)) / Math.abs(g[i]!))).toBeLessThan(4e-7);
      for (const which of [0, 1]) {
        const operands = [module.floats(y), module.floats(g)];
        module.run(name, operands[0]!, operands[1]!, operands[which]!, size);
        expect([...operands[which]!]).toEqual([...out]);
      }
      expect(module.intact()).toBe(true);
    }
  });

  describe('special values', () => {
    const apply = (name: string, values: readonly number[]): number[] => {
      module.clear();
      const x = module.floats(values);
      module.run(name, x, x, values.length);
      return [...x];
    };
    const inf = Number.POSITIVE_INFINITY;

    it('exp overflows, underflows gradually and keeps NaN', () => {
      expect(apply('exp', [inf, -inf, Number.NaN, 0, -0, 89, 1e30, -1e30, -104.5])).toEqual([
        ...[inf, 0, Number.NaN, 1, 1, inf, inf, 0, 0],
      ]);
      for (const x of [-87.5, -90.25, -95, -100, -103]) {
        // A denormal has fewer digits: one unit is 2^-149 throughout.
        expect(Math.abs(apply('exp', [x])[0]! - Math.exp(x))).toBeLessThanOrEqual(2 ** -148.9);
      }
      expect(apply('exp', [88.72283])[0]! / Math.exp(Math.fround(88.72283))).toBeCloseTo(1, 6);
    });

    it('log knows 0, negative numbers, infinity, NaN and denormals', () => {
      expect(apply('log', [0, -0, -1, -inf, inf, Number.NaN, 1])).toEqual([
        ...[-inf, -inf, Number.NaN, Number.NaN, inf, Number.NaN, 0],
      ]);
      for (const x of [2 ** -149, 2 ** -140 + 2 ** -149, 2 ** -126, 3.4e38, 1 + 2 ** -23, 1 - 2 ** -24]) {
        expect(ulps(apply('log', [x])[0]!, Math.log(Math.fround(x))), String(x)).toBeLessThanOrEqual(1.5);
      }
    });

    it('relu keeps NaN, and its gradient at 0 is 0', () => {
      expect(apply('relu', [Number.NaN, -inf, inf, 0, -1e-40, 1e-40])).toEqual([
        ...[Number.NaN, 0, inf, 0, 0, Math.fround(1e-40)],
      ]);
      module.clear();
      const out = module.output(3);
      module.run('reluGradient', module.floats([0, -0, 1e-40]), module.floats([5, 6, 7]), out, 3);
      expect([...out]).toEqual([0, 0, 7]);
    });

    it('sigmoid, tanh and softplus saturate without overflow and keep NaN', () => {
      expect(apply('sigmoid', [inf, -inf, 0, 200, Number.NaN])).toEqual([1, 0, 0.5, 1, Number.NaN]);
      expect(apply('tanh', [inf, -inf, 200, -200, Number.NaN])).toEqual([1, -1, 1, -1, Number.NaN]);
      expect(apply('softplus', [inf, -inf, 1e30, -1e30, Number.NaN])).toEqual([
        inf,
        0,
        Math.fround(1e30),
        0,
        Number.NaN,
      ]);
    });

    it('tanh of tiny numbers keeps its relative precision and its sign', () => {
      const values = Float32Array.from({ length: 80 }, (_, i) => (i % 2 ? -1 : 1) * 10 ** (-i / 2));
      apply('tanh', [...values]).forEach((y, i) => {
        expect(ulps(y, Math.tanh(values[i]!))).toBeLessThanOrEqual(1.5);
      });
      expect(apply('tanh', [0, -0])).toEqual([0, -0]);
    });

    it('softplus of very negative numbers is exp', () => {
      for (const x of [-16, -20, -40.5, -80]) {
        expect(ulps(apply('softplus', [x])[0]!, Math.exp(x))).toBeLessThanOrEqual(2);
      }
    });
  });
});
