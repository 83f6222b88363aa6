import type { Problem } from './problem.ts';
import type { RavineSettings } from './settings.ts';

/**
 * scale/2 ((x - a)^2 + condition (y - b)^2): long along x, steep across it along y (Ruder 2017, figure 2). Minimum 0 at
 * (a, b).
 */
export function ravine({ condition, scale, minimum, start }: Omit<RavineSettings, 'type'>): Problem {
  const [a, b] = minimum as [number, number];
  return {
    start,
    gradient(p, _step, out) {
      out[0] = scale * (p[0]! - a);
      out[1] = scale * condition * (p[1]! - b);
    },
    measure({ parameters }) {
      const [x, y] = parameters as unknown as [number, number];
      return { cost: (scale / 2) * ((x - a) ** 2 + condition * (y - b) ** 2), x, y };
    },
  };
}
