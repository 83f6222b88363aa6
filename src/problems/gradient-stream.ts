import { normals } from '../graph/philox.ts';
import type { Position, Problem } from './problem.ts';
import type { GradientStreamSettings } from './settings.ts';

/**
 * Gradients that do not depend on the parameters: what a rule makes of a given sequence. The parameters start at 0.
 *
 * - `constant`: 1 in every step.
 * - `noise`: independent standard normal numbers.
 * - `burst`: `zeros` times 0, then `length` times 1, then 0 again.
 * - `growing`: `zeros` times 0, then powers of 1/ratio. With ratio = beta1/beta2 it is the sequence that makes Adam's
 *   step as large as it can get: lr (1 - beta1) / sqrt((1 - beta2) (1 - beta1^2/beta2)).
 * - `decaying`: powers of ratio; with ratio = beta2 AdaMax's longest step.
 */
export function gradientStream(settings: Omit<GradientStreamSettings, 'type'>, seed: number): Problem {
  const { stream, dimensions, zeros, length, ratio } = settings;
  const largest = new Float64Array(1);
  const valueAt = (step: number): number => {
    const after = step - zeros;
    switch (stream) {
      case 'constant':
        return 1;
      case 'burst':
        return after > 0 && after <= length ? 1 : 0;
      case 'growing':
        return after > 0 ? ratio ** -after : 0;
      case 'decaying':
        return ratio ** step;
      case 'noise':
        return Number.NaN;
    }
  };
  return {
    start: new Array<number>(dimensions).fill(0),
    gradient(_p, step, out) {
      if (stream === 'noise') out.set(normals(dimensions, { seed, stream: 'data', draw: 0 }, step));
      else out.fill(valueAt(step));
    },
    memory: { largest },
    after(position) {
      largest[0] = Math.max(largest[0]!, longestStep(position));
    },
    measure(position) {
      const x = position.parameters[0]!;
      if (position.step === 0) return { x };
      const steps = { x, 'step-length': longestStep(position), 'largest-step': largest[0]! };
      return dimensions === 1 ? steps : { ...steps, ...impliedSecondMoment(position) };
    },
  };
}

function longestStep({ parameters, before }: Position): number {
  return parameters.reduce((most, p, i) => Math.max(most, Math.abs(p - before[i]!)), 0);
}

/**
 * Mean and standard error of (g / step)^2 over the dimensions. For a rule at lr = 1 whose step is g divided by the root
 * of an estimate of E[g^2] (Adam with beta1 = 0 and epsilon = 0), it is that estimate, whatever the rule calls it.
 * Dimensions that made no step are left out.
 */
function impliedSecondMoment({ parameters, before, gradient }: Position) {
  const estimates: number[] = [];
  for (const [i, g] of gradient.entries()) {
    const step = before[i]! - parameters[i]!;
    if (step !== 0) estimates.push((g / step) ** 2);
  }
  const mean = estimates.reduce((sum, e) => sum + e, 0) / estimates.length;
  const variance = estimates.reduce((sum, e) => sum + (e - mean) ** 2, 0) / (estimates.length - 1);
  return {
    'second-moment': mean,
    'second-moment-deviation': Math.sqrt(variance / estimates.length),
  };
}
