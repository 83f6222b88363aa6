import { describe, expect, it } from 'vitest';
import { compactSvg, dataUri } from '../../src/report/still-picture.ts';

/** Where a path of M, L and l goes, as absolute points. */
function pointsOf(path: string): number[][] {
  return path
    .split('M')
    .slice(1)
    .flatMap((part) => {
      const steps = part.split(/[l ]/).map((point) => point.split(',').map(Number) as [number, number]);
      const at = [0, 0];
      return steps.map(([dx, dy]) => {
        at[0]! += dx;
        at[1]! += dy;
        return [...at];
      });
    });
}

describe('the still picture', () => {
  const longPath = (points: readonly (readonly number[])[]): string =>
    `M${points.map((point) => point.join(',')).join('L')}`;
  const svgOf = (d: string): string => `<svg width="9"><path class="x" d="${d}" stroke="#000"/></svg>`;
  const pathIn = (svg: string): string => / d="([^"]*)"/.exec(svg)![1]!;

  it('goes the same way in tenths of a pixel', () => {
    const points = Array.from({ length: 50 }, (_, i) => [1.234567 * i, 100 - Math.sin(i) * 33.33333]);
    const compact = pathIn(compactSvg(svgOf(longPath(points))));
    expect(compact.length).toBeLessThan(longPath(points).length / 2);
    const found = pointsOf(compact);
    expect(found).toHaveLength(50);
    found.forEach(([x, y], i) => {
      expect(Math.hypot(x! - points[i]![0]!, y! - points[i]![1]!)).toBeLessThan(0.08);
    });
  });

  it('drops points on top of each other, but never the last one', () => {
    const points = Array.from({ length: 100 }, (_, i) => [i / 10, 5]);
    const found = pointsOf(pathIn(compactSvg(svgOf(longPath(points)))));
    expect(found.length).toBeLessThan(20);
    expect(found.at(-1)![0]).toBeCloseTo(9.9, 10);
  });

  it('keeps the parts of a path apart, and other paths as they are', () => {
    const part = Array.from({ length: 30 }, (_, i) => [i, 2 * i]);
    const found = pathIn(compactSvg(svgOf(`${longPath(part)}${longPath(part)}`)));
    expect(found.match(/M0,0l/g)).toHaveLength(2);
    const curved = `M0,0C1,1,2,2,3,3${'L1.123,2.123'.repeat(30)}`;
    expect(pathIn(compactSvg(svgOf(curved)))).toBe(curved);
  });

  it('loses what an image has no use for, and no text', () => {
    const svg =
      '<svg xmlns="x" width="9"><g class="mark" role="graphics-object" aria-roledescription="r"><path class="foreground" aria-hidden="true" d="" display="none"/><text font-family="DejaVu Sans" opacity="1">a class="b" &lt;</text></g></svg>';
    expect(compactSvg(svg)).toBe(
      '<svg font-family="DejaVu Sans" xmlns="x" width="9"><g><text>a class="b" &lt;</text></g></svg>',
    );
  });

  it('is the source of an image that says the same', () => {
    const svg = '<svg a="#1">100 %\n</svg>';
    expect(decodeURIComponent(dataUri(svg).replace('data:image/svg+xml;charset=utf-8,', ''))).toBe(svg);
    expect(dataUri(svg)).not.toMatch(/["<>#\n]/);
  });
});
