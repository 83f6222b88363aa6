import { describe, expect, it } from 'vitest';
import { compileRule } from '../../src/graph/evaluate-rule.ts';
import {
  abs,
  add,
  divideOrZero,
  greater,
  maximum,
  minimum,
  multiply,
  negate,
  type Operand,
  scalarLeaf,
  select,
  sign,
  sqrt,
  square,
  subtract,
  tensorLeaf,
} from '../../src/graph/rule.ts';

const p = tensorLeaf('parameter');
const g = tensorLeaf('gradient');

function evaluate(
  expression: Operand,
  parameter: number[],
  gradient: number[],
  scalars: number[] = [],
): number[] {
  const values = Float64Array.from(parameter);
  const rule = { state: {}, scalars: scalars.map((_, i) => `s${i}`), parameter: expression, nextState: {} };
  compileRule(rule)(
    { parameter: values, gradient: Float64Array.from(gradient), state: {} },
    Float64Array.from(scalars),
  );
  return [...values];
}

describe('compileRule', () => {
  it.each<[string, Operand, number[]]>([
    ['negate', negate(p), [-4, 2, -0]],
    ['square', square(p), [16, 4, 0]],
    ['sqrt', sqrt(abs(p)), [2, Math.SQRT2, 0]],
    ['sign', sign(p), [1, -1, 0]],
    ['subtract', subtract(p, g), [3, -1, 0]],
    ['maximum', maximum(p, g), [4, -1, 0]],
    ['minimum', minimum(p, g), [1, -2, 0]],
    ['select', select(greater(p, 0), 7, g), [7, -1, 0]],
    ['divideOrZero', divideOrZero(p, g), [4, 2, 0]],
    ['a leaf', g, [1, -1, 0]],
    ['a constant', 2.5, [2.5, 2.5, 2.5]],
  ])('%s', (_, expression, expected) => {
    expect(evaluate(expression, [4, -2, 0], [1, -1, 0])).toEqual(expected);
  });

  it('feeds scalars in order, anew at each call', () => {
    const rule = {
      state: {},
      scalars: ['a', 'unused', 'b'],
      parameter: add(multiply(p, scalarLeaf('a')), scalarLeaf('b')),
      nextState: {},
    };
    const update = compileRule(rule);
    const arrays = { parameter: Float64Array.of(1, 2), gradient: new Float64Array(2), state: {} };
    update(arrays, Float64Array.of(2, 99, 10));
    expect([...arrays.parameter]).toEqual([12, 14]);
    update(arrays, Float64Array.of(0, 99, 1));
    expect([...arrays.parameter]).toEqual([1, 1]);
  });

  it('computes every output from the old values, over any number of elements', () => {
    const m = tensorLeaf('m');
    const swap = compileRule({ state: { m: 0 }, scalars: [], parameter: m, nextState: { m: add(p, g) } });
    for (const n of [0, 1, 511, 512, 513, 2000]) {
      const numbers = Float64Array.from({ length: n }, (_, i) => i);
      const arrays = { parameter: numbers.slice(), gradient: numbers, state: { m: numbers.map((x) => -x) } };
      swap(arrays, new Float64Array(0));
      expect(arrays.parameter).toEqual(numbers.map((x) => -x));
      expect(arrays.state.m).toEqual(numbers.map((x) => 2 * x));
    }
  });

  it('computes a shared sub-expression once', () => {
    // 2^200 additions if it were computed wherever it is used.
    let doubled: Operand = p;
    for (let i = 0; i < 200; i++) doubled = add(doubled, doubled);
    expect(evaluate(doubled, [1], [0])).toEqual([2 ** 200]);
  });
});
