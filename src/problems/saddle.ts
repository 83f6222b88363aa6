import type { Problem } from './problem.ts';
import type { SaddleSettings } from './settings.ts';

/** x^2 - y^2, a saddle point at (0, 0) that curves up along x and down along y (Ruder 2017, figure 4b). */
export function saddle({ start }: Omit<SaddleSettings, 'type'>): Problem {
  return {
    start,
    gradient(p, _step, out) {
      out[0] = 2 * p[0]!;
      out[1] = -2 * p[1]!;
    },
    measure({ parameters }) {
      const [x, y] = parameters as unknown as [number, number];
      return { cost: x * x - y * y, x, y };
    },
  };
}
