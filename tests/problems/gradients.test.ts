import { describe, expect, it } from 'vitest';
import { buildProblem, type Position, type ProblemSettings } from '../../src/problems/index.ts';

const at = (parameters: Float64Array): Position => ({
  step: 0,
  parameters,
  before: parameters,
  gradient: new Float64Array(parameters.length),
});

/** Problems whose `cost` is the function that the gradient belongs to, without noise, at step 0, and a point. */
const cases: [settings: ProblemSettings, point: number[]][] = [
  [{ type: 'ravine', condition: 50, scale: 3, minimum: [1, -2], start: [10, 1] }, [0.7, -0.3]],
  [
    { ...{ type: 'ravine', condition: 50, scale: 3 }, minimum: [1, -2], start: [10, 1], penalty: [2, 7] },
    [0.7, -0.3],
  ],
  [{ type: 'beale', start: [1, 1.6] }, [1.3, -0.8]],
  [{ type: 'saddle', start: [1, 0.001] }, [0.5, 0.2]],
  [
    { type: 'sparse-features', examples: 50, frequent: 3, rare: 6, rarity: 0.2, batchSize: 50 },
    [0.1, -0.2, 0.3, 1, -1, 2, 0, 0.5, -0.5],
  ],
  [{ type: 'noisy-quadratic', dimensions: 3, noise: 0, start: 1, decay: 0.9 }, [1, -2, 0.5]],
  [{ type: 'nonstationary', dimensions: 2, velocity: 0, noise: 0 }, [1, -2]],
];

describe('gradients', () => {
  it.each(cases)('of $type are the slopes of its cost', (settings, point) => {
    const problem = buildProblem(settings, 0);
    const gradient = new Float64Array(point.length);
    problem.gradient(Float64Array.from(point), 1, gradient);
    const cost = (p: Float64Array) => problem.measure(at(p)).cost!;
    const h = 1e-5;
    for (const [i, slope] of gradient.entries()) {
      const [up, down] = [Float64Array.from(point), Float64Array.from(point)];
      up[i]! += h;
      down[i]! -= h;
      expect(slope).toBeCloseTo((cost(up) - cost(down)) / (2 * h), 6);
    }
  });

  it('of a ravine are divided by its preconditioner, penalty and all', () => {
    const settings = { type: 'ravine', condition: 50, scale: 3, minimum: [1, -2], start: [10, 1] } as const;
    const [plain, divided] = [{}, { preconditioner: [4, 0.5] }].map((own) => {
      const gradient = new Float64Array(2);
      buildProblem({ ...settings, penalty: [2, 7], ...own }, 0).gradient(
        Float64Array.of(0.7, -0.3),
        1,
        gradient,
      );
      return gradient;
    });
    expect([...divided!]).toEqual([plain![0]! / 4, plain![1]! / 0.5]);
  });

  it('vanish at the known minima', () => {
    for (const [settings, minimum] of [
      [{ type: 'ravine', condition: 50, scale: 3, minimum: [1, -2], start: [10, 1] }, [1, -2]],
      [{ type: 'beale', start: [1, 1.6] }, [3, 0.5]],
    ] as const) {
      const problem = buildProblem(settings, 0);
      const gradient = new Float64Array(2);
      problem.gradient(Float64Array.from(minimum), 1, gradient);
      expect([...gradient].map(Math.abs)).toEqual([0, 0]);
      expect(problem.measure(at(Float64Array.from(minimum))).cost).toBe(0);
    }
  });
});

describe('sparse features', () => {
  const settings = { type: 'sparse-features', examples: 60, frequent: 2, rare: 8, rarity: 0.1 } as const;

  it('see every example once in a pass of minibatches', () => {
    const whole = buildProblem({ ...settings, batchSize: 60 }, 3);
    const parts = buildProblem({ ...settings, batchSize: 20 }, 3);
    const p = new Float64Array(10).fill(0.1);
    const [full, part] = [new Float64Array(10), new Float64Array(10)];
    whole.gradient(p, 1, full);
    const sum = new Float64Array(10);
    for (const step of [1, 2, 3]) {
      parts.gradient(p, step, part);
      for (let i = 0; i < 10; i++) sum[i]! += part[i]! / 3;
    }
    for (let i = 0; i < 10; i++) expect(sum[i]).toBeCloseTo(full[i]!, 12);
  });

  it('cost log 2 at the start, with rare features too', () => {
    const problem = buildProblem({ ...settings, batchSize: 10 }, 0);
    const { cost, 'rare-cost': rare } = problem.measure(at(new Float64Array(10)));
    expect(cost).toBeCloseTo(Math.log(2), 12);
    expect(rare).toBeCloseTo(Math.log(2), 12);
  });
});

describe('streams and losses', () => {
  const stream = (change: object): number[] => {
    const base = { type: 'gradient-stream', dimensions: 1, zeros: 2, length: 2, ratio: 0.5 } as const;
    const problem = buildProblem({ ...base, ...change } as ProblemSettings, 0);
    const out = new Float64Array(1);
    return [1, 2, 3, 4, 5].map((step) => {
      problem.gradient(new Float64Array(1), step, out);
      return out[0]!;
    });
  };

  it('are the sequences that they are called', () => {
    expect(stream({ stream: 'constant' })).toEqual([1, 1, 1, 1, 1]);
    expect(stream({ stream: 'burst' })).toEqual([0, 0, 1, 1, 0]);
    expect(stream({ stream: 'growing' })).toEqual([0, 0, 2, 4, 8]);
    expect(stream({ stream: 'decaying' })).toEqual([0.5, 0.25, 0.125, 0.0625, 0.03125]);
    expect(new Set(stream({ stream: 'noise' })).size).toBe(5);
  });

  it('count regret against the best fixed point', () => {
    const problem = buildProblem({ type: 'online-losses', losses: 'reddi' }, 0);
    const gradient = new Float64Array(1);
    const parameters = new Float64Array([3]);
    // At 0.5 in the first step, whose loss is 1010 x: -1 would have paid -1010.
    problem.after?.({ step: 1, parameters, before: new Float64Array([0.5]), gradient });
    expect(parameters[0]).toBe(1);
    const { x, regret } = problem.measure({ step: 1, parameters, before: parameters, gradient });
    expect(x).toBe(1);
    expect(regret).toBe(505 + 1010);
  });
});
