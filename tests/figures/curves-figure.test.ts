import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { drawFigure, figureOf, renderPng, writeFigure } from '../../src/figures/index.ts';
import { scratchFolder } from '../results/machine.ts';
import { adagradColor, sampleExperiment, sampleTables } from './sample-figure.ts';

const adam = { optimizer: 'adam', seed: 0, costs: [0.7, 0.4, 0.3, 0.31] };
const adagrad = { optimizer: 'adagrad', seed: 0, costs: [1.5, 1.2, 0.6] };
const figure = (runs = [adam, adagrad], experiment = sampleExperiment()) =>
  figureOf(experiment, sampleTables(runs))!;

/** Points of one curve as the figure's data has them. */
const points = (drawn: ReturnType<typeof figure>, curve: string, source = 'ours') =>
  drawn.data.filter((row) => row.curve === curve && row.source === source);

describe('the figure of training curves', () => {
  it("has the paper's order, and epoch 1 at its point 0", () => {
    const { data } = figure();
    expect([...new Set(data.filter(({ source }) => source === 'ours').map(({ curve }) => curve))]).toEqual([
      ...['AdaGrad', 'Adam'],
    ]);
    expect(points(figure(), 'Adam').map(({ x, y }) => [x, y])).toEqual([
      ...[
        [0, 0.7],
        [1, 0.4],
        [2, 0.3],
        [3, 0.31],
      ],
    ]);
  });

  it("has the paper's curves, also of an optimizer that is not run here", () => {
    expect(points(figure(), 'Adam', 'paper').length).toBe(47);
    expect(points(figure(), 'SGDNesterov (paper only)', 'paper').length).toBe(47);
  });

  it('has median, least and greatest of several seeds', () => {
    const seeds = [0.2, 0.5, 0.3].map((cost, seed) => ({ optimizer: 'adam', seed, costs: [cost] }));
    expect(points(figure(seeds), 'Adam')).toMatchObject([{ x: 0, y: 0.3, low: 0.2, high: 0.5, seeds: 3 }]);
    expect(figure(seeds).caption.join(' ')).toMatch(/seeds 0, 1, 2.*median/);
    expect(figure().caption.join(' ')).not.toMatch(/median/);
  });

  it('draws a diverged run to its last finite value and marks it there', () => {
    const drawn = figure([{ ...adam, costs: [0.7, 0.4, Number.NaN], status: 'diverged' }] as never);
    expect(points(drawn, 'Adam').map(({ x }) => x)).toEqual([0, 1]);
    expect(points(drawn, 'Adam', 'diverged')).toMatchObject([{ x: 1, y: 0.4 }]);
    expect(drawn.caption.join(' ')).toMatch(/Diverged.*Adam/);
  });

  it('says that a run diverged before it had a value to mark', () => {
    const gone = { ...adam, costs: [Number.NaN], status: 'diverged' };
    const text = figure([gone, adagrad] as never).caption.join(' ');
    expect(text).toContain('Diverged before the first value: Adam.');
    expect(text).not.toContain('marked x');
  });

  it('says which curves the axes cut', () => {
    expect(figure().caption.join(' ')).toContain('Partly outside the drawn axes: AdaGrad.');
  });

  it('widens axes on which nothing of ours would be seen', () => {
    const drawn = figure([{ ...adam, costs: [2.3] }]);
    expect(drawn.caption.join(' ')).not.toContain('utside the drawn axes');
    expect(JSON.stringify(drawn.spec({ panelWidth: 300, paperStyle: false, lineLength: 90 }))).toContain(
      '"domain":[0.2,2.53',
    );
  });

  it('has the variant in its title', () => {
    expect(figure().title).toBe('A sample (Adam 2015, figure 1 left)');
    expect(figure([adam], sampleExperiment({ variant: 'tuned' })).title).toBe(
      'A sample, tuned (Adam 2015, figure 1 left)',
    );
  });

  it('says in its caption what is cut, partial, outside the axes and left open', () => {
    const text = figure([{ ...adam, costs: [50, 40], status: 'interrupted' }] as never).caption.join(' ');
    expect(text).toMatch(/Profile paper, seed 0, engine reference\./);
    expect(text).toMatch(/10 of 46 epochs\./);
    expect(text).toMatch(/Partial results: 0 of 2 runs are done, nothing of AdaGrad\./);
    expect(text).toMatch(/Outside the drawn axes: Adam\./);
    expect(text).toMatch(/The paper leaves this open\.$/);
  });

  it('measures the distance at the points of the tables, and says its median', () => {
    const { distance, footnote } = figure();
    const rows = distance.filter(({ curve }) => curve === 'Adam');
    expect(rows.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3]);
    const sizes = rows.map(({ log_ratio }) => Math.abs(Number(log_ratio))).sort((a, b) => a - b);
    expect(rows[0]!.median_absolute_log_ratio).toBeCloseTo((sizes[1]! + sizes[2]!) / 2, 12);
    expect(footnote.join(' ')).toMatch(/figure 1 left.*Adam 0\.\d+ \(4 points\)/);
  });

  it('tells the settings of a grid apart', () => {
    const tables = sampleTables([adam, adam]);
    const [first, second] = tables.runs;
    Object.assign(second!, { id: 'other', hyperParameters: { lr: 0.2 } });
    expect(first!.hyperParameters).toEqual({ lr: 0.1 });
    const drawn = figureOf(sampleExperiment(), tables)!;
    expect([...new Set(drawn.data.map(({ curve }) => curve))]).toContain('Adam (lr=0.2)');
  });

  it('is none where nothing was measured', () => {
    expect(figureOf(sampleExperiment(), sampleTables([{ ...adam, costs: [] }]))).toBeUndefined();
  });
});

