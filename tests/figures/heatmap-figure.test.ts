import { describe, expect, it } from 'vitest';
import { drawFigure, figureOf } from '../../src/figures/index.ts';
import {
  columnsIn,
  count,
  panelsIn,
  paperStyle,
  type SampleCell,
  sweepExperiment,
  sweepTables,
  wide,
} from './sample-sweep.ts';

const error = { split: 'test', metric: 'error' };
const paper = { key: 'adamw', figure: '2' };
const lrs = [0.001, 0.002, 0.004];
const decays = [0, 0.000125, 0.00025, 0.0005];

/** Errors of 0.50, 0.51, 0.52 and so on, the last two 0.9. */
const grid: SampleCell[] = ['l2', 'w'].flatMap((optimizer, k) =>
  lrs.flatMap((lr, i) =>
    decays.map((decay, j) => {
      const nth = 12 * k + 4 * i + j;
      return { optimizer, lr, decay, values: { 0: 0.95, 30: nth > 21 ? 0.9 : 0.5 + nth / 100 } };
    }),
  ),
);
const figure = (cells: readonly SampleCell[] = grid) =>
  figureOf(sweepExperiment(paper, grid), sweepTables(cells, error))!;

/** The cells' marks of a panel by their name. */
function marksOf(cells: readonly SampleCell[], panel: number): Record<string, number> {
  const rows = panelsIn(figure(cells).spec(wide))[panel]!.layer.at(-1)!.data.values;
  const marks = rows.map(({ mark }) => String(mark));
  return Object.fromEntries(
    [...new Set(marks)].map((mark) => [mark, marks.filter((m) => m === mark).length]),
  );
}

describe('the map of learning rates and weight decays', () => {
  it('has a panel for each optimizer with its own axis of decays, and the error at the end', () => {
    const { kind, data } = figure();
    expect(kind).toBe('heatmap');
    expect(data).toHaveLength(24);
    expect(data[5]).toEqual({
      ...{ panel: 'The l2', decay_kind: 'l2', lr: 0.002, decay: 0.000125, epochs: 30, seeds: 1 },
      ...{ test_error: 0.55, state: 'done', rank: 6 },
    });
    const panels = panelsIn(figure().spec(wide));
    expect(panels.map(({ title }) => title.text)).toEqual(['The l2', 'The w']);
    const { x, y } = panels[0]!.layer[0]!.encoding;
    expect(x).toMatchObject({ type: 'ordinal', axis: { title: 'L2 factor / 0.001' }, sort: decays });
    expect(y).toMatchObject({ type: 'ordinal', sort: [0.004, 0.002, 0.001] });
    expect(panels[1]!.layer[0]!.encoding.x).toMatchObject({ axis: { title: 'weight decay / 0.001' } });
  });

  it('shares one scale, clipped so that good cells differ, and says so', () => {
    const colors = panelsIn(figure().spec(wide)).map(({ layer }) => layer[0]!.encoding.color!);
    expect(colors[0]).toEqual(colors[1]);
    expect(colors[0]).toMatchObject({
      title: 'test error, clipped at 67.0 %',
      scale: { scheme: 'viridis', reverse: true, domain: [0.5, 0.67], clamp: true },
    });
    expect(figure().caption.join(' ')).toContain('clipped at 67.0 %, which 6 of 24 cells lie above.');
  });

  it('clips nothing where there are few cells', () => {
    const few = figure(grid.slice(0, 12));
    expect(few.caption.join(' ')).not.toContain('clipped');
  });

  it('rings the ten best cells of each panel, the best with a dot', () => {
    expect(marksOf(grid, 0)).toEqual({ best: 1, 'ten best': 9 });
    expect(figure().data.find(({ rank }) => rank === 1)).toMatchObject({ lr: 0.001, decay: 0 });
    expect(figure().caption.join(' ')).toContain('the best with a dot: The l2 50.0 %, The w 62.0 %.');
  });

  it('crosses diverged cells and strikes out those that are not finished', () => {
    const cells = grid.slice(0, 20).map((cell, i): SampleCell => {
      if (i === 12) return { ...cell, status: 'diverged', values: {} };
      return i === 13 ? { ...cell, status: 'interrupted', values: { 0: 0.95 } } : cell;
    });
    expect(marksOf(cells, 1)).toEqual({ diverged: 1, 'not finished': 5, best: 1, 'ten best': 5 });
    const { caption, data } = figure(cells);
    expect(caption.join(' ')).toMatch(/Partial results: 19 of 24 runs are done\./);
    expect(caption.join(' ')).toMatch(/Diverged, crossed: The w\./);
    expect(data.filter(({ state }) => state === 'not finished').map((row) => row.test_error)).toEqual([
      ...['', '', '', '', ''],
    ]);
  });

  it('takes every grid of rates and decays for a map, and no grid of one of them', () => {
    const kindOf = (cells: readonly SampleCell[]) =>
      figureOf(sweepExperiment(null, cells), sweepTables(cells, error))!.kind;
    expect(kindOf(grid)).toBe('heatmap');
    expect(kindOf(grid.filter(({ lr }) => lr === 0.001))).toBe('curves');
    expect(kindOf(grid.filter(({ lr, decay }) => lr === 0.001 && decay === 0))).toBe('curves');
    expect(kindOf([...grid, { optimizer: 'l2', epochs: 60, values: { 60: 0.5 } }])).toBe('curves');
  });

  it('is none where each optimizer has one setting', () => {
    const one = grid.filter(({ lr, decay }) => lr === 0.001 && decay === 0);
    expect(figureOf(sweepExperiment(paper, one), sweepTables(one, error))!.kind).toBe('curves');
  });

  it('keeps pairs of optimizers side by side where three columns do not fit', () => {
    const six = ['a', 'b', 'c', 'x', 'y', 'z'].flatMap((optimizer) =>
      [0.001, 0.002].map((lr) => ({ optimizer, lr, values: { 30: 0.5 } })),
    );
    const drawn = figureOf(sweepExperiment(paper, six), sweepTables(six, error))!;
    const titles = (layout: typeof wide) =>
      panelsIn(drawn.spec(layout)).map(({ title }) => title.text.slice(-1));
    expect([columnsIn(drawn.spec(wide)), titles(wide).join('')]).toEqual([3, 'abcxyz']);
    expect([columnsIn(drawn.spec(paperStyle)), titles(paperStyle).join('')]).toEqual([2, 'axbycz']);
  });

  it('is drawn with its cells, its labels in thousandths and its legends', async () => {
    const { svg } = await drawFigure(figure());
    expect(svg).toContain('>1/8<');
    for (const text of ['learning rate / 0.001', 'test error, clipped', '>best<', '>ten best<']) {
      expect(svg).toContain(text);
    }
    expect(svg).not.toContain('not finished');
    // The darkest colour of the scale: the last cell within, those above, and the legend's end.
    expect(count(svg, 'rgb(68, 1, 84)')).toBeGreaterThanOrEqual(7);
    expect(await drawFigure(figure())).toMatchObject({ svg });
  });
});
