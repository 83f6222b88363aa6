import { describe, expect, it } from 'vitest';
import { optimizers, trajectory } from '../../src/optimizers/index.ts';

type Gradient = (p: Float64Array) => number[];
/** (x - 3)^2 + 10 (y + 1)^2, from (0, 0). */
const parabola: Gradient = ([x, y]) => [2 * (x! - 3), 20 * (y! + 1)];
/** (1 - x)^2 + 100 (y - x^2)^2, from (-1.2, 1). */
const rosenbrock: Gradient = ([x, y]) => [-2 * (1 - x!) - 400 * x! * (y! - x! ** 2), 200 * (y! - x! ** 2)];

const rows: [rule: string, parabolaLr: number, rosenbrockLr: number, rosenbrockSteps: number][] = [
  ['sgd', 0.05, 0.002, 10_000],
  ['momentum', 0.01, 0.001, 10_000],
  ['nesterov', 0.01, 0.001, 10_000],
  ['adagrad', 1, 0.5, 10_000],
  ['rmsprop', 0.003, 0.003, 10_000],
  // At lr 1 its steps grow until it circles around the minimum, in PyTorch too: sqrt(u / v) has no limit.
  ['adadelta', 1, 0.05, 10_000],
  ['adam', 0.03, 0.01, 10_000],
  ['adamax', 0.03, 0.02, 10_000],
  ['nadam', 0.03, 0.01, 10_000],
  ['amsgrad', 0.03, 0.03, 10_000],
];

describe('every rule finds the minimum', () => {
  it.each(rows)('%s', async (rule, parabolaLr, rosenbrockLr, rosenbrockSteps) => {
    const a = await trajectory(rule, { lr: parabolaLr }, { start: [0, 0], gradients: parabola, steps: 4000 });
    expect(Math.hypot(a.at(-1)![0]! - 3, a.at(-1)![1]! + 1)).toBeLessThan(0.01);
    const options = { start: [-1.2, 1], gradients: rosenbrock, steps: rosenbrockSteps };
    const b = await trajectory(rule, { lr: rosenbrockLr }, options);
    expect(Math.hypot(b.at(-1)![0]! - 1, b.at(-1)![1]! - 1)).toBeLessThan(0.03);
  });

  it('stands in the table', () => {
    expect(rows.map(([rule]) => rule)).toEqual(Object.keys(optimizers));
  });
});
