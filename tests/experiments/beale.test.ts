import { describe, expect, it } from 'vitest';
import { beale } from '../../src/problems/beale.ts';
import { loadSpec } from '../../src/spec/load.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import { measuredOf, runOf } from '../problems/run-problem.ts';

/** Lowest y on the way, and the first step within 0.1 of the minimum, of an independent computation. */
const known: [optimizer: string, lowest: number, arrival: number | undefined][] = [
  ['momentum', -2.06, 104],
  // At the point where the gradient is taken; see below for the overview's own variable.
  ['nesterov', -1.44, 100],
  ['adagrad', 0.14, 300],
  ['rmsprop', 0.16, 91],
  ['sgd', 0.09, undefined],
];

describe('beale', async () => {
  const experiment = await resolveSpec(await loadSpec('beale'), { engine: 'reference' });

  it.each(known)('%s takes the known way', async (optimizer, lowest, arrival) => {
    const { x, y } = await measuredOf(runOf(experiment, optimizer));
    expect(Math.min(...y!.values())).toBeCloseTo(lowest, 2);
    const arrived = [...x!.keys()].find((step) => Math.hypot(x!.get(step)! - 3, y!.get(step)! - 0.5) < 0.1);
    expect(arrived).toBe(arrival);
  });

  it('nesterov is at the look-ahead point of the overview’s equations', async () => {
    const { x, y } = await measuredOf(runOf(experiment, 'nesterov'));
    let theta = [1, 1.6];
    let velocity = [0, 0];
    let lowest = Number.POSITIVE_INFINITY;
    for (let step = 1; step <= 200; step++) {
      const ahead = theta.map((t, i) => t - 0.95 * velocity[i]!);
      const gradient = new Float64Array(2);
      beale({ start: [1, 1.6] }).gradient(Float64Array.from(ahead), step, gradient);
      velocity = velocity.map((v, i) => 0.95 * v + 0.001 * gradient[i]!);
      theta = theta.map((t, i) => t - velocity[i]!);
      lowest = Math.min(lowest, theta[1]!);
      expect(x!.get(step)).toBeCloseTo(theta[0]! - 0.95 * velocity[0]!, 9);
      expect(y!.get(step)).toBeCloseTo(theta[1]! - 0.95 * velocity[1]!, 9);
    }
    expect(lowest).toBeCloseTo(-1.42, 2);
  });
});
