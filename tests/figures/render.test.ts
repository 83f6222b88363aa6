import { describe, expect, it } from 'vitest';
import { renderPixels, renderPng } from '../../src/figures/render.ts';

/** A clipped group as Vega writes one for the marks of a panel. */
const clipped = (marks: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><defs><clipPath id="clip1"><rect x="0" y="0" width="80" height="80"/></clipPath></defs><g transform="translate(10,10)"><g class="mark-line" clip-path="url(#clip1)" aria-hidden="true">${marks}</g></g></svg>`;
const line = (d: string): string => `<path d="${d}" stroke="red" stroke-width="2" fill="none"/>`;

describe('a picture', () => {
  // Where every mark of a clipped group lies outside the picture, resvg aborts the whole process.
  it('has room for curves that lie far outside their panel as a whole', async () => {
    const png = await renderPng(clipped(line('M0,-5000L80,-9000')));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
  });

  it('shows of a clipped group what lies inside, and nothing else', async () => {
    const inked = async (marks: string) => {
      const { pixels } = await renderPixels(clipped(marks));
      return pixels.reduce((sum, value, i) => (i % 4 === 3 && value > 0 ? sum + 1 : sum), 0);
    };
    expect(await inked(line('M0,-5000L80,-9000'))).toBe(0);
    expect(await inked(line('M0,40L200,40') + line('M0,-5000L80,-9000'))).toBe(2 * 80);
  });
});