describe('the drawing', () => {
  it('is the same for the same input, as wide as asked for', async () => {
    const [first, second] = [await drawFigure(figure()), await drawFigure(figure())];
    expect(first.svg).toBe(second.svg);
    const width = Number(/width="([\d.]+)"/.exec((await drawFigure(figure(), { width: 500 })).svg)![1]);
    expect(Math.abs(width - 500)).toBeLessThan(20);
  });

  it("has the paper's curves dashed in the colour of ours, and every label", async () => {
    const { svg } = await drawFigure(figure());
    const lines = [...svg.matchAll(/<path[^>]*class="[^"]*"|<path[^>]*>/g)].map(([path]) => path);
    const dashed = lines.filter((path) => path.includes('stroke-dasharray="4,3"'));
    expect(dashed.some((path) => path.includes(adagradColor))).toBe(true);
    for (const text of ['AdaGrad', 'Adam', 'training cost', 'figure 1 left']) expect(svg).toContain(text);
  });

  it('has no title and no caption in the style of a paper, and its panels within the column', async () => {
    const { svg } = await drawFigure(figure(), { paperStyle: true });
    expect(svg).not.toContain('Profile paper');
    expect(Number(/width="([\d.]+)"/.exec(svg)![1])).toBeLessThan(340);
  });

  it.each(['1-left', '2a', 'of no kind'])('of figure %s needs no word of warning', async (name) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    await drawFigure(figure([adam], sampleExperiment({ paper: { key: 'adam', figure: name } })));
    expect(warn.mock.calls).toEqual([]);
    warn.mockRestore();
  });

  it('becomes a PNG with letters in it', async () => {
    const text = (words: string) =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text x="2" y="15" font-size="12" font-family="DejaVu Sans">${words}</text></svg>`;
    const [none, some, other] = await Promise.all([
      renderPng(text('')),
      renderPng(text('abc')),
      renderPng(text('xyz')),
    ]);
    expect(some.equals(none)).toBe(false);
    // Boxes in the place of letters would be alike.
    expect(some.equals(other)).toBe(false);
  });

  it('is written with its source, its numbers and the distance', async () => {
    const folder = scratchFolder();
    const files = await writeFigure(figure(), folder, { data: true });
    expect(readdirSync(folder).sort()).toEqual(
      ['-data.csv', '-distance.csv', '.png', '.svg', '.vl.json'].map((end) => `sample-paper${end}`),
    );
    const source = JSON.parse(readFileSync(files.find((file) => file.endsWith('.vl.json'))!, 'utf8'));
    expect(source.$schema).toContain('vega-lite');
    expect(await writeFigure(figure(), folder, { formats: ['svg'] })).toHaveLength(3);
  });
});
