import { normals } from '../graph/philox.ts';
import type { Problem } from './problem.ts';
import type { NonstationarySettings } from './settings.ts';

/**
 * 1/2 |theta - c|^2 whose minimum c moves by `velocity` in every step and dimension, with normal noise on the gradients
 * (the non-stationary objectives of Adam 2015, sections 1 and 3). It starts at its minimum: what is measured is how an
 * optimizer keeps up. An optimizer whose steps shrink to nothing falls behind without limit.
 */
export function nonstationary(
  { dimensions, velocity, noise }: Omit<NonstationarySettings, 'type'>,
  seed: number,
): Problem {
  const distance = (a: Float64Array, b: (i: number) => number): number =>
    Math.sqrt(a.reduce((sum, value, i) => sum + (value - b(i)) ** 2, 0) / dimensions);
  return {
    start: new Array<number>(dimensions).fill(0),
    gradient(p, step, out) {
      const noises = normals(dimensions, { seed, stream: 'latent', draw: 0 }, step);
      for (let i = 0; i < dimensions; i++) out[i] = p[i]! - velocity * step + noise * noises[i]!;
    },
    measure({ parameters, before, step }) {
      const lag = distance(parameters, () => velocity * step);
      return {
        cost: (dimensions / 2) * lag ** 2,
        distance: lag,
        'step-length': distance(parameters, (i) => before[i]!),
      };
    },
  };
}
