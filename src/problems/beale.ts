import type { Problem } from './problem.ts';
import type { BealeSettings } from './settings.ts';

/**
 * Beale's function, (1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2 (Ruder 2017, figure 4a). Minimum 0 at
 * (3, 0.5).
 */
export function beale({ start }: Omit<BealeSettings, 'type'>): Problem {
  return {
    start,
    gradient(p, _step, out) {
      const [x, y] = p as unknown as [number, number];
      const [a, b, c] = residuals(x, y);
      out[0] = 2 * (a * (y - 1) + b * (y ** 2 - 1) + c * (y ** 3 - 1));
      out[1] = 2 * x * (a + 2 * b * y + 3 * c * y ** 2);
    },
    measure({ parameters }) {
      const [x, y] = parameters as unknown as [number, number];
      return { cost: residuals(x, y).reduce((sum, r) => sum + r * r, 0), x, y };
    },
  };
}

function residuals(x: number, y: number): [number, number, number] {
  return [1.5 - x + x * y, 2.25 - x + x * y ** 2, 2.625 - x + x * y ** 3];
}
