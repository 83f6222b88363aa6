import { describe, expect, it } from 'vitest';
import { initialValues } from '../../src/models/initialization.ts';
import type { Initialization } from '../../src/spec/run.ts';

const deviation = (x: Float32Array): number => Math.sqrt(x.reduce((s, v) => s + v * v, 0) / x.length);

describe('initialValues', () => {
  it.each<[Initialization, number]>([
    [{ type: 'normal', deviation: 0.01 }, 0.01],
    [{ type: 'glorot-uniform' }, Math.sqrt(2 / 300)],
    [{ type: 'glorot-normal' }, Math.sqrt(2 / 300)],
    [{ type: 'he-normal' }, Math.sqrt(2 / 100)],
  ])('%j has its deviation on a dense layer of 100 x 200', (initialization, expected) => {
    // 20,000 values: five standard errors of a deviation are 2.5 %.
    expect(deviation(initialValues(initialization, [100, 200], 0, 0)) / expected).toBeCloseTo(1, 1);
  });
  it('counts the receptive field of a filter', () => {
    const x = initialValues({ type: 'he-normal' }, [5, 5, 8, 100], 0, 0);
    expect(deviation(x) / Math.sqrt(2 / 200)).toBeCloseTo(1, 1);
  });
  it('starts at 0 when asked to', () =>
    expect([...initialValues({ type: 'zeros' }, [3], 0, 0)]).toEqual([0, 0, 0]));
  it('depends on seed and parameter, and stays within the Glorot limit', () => {
    const draw = (seed: number, parameter: number) =>
      initialValues({ type: 'glorot-uniform' }, [30, 30], seed, parameter);
    expect(draw(0, 0)).not.toEqual(draw(1, 0));
    expect(draw(0, 0)).not.toEqual(draw(0, 1));
    expect(draw(0, 0)).toEqual(draw(0, 0));
    expect(Math.max(...draw(0, 0).map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(6 / 60));
  });
});
