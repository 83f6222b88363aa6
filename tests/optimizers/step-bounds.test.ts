import { describe, expect, it } from 'vitest';
import { trajectory } from '../../src/optimizers/index.ts';
import { uniformStream } from './streams.ts';

/** The steps' sizes in units of lr, along a path that starts at 0. */
async function stepSizes(
  rule: string,
  hyper: Record<string, number | boolean>,
  gradients: number[],
): Promise<number[]> {
  const lr = 1 / 1024;
  const path = await trajectory(
    rule,
    { epsilon: 0, ...hyper, lr },
    { start: [0], gradients: gradients.map((g) => [g]) },
  );
  return path.map((p, t) => Math.abs(p[0]! - (path[t - 1]?.[0] ?? 0)) / lr);
}

const [beta1, beta2] = [0.9, 0.999];
const repeat = (n: number, g: number): number[] => Array.from({ length: n }, () => g);
/** The true bound for Adam without epsilon, larger than the one in section 2.1 of the paper. */
const bound = (b1: number, b2: number): number => (1 - b1) / Math.sqrt((1 - b2) * (1 - b1 ** 2 / b2));

describe('the size of steps', () => {
  it.each([2, -0.003, 1e-20])('the first step of Adam on gradient %s is lr * sign(g)', async (g) => {
    const [path] = await trajectory('adam', { lr: 0.01, epsilon: 0 }, { start: [0], gradients: [[g]] });
    expect(path![0]).toBeCloseTo(-0.01 * Math.sign(g), 15);
  });

  it('Adam: a constant gradient gives lr at every step', async () => {
    for (const size of await stepSizes('adam', {}, repeat(500, -3))) expect(size).toBeCloseTo(1, 9);
  });

  it("Adam: a single spike after zeros gives the paper's (1 - beta1) / sqrt(1 - beta2) in the limit", async () => {
    const sizes = await stepSizes('adam', {}, [...repeat(20_000, 0), 5]);
    expect(sizes.at(-1)).toBeCloseTo((1 - beta1) / Math.sqrt(1 - beta2), 6);
  });

  it('Adam: a burst after zeros exceeds what the paper calls a bound, and stays below the true one', async () => {
    const sizes = await stepSizes('adam', {}, [...repeat(20_000, 0), ...repeat(50, 1)]);
    expect(sizes[20_011]).toBeCloseTo(6.57, 2);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(bound(beta1, beta2));
    expect(bound(beta1, beta2)).toBeCloseTo(7.27, 2);
  });

  it('Adam: beta1 = beta2 bounds every step by lr; beta1 = 0.9, beta2 = 0.99 does not', async () => {
    const next = uniformStream(3);
    const sparse = Array.from({ length: 20_000 }, () => (next() > 0.95 ? next() : 0));
    expect(Math.max(...(await stepSizes('adam', { beta2: 0.9 }, sparse)))).toBeLessThanOrEqual(1 + 1e-9);
    // The gradients that reach the bound grow like (beta1 / beta2)^-t.
    const growing = Array.from({ length: 2000 }, (_, t) => (0.9 / 0.99) ** (2000 - t));
    const largest = Math.max(...(await stepSizes('adam', { beta2: 0.99 }, growing)));
    expect(largest).toBeGreaterThan(2.3);
    expect(largest).toBeLessThanOrEqual(bound(0.9, 0.99) + 1e-9);
  });

  it('Adam: normal gradients never give more than the first step', async () => {
    const next = uniformStream(5);
    const normal = () => Array.from({ length: 12 }, next).reduce((sum, x) => sum + x, 0) / 2;
    const sizes = await stepSizes('adam', {}, Array.from({ length: 20_000 }, normal));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1 + 1e-9);
    expect(Math.max(...sizes.slice(20))).toBeLessThan(0.99);
  });

  it('AdaMax: the bound is (1 - beta1) / (1 - beta1 / beta2), not 1', async () => {
    const decaying = Array.from({ length: 2000 }, (_, t) => beta2 ** t);
    const sizes = await stepSizes('adamax', {}, decaying);
    expect(sizes[0]).toBeCloseTo(1, 9);
    expect(sizes.at(-1)).toBeCloseTo((1 - beta1) / (1 - beta1 / beta2), 6);
    expect(Math.max(...sizes)).toBeLessThan(1.0092);
  });

  it('Nadam as Ruder gives it starts with (1 + beta1) * lr, AMSGrad and uncorrected Adam with 3.16 * lr', async () => {
    expect((await stepSizes('nadam', {}, [4]))[0]).toBeCloseTo(1.9, 12);
    for (const [rule, hyper] of [
      ['amsgrad', {}],
      ['adam', { biasCorrection: false }],
    ] as const) {
      expect((await stepSizes(rule, hyper, [4]))[0]).toBeCloseTo(0.1 / Math.sqrt(0.001), 12);
    }
  });
});
