import { normals } from '../graph/philox.ts';
import type { Position, Problem } from './problem.ts';
import type { NoisyQuadraticSettings } from './settings.ts';

/**
 * 1/2 |theta|^2 with normal noise on every gradient, and averages of the iterates beside the last one (Adam 2015, section
 * 7.2): the mean of all, and the exponential moving average with and without the correction of its start at 0. The
 * dimensions are independent repetitions of one experiment; squared distances are means over them.
 */
export function noisyQuadratic(settings: Omit<NoisyQuadraticSettings, 'type'>, seed: number): Problem {
  const { dimensions, noise, start, decay } = settings;
  const mean = new Float64Array(dimensions);
  const ema = new Float64Array(dimensions);
  return {
    start: new Array<number>(dimensions).fill(start),
    gradient(p, step, out) {
      const noises = normals(dimensions, { seed, stream: 'latent', draw: 0 }, step);
      for (let i = 0; i < dimensions; i++) out[i] = p[i]! + noise * noises[i]!;
    },
    memory: { mean, ema },
    after({ parameters, step }: Position) {
      for (let i = 0; i < dimensions; i++) {
        mean[i]! += (parameters[i]! - mean[i]!) / step;
        ema[i] = decay * ema[i]! + (1 - decay) * parameters[i]!;
      }
    },
    measure({ parameters, step }) {
      const last = meanSquare(parameters);
      const cost = (dimensions / 2) * last;
      if (step === 0) return { cost, 'squared-distance': last };
      return {
        cost,
        'squared-distance': last,
        'squared-distance-of-mean': meanSquare(mean),
        'squared-distance-of-ema': meanSquare(ema) / (1 - decay ** step) ** 2,
        'squared-distance-of-uncorrected-ema': meanSquare(ema),
      };
    },
  };
}

const meanSquare = (values: Float64Array): number =>
  values.reduce((sum, v) => sum + v * v, 0) / values.length;
