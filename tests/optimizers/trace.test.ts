import { describe, expect, it } from 'vitest';
import { compileRule } from '../../src/graph/evaluate-rule.ts';
import { optimizers, resolveHyper, scalarValues, traceRule } from '../../src/optimizers/index.ts';
import type { WeightDecaySettings } from '../../src/spec/run.ts';
import { uniformGradients } from './streams.ts';

const decay: WeightDecaySettings = { mode: 'decoupled', rate: 0.25 };

describe('tracing', () => {
  it('names scalars and state in the order in which they are fed and stored', () => {
    const hyper = resolveHyper(optimizers.adam, { lr: 0.5, beta1: 0.5, beta2: 0.75 });
    const traced = traceRule(optimizers.adam, hyper, decay);
    expect(traced.scalars).toEqual(['lr', 'mScale', 'vScale', 'weightDecay']);
    expect(traced.state).toEqual({ m: 0, v: 0 });
    expect([...scalarValues(optimizers.adam, hyper, decay, 1, 0.5)]).toEqual([0.25, 2, 4, 0.125]);
    const lrDecay: WeightDecaySettings = { mode: 'decoupled-lr', rate: 0.25 };
    expect(scalarValues(optimizers.adam, hyper, lrDecay, 1, 0.5)[3]).toBe(0.0625);
    expect([...scalarValues(optimizers.adam, hyper, { mode: 'l2', rate: 1 }, 2, 1)]).toHaveLength(3);
  });

  it('writes the scalars into a given array', () => {
    const hyper = resolveHyper(optimizers.sgd);
    const out = new Float64Array(1);
    expect(scalarValues(optimizers.sgd, hyper, null, 3, 0.5, out)).toBe(out);
    expect(out[0]).toBe(0.005);
    expect(() => scalarValues(optimizers.sgd, hyper, decay, 3, 0.5, out)).toThrow('same names');
  });

  it('leaves out what an option turns off', () => {
    expect(traceRule(optimizers.rmsprop, resolveHyper(optimizers.rmsprop)).state).toEqual({ v: 0 });
    const centered = resolveHyper(optimizers.rmsprop, { centered: true, initialAccumulator: 1 });
    expect(traceRule(optimizers.rmsprop, centered).state).toEqual({ v: 1, mean: 0 });
  });

  it.each(Object.values(optimizers))(
    '$name: 20 steps, saved and loaded, and 20 more are 40 steps',
    (optimizer) => {
      const hyper = resolveHyper(optimizer);
      const rule = traceRule(optimizer, hyper, decay);
      const update = compileRule(rule);
      const gradients = uniformGradients(13, 40, 3);
      interface Saved {
        parameter: number[];
        state: Record<string, number[]>;
      }
      const run = (from: Saved, first: number, last: number): Saved => {
        const state = Object.fromEntries(
          Object.entries(from.state).map(([k, v]) => [k, Float64Array.from(v)]),
        );
        const parameter = Float64Array.from(from.parameter);
        for (let t = first; t <= last; t++) {
          update(
            { parameter, gradient: gradients[t - 1]!, state },
            scalarValues(optimizer, hyper, decay, t, 1 / t),
          );
        }
        return {
          parameter: [...parameter],
          state: Object.fromEntries(Object.entries(state).map(([k, v]) => [k, [...v]])),
        };
      };
      const state = Object.fromEntries(Object.entries(rule.state).map(([slot, x]) => [slot, [x, x, x]]));
      const start = { parameter: [1, -2, 0.5], state };
      const saved: Saved = JSON.parse(JSON.stringify(run(start, 1, 20)));
      expect(run(saved, 21, 40)).toEqual(run(start, 1, 40));
      expect(run(start, 1, 40).parameter).not.toEqual(start.parameter);
    },
  );
});
