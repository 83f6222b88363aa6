import { describe, expect, it } from 'vitest';
import type { Layout } from '../../src/figures/figure.ts';
import { columnsIn, legendBelow, pageSpec, yTitle } from '../../src/figures/page-spec.ts';
import { textWidth } from '../../src/figures/text-width.ts';

const wide: Layout = { panelWidth: 300, paperStyle: false, lineLength: 100 };
const narrow: Layout = { ...wide, lineLength: 40 };
const small: Layout = { ...wide, paperStyle: true, lineLength: 40 };

describe('the page of a figure', () => {
  const page = { title: 'A title', text: ['One sentence.'], panels: [{ width: 300 }], columns: 1 };

  it('has title, panels and caption, of which only the panels are left where it is bare', () => {
    const whole = pageSpec(page, wide);
    expect(whole.title).toMatchObject({ text: ['A title'] });
    expect(whole.vconcat).toHaveLength(2);
    for (const layout of [small, { ...wide, bare: true }]) {
      const bare = pageSpec(page, layout);
      expect(bare.title).toBeUndefined();
      expect(bare.vconcat).toHaveLength(1);
    }
  });

  it('says title and caption to those who hear it', () => {
    expect(pageSpec(page, small).description).toBe('A title. One sentence.');
  });

  it('has panels side by side where there is room', () => {
    expect([wide, narrow, small].map((layout) => columnsIn(layout, 3))).toEqual([3, 1, 1]);
  });
});

describe('the title of a y axis', () => {
  it('has several lines where the axis is shorter', () => {
    expect(yTitle('loss after 10 epochs', 200, wide)).toBe('loss after 10 epochs');
    expect(yTitle('loss after 10 epochs', 80, wide)).toEqual(['loss after', '10 epochs']);
  });
});

describe('the legend', () => {
  const columns = (labels: readonly string[], layout: Layout) => legendBelow(labels, layout).columns;

  it('has as many labels side by side as fit, and never none', () => {
    const short = Array.from({ length: 20 }, (_, i) => `SGD ${i}`);
    expect(columns(short, wide)).toBeGreaterThan(Number(columns(short, narrow)));
    expect(columns(['x'.repeat(300)], narrow)).toBe(1);
    expect(columns(['SGD', 'Adam'], wide)).toBe(2);
    expect(columns([], wide)).toBeGreaterThan(0);
  });
});

describe('the width of text', () => {
  it('is that of the shipped font', () => {
    expect(textWidth('Adam', 1000)).toBe(684 + 635 + 613 + 974);
    expect(textWidth('', 11)).toBe(0);
  });

  it('is more for bold letters, and not less for letters that are not in its table', () => {
    expect(textWidth('Adam', 10, true)).toBeGreaterThan(textWidth('Adam', 10));
    expect(textWidth('α', 10)).toBeGreaterThan(textWidth('a', 10));
  });
});
