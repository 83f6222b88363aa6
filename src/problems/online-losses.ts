import { uniforms } from '../graph/philox.ts';
import type { Problem } from './problem.ts';
import type { OnlineLossesSettings } from './settings.ts';

/**
 * A new convex loss in every step on the interval [-1, 1], to which the parameter is moved back, and the regret: what it
 * has cost so far beyond the best fixed point (Adam 2015, section 4).
 *
 * - `quadratic`: 1/2 (x - z)^2, z uniform in [-1, 1].
 * - `reddi`: 1010 x in the steps 1, 102, 203 ..., else -10 x; the best point is -1 (Reddi, Kale & Kumar 2018, section 3).
 * - `reddi-random`: 1010 x with probability 0.01, else -10 x (the same, section 3).
 */
export function onlineLosses({ losses }: Omit<OnlineLossesSettings, 'type'>, seed: number): Problem {
  /** Sum of the losses paid; sums of a z^2, z and slopes, which say what a fixed point would have paid. */
  const sums = new Float64Array(4);
  let drawn = { step: -1, value: 0 };
  const random = (step: number): number => {
    if (drawn.step !== step) {
      drawn = { step, value: uniforms(1, { seed, stream: 'data', draw: 0 }, step)[0]! };
    }
    return drawn.value;
  };
  const slopeAt = (step: number): number => {
    const rare = losses === 'reddi' ? step % 101 === 1 : random(step) < 0.01;
    return rare ? 1010 : -10;
  };
  const targetAt = (step: number): number => 2 * random(step) - 1;

  return {
    start: [0],
    gradient([x], step, out) {
      out[0] = losses === 'quadratic' ? x! - targetAt(step) : slopeAt(step);
    },
    memory: { sums },
    after({ step, parameters, before }) {
      const x = before[0]!;
      if (losses === 'quadratic') {
        const z = targetAt(step);
        sums[0]! += (x - z) ** 2 / 2;
        sums[1]! += (z * z) / 2;
        sums[2]! += z;
      } else {
        const slope = slopeAt(step);
        sums[0]! += slope * x;
        sums[3]! += slope;
      }
      parameters[0] = Math.min(1, Math.max(-1, parameters[0]!));
    },
    measure({ step, parameters }) {
      const x = parameters[0]!;
      if (step === 0) return { x };
      const [paid, squares, targets, slopes] = sums as unknown as [number, number, number, number];
      // The mean of the targets lies in the interval; a linear sum is least at one of its ends.
      const best = losses === 'quadratic' ? squares - targets ** 2 / (2 * step) : -Math.abs(slopes);
      return { x, regret: paid - best };
    },
  };
}
