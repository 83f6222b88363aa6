import { describe, expect, it } from 'vitest';
import {
  compileRule,
  ruleModule,
  smallestGradient,
  smallestState,
  type UpdateFunction,
} from '../../../src/engines/wasm/rule-compiler.ts';
import { compileRule as referenceRule } from '../../../src/graph/evaluate-rule.ts';
import {
  add,
  divideOrZero,
  greater,
  multiply,
  type Operand,
  type RuleFunction,
  ruleFunctions,
  scalarLeaf,
  select,
  sqrt,
  square,
  subtract,
  type TracedRule,
  tensorLeaf,
} from '../../../src/graph/rule.ts';
import { resolveHyper } from '../../../src/optimizers/hyper-parameters.ts';
import { optimizers } from '../../../src/optimizers/index.ts';
import { scalarValues, traceRule } from '../../../src/optimizers/trace.ts';

/** A rule on arrays of its own: `tensors` are parameter, gradient and state slots, each in a slice of 64 floats. */
function prepare(rule: TracedRule, size: number) {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const update = new WebAssembly.Instance(compileRule(rule), { env: { memory } }).exports
    .update as UpdateFunction;
  const names = ['parameter', 'gradient', ...Object.keys(rule.state)];
  const stride = Math.ceil(size / 16) * 64 + 64;
  const array = (i: number, length: number) => new Float32Array(memory.buffer, 1024 + i * stride, length);
  const tensors = Object.fromEntries(names.map((name, i) => [name, array(i, size)]));
  const scalars = array(names.length, Math.max(1, rule.scalars.length));
  for (const [slot, start] of Object.entries(rule.state)) tensors[slot]!.fill(start);
  return {
    tensors,
    scalars,
    /** The floats behind an array's end, up to the next one. */
    behind: (name: string) => array(names.indexOf(name), stride / 4).subarray(size),
    run: () => update(...names.map((_, i) => 1024 + i * stride), scalars.byteOffset, size),
  };
}

const parameter = tensorLeaf('parameter');
const gradient = tensorLeaf('gradient');
/** A rule whose one output is written to the parameter, and to a slot. */
const stateless = (output: Operand): TracedRule => ({
  state: {},
  scalars: [],
  parameter: output,
  nextState: {},
});

const special = [0, -0, 1, -1, 0.1, -2.5, 3e4, -7e-4, Infinity, -Infinity, Number.NaN, 4, 9, 1e-20];

