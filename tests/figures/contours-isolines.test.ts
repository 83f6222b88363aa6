import { describe, expect, it } from 'vitest';
import { isolinesOf } from '../../src/figures/contours-isolines.ts';

const window = { x: [-2, 2], y: [-2, 2] } as const;

describe('isolines', () => {
  it('lie where the function has their value', () => {
    const value = (x: number, y: number): number => x * x + 4 * y * y;
    const levels = [0.5, 1, 3];
    const rows = isolinesOf({ value, window, levels });
    expect(new Set(rows.map(({ line }) => line)).size).toBe(3);
    for (const { x, y, rank } of rows) {
      expect(Math.abs(Math.sqrt(value(x, y)) - Math.sqrt(levels[rank]!))).toBeLessThan(0.01);
    }
  });

  it('are closed outside of the window only', () => {
    const rows = isolinesOf({ value: (x) => x, window, levels: [-1, 1] });
    const within = rows.filter(({ x, y }) => Math.abs(x) < 1.99 && Math.abs(y) < 1.99);
    for (const { x } of within) expect(Math.abs(Math.abs(x) - 1)).toBeLessThan(1e-3);
  });

  it('have few corners where they are straight', () => {
    const rows = isolinesOf({ value: (x, y) => x + y, window, levels: [0.3] });
    expect(rows.length).toBeLessThan(10);
  });
});
