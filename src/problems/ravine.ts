import type { Problem } from './problem.ts';
import type { RavineSettings } from './settings.ts';

/**
 * scale/2 ((x - a)^2 + condition (y - b)^2): long along x, steep across it along y (Ruder 2017, figure 2). Minimum 0 at
 * (a, b).
 *
 * For AdamW's proposition 3 (2019, section 3) the cost may have an L2 penalty with a coefficient for each coordinate, and
 * the gradient of the two be multiplied by a fixed preconditioner diag(s)^-1: that belongs to the optimizer, but rules
 * here are the same for every coordinate.
 */
export function ravine(settings: Omit<RavineSettings, 'type'>): Problem {
  const { condition, scale, start, penalty = [0, 0], preconditioner = [1, 1] } = settings;
  const [a, b] = settings.minimum as [number, number];
  const [penaltyX, penaltyY] = penalty as [number, number];
  const [sx, sy] = preconditioner as [number, number];
  return {
    start,
    gradient(p, _step, out) {
      out[0] = (scale * (p[0]! - a) + penaltyX * p[0]!) / sx;
      out[1] = (scale * condition * (p[1]! - b) + penaltyY * p[1]!) / sy;
    },
    measure({ parameters }) {
      const [x, y] = parameters as unknown as [number, number];
      const loss = (scale / 2) * ((x - a) ** 2 + condition * (y - b) ** 2);
      return { cost: loss + (penaltyX * x * x + penaltyY * y * y) / 2, x, y };
    },
  };
}