describe('compileRule', () => {
  const arity = Object.entries(ruleFunctions).map(([fn]) => {
    const unary = ['negate', 'square', 'sqrt', 'abs', 'sign'];
    return [fn as RuleFunction, fn === 'select' ? 3 : unary.includes(fn) ? 1 : 2] as const;
  });

  it.each(arity)('computes %s as float64 does, rounded to float32', (fn, count) => {
    const slots = { a: 0, b: 0, c: 0 };
    const leaves = ['a', 'b', 'c'].map(tensorLeaf);
    const rule: TracedRule = {
      state: slots,
      scalars: [],
      parameter: { fn, args: leaves.slice(0, count) },
      nextState: { a: leaves[0]!, b: leaves[1]!, c: leaves[2]! },
    };
    const inputs: number[][] = [];
    for (const a of special) {
      for (const b of count > 1 ? special : [0]) {
        for (const c of count > 2 ? special : [0]) inputs.push([a, b, c].map(Math.fround));
      }
    }
    const { tensors, run } = prepare(rule, inputs.length);
    inputs.forEach((row, i) => {
      ['a', 'b', 'c'].forEach((slot, j) => {
        tensors[slot]![i] = row[j]!;
      });
    });
    run();
    const expected = inputs.map((row) => Math.fround(ruleFunctions[fn](...row.slice(0, count))));
    // No sign of zero: 0 and -0 are one number to a rule.
    expect([...tensors.parameter!].map((x) => x + 0)).toEqual(expected.map((x) => x + 0));
  });

  it('computes all outputs from the old values', () => {
    const slot = tensorLeaf('previous');
    const { tensors, run } = prepare(
      {
        state: { previous: 5 },
        scalars: [],
        parameter: add(parameter, slot),
        nextState: { previous: parameter },
      },
      3,
    );
    tensors.parameter!.set([1, 2, 3]);
    run();
    run();
    expect([...tensors.parameter!]).toEqual([7, 9, 11]);
    expect([...tensors.previous!]).toEqual([6, 7, 8]);
  });

  it('reads scalars at every call, in their order', () => {
    const { tensors, scalars, run } = prepare(
      {
        state: {},
        scalars: ['lr', 'unused', 'decay'],
        parameter: subtract(multiply(parameter, scalarLeaf('decay')), multiply(scalarLeaf('lr'), gradient)),
        nextState: {},
      },
      5,
    );
    tensors.gradient!.fill(2);
    tensors.parameter!.fill(1);
    scalars.set([0.25, 99, 0.5]);
    run();
    scalars.set([1, 99, 2]);
    run();
    expect([...tensors.parameter!]).toEqual([-2, -2, -2, -2, -2]);
  });

  it.each([1, 2, 3, 4, 5, 7, 8, 63, 64, 65])(
    'changes %i elements and at most the vector of the last',
    (size) => {
      const { tensors, behind, run } = prepare(stateless(add(parameter, 1)), size);
      behind('parameter').fill(7);
      run();
      expect([...tensors.parameter!]).toEqual(new Array(size).fill(1));
      expect([...behind('parameter').subarray(-size & 3)].every((x) => x === 7)).toBe(true);
    },
  );

  it('takes constants that float32 cannot hold exactly, and infinite ones', () => {
    const { tensors, run } = prepare(
      stateless(select(greater(gradient, Infinity), 0, add(0.1, gradient))),
      4,
    );
    run();
    expect([...tensors.parameter!]).toEqual(new Array(4).fill(Math.fround(0.1)));
  });

  it('computes a shared sub-expression once', () => {
    const shared = square(add(gradient, 1));
    const sizeOfRule = (rule: TracedRule) => ruleModule(rule).length;
    const one = sizeOfRule(stateless(shared));
    const many = sizeOfRule(stateless(add(shared, add(shared, add(shared, shared)))));
    const apart = sizeOfRule(
      stateless(add(square(add(gradient, 1)), add(square(add(gradient, 1)), square(add(gradient, 1))))),
    );
    expect(many - one).toBeLessThan(apart - one);
  });

  it('flushes tiny gradients and denormal state to zero, and keeps NaN', () => {
    const memoryRule: TracedRule = {
      state: { m: 0 },
      scalars: [],
      parameter: gradient,
      nextState: { m: parameter },
    };
    const { tensors, run } = prepare(memoryRule, 6);
    tensors.gradient!.set([9e-19, -9e-19, 2e-18, Number.NaN, -Infinity, 0]);
    tensors.parameter!.set([1e-39, -1e-44, 1.2e-38, Number.NaN, Infinity, -1.1754944e-38]);
    run();
    expect([...tensors.parameter!]).toEqual([0, 0, Math.fround(2e-18), Number.NaN, -Infinity, 0]);
    expect([...tensors.m!]).toEqual([0, 0, Math.fround(1.2e-38), Number.NaN, Infinity, -smallestState]);
    expect(Math.fround(smallestState)).toBe(smallestState);
    expect(smallestGradient ** 2).toBeGreaterThan(smallestState);
  });

  it('divides where a reciprocal would round differently', () => {
    const { tensors, run } = prepare(stateless(divideOrZero(parameter, 3)), 4);
    tensors.parameter!.set([5, 7, 10, 0]);
    run();
    expect([...tensors.parameter!]).toEqual([5 / 3, 7 / 3, 10 / 3, 0].map(Math.fround));
    expect(Math.fround(5 * Math.fround(1 / 3))).not.toBe(Math.fround(5 / 3));
  });

  it('compiles a rule with hundreds of operations', () => {
    let e: Operand = gradient;
    for (let i = 0; i < 300; i++) e = sqrt(add(square(e), 1e-3));
    const { tensors, run } = prepare(stateless(e), 9);
    tensors.gradient!.fill(1);
    run();
    expect(tensors.parameter![8]).toBeCloseTo(Math.sqrt(1.3), 4);
  });
});

describe('shipped rules', () => {
  it.each(Object.keys(optimizers))('%s: one fused pass is the float64 rule', (name) => {
    const optimizer = optimizers[name as keyof typeof optimizers]!;
    const hyper = resolveHyper(optimizer);
    const decays = [null, { mode: 'l2', rate: 1e-2 }, { mode: 'decoupled', rate: 1e-3 }] as const;
    for (const decay of decays) {
      const rule = traceRule(optimizer, hyper, decay);
      const size = 37;
      const { tensors, scalars, run } = prepare(rule, size);
      const wide = {
        parameter: new Float64Array(size),
        gradient: new Float64Array(size),
        state: Object.fromEntries(
          Object.entries(rule.state).map(([slot, start]) => [slot, new Float64Array(size).fill(start)]),
        ),
      };
      for (let i = 0; i < size; i++) wide.parameter[i] = Math.fround(Math.sin(i * 1.7));
      tensors.parameter!.set(wide.parameter);
      const step = referenceRule(rule);
      for (let t = 1; t <= 20; t++) {
        for (let i = 0; i < size; i++) wide.gradient[i] = Math.fround(Math.cos(i * 3.1 + t * 0.9));
        tensors.gradient!.set(wide.gradient);
        const values = scalarValues(optimizer, hyper, decay, t, 1);
        scalars.set(values);
        run();
        step(wide, values);
      }
      for (let i = 0; i < size; i++) {
        const expected = wide.parameter[i]!;
        // Twenty steps of a dozen float32 roundings each.
        expect(Math.abs(tensors.parameter![i]! - expected)).toBeLessThan(
          5e-6 * Math.max(1, Math.abs(expected)),
        );
      }
    }
  });
});
