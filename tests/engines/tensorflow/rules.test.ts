import { describe, expect, it } from 'vitest';
import { planUpdate, updateKinds } from '../../../src/engines/tensorflow/rules.ts';
import { recognize } from '../../../src/engines/tensorflow/training-ops.ts';
import {
  abs,
  add,
  divide,
  multiply,
  type Operand,
  scalarLeaf,
  sqrt,
  square,
  subtract,
  type TracedRule,
  tensorLeaf,
} from '../../../src/graph/rule.ts';
import { type OptimizerName, optimizers, resolveHyper, traceRule } from '../../../src/optimizers/index.ts';
import { ruleProgram } from '../../../src/optimizers/rule-program.ts';

const traced = (name: OptimizerName, hyper: Record<string, number | string | boolean> = {}): TracedRule =>
  traceRule(optimizers[name], resolveHyper(optimizers[name], hyper));
const opOf = (rule: TracedRule): string | null => recognize(rule)?.op ?? null;

describe('recognizing the rule of a training op', () => {
  it.each([
    ['sgd', {}, 'ResourceApplyGradientDescent'],
    ['momentum', {}, 'ResourceApplyMomentum'],
    ['momentum', { lrPlacement: 'outside' }, 'ResourceApplyMomentum'],
    ['nesterov', {}, 'ResourceApplyMomentum'],
    ['nesterov', { lrPlacement: 'outside' }, 'ResourceApplyMomentum'],
    ['adagrad', { epsilonPlacement: 'outside' }, 'ResourceApplyAdagradV2'],
    ['adadelta', {}, 'ResourceApplyAdadelta'],
    ['adam', {}, 'ResourceApplyAdam'],
    ['adam', { epsilonForm: 'epsilon-hat', biasCorrection: false }, 'ResourceApplyAdam'],
    ['adamax', {}, 'ResourceApplyAdaMax'],
    ['adamax', { epsilon: 1e-7, epsilonPlacement: 'outside' }, 'ResourceApplyAdaMax'],
  ] as const)('%s with %j is %s', (name, hyper, op) => {
    expect(opOf(traced(name, hyper))).toBe(op);
  });

  it.each([
    ['adagrad', {}],
    ['adam', { epsilonPlacement: 'inside' }],
    // 0/0, which the op does not guard against.
    ['adam', { epsilon: 0 }],
    ['adamax', { epsilon: 1e-8 }],
    ['amsgrad', {}],
    ['nadam', {}],
    ['rmsprop', {}],
  ] as const)('%s with %j has none', (name, hyper) => {
    expect(opOf(traced(name, hyper))).toBeNull();
  });

  it.each(Object.keys(optimizers) as OptimizerName[])(
    '%s: decay of weights changes nothing in it',
    (name) => {
      const op = opOf(traced(name));
      for (const mode of ['l2', 'decoupled', 'decoupled-lr'] as const) {
        const rule = traceRule(optimizers[name], resolveHyper(optimizers[name]), { mode, rate: 0.01 });
        expect(opOf(rule)).toBe(op);
        if (op !== null) expect(recognize(rule)!.decay !== null).toBe(mode !== 'l2');
      }
    },
  );

  const [p, g, m, v] = ['parameter', 'gradient', 'm', 'v'].map(tensorLeaf) as [
    Operand,
    Operand,
    Operand,
    Operand,
  ];
  const lr = scalarLeaf('lr');
  /** A rule that looks like Adam, with the pieces that a variant changes. */
  const like = ({ share = 0.1, magnitude = square(g), swapped = false }): TracedRule => {
    const nextM = add(multiply(0.9, m), multiply(share, g));
    const nextV = add(multiply(magnitude, 0.001), multiply(v, 0.999));
    const denominator = add(1e-8, sqrt(multiply(nextV, scalarLeaf('c'))));
    return {
      state: { v: 0, m: 0 },
      scalars: ['lr', 'c'],
      parameter: subtract(p, divide(multiply(nextM, lr), denominator)),
      nextState: swapped ? { m: nextV, v: nextM } : { m: nextM, v: nextV },
    };
  };
  it('sees through the order of operands', () => {
    expect(recognize(like({}))).toMatchObject({ op: 'ResourceApplyAdam', slots: ['m', 'v'] });
  });
  it('takes nothing for Adam that computes something else', () => {
    expect(opOf(like({ share: 0.2 }))).toBeNull();
    expect(opOf(like({ magnitude: abs(g) }))).toBeNull();
    expect(opOf(like({ swapped: true }))).toBeNull();
  });
});

describe('the way of an update', () => {
  it('is compiled for large parameters and nodes for small ones, where XLA works', () => {
    const rule = traced('amsgrad');
    expect(planUpdate(rule, 100, true).kind).toBe('elementwise');
    expect(planUpdate(rule, 1e6, true).kind).toBe('compiled');
    expect(planUpdate(rule, 1e6, false).kind).toBe('elementwise');
    expect(planUpdate(traced('adam'), 1e6, false).kind).toBe('training-op');
  });
  it('is told for each parameter of a program', () => {
    expect(updateKinds(ruleProgram(traced('adam'), 5))).toEqual([
      { parameter: 'parameter', kind: 'training-op', op: 'ResourceApplyAdam' },
    ]);
  });
});
