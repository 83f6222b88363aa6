import { describe, expect, it } from 'vitest';
import { drawFigure, figureOf } from '../../src/figures/index.ts';
import { panelsIn, type SampleCell, sweepExperiment, sweepTables, wide } from './sample-sweep.ts';

const error = { split: 'test', metric: 'error' };
const paper = { key: 'adamw', figure: 'S3' };

const budget = (epochs: number, errors: readonly number[]): SampleCell[] => [
  ...errors.map((value, i) => ({
    ...{ optimizer: 'raw', epochs, decay: 0.0005 * 2 ** i, values: { [epochs]: value } },
  })),
  ...errors.map((value, i) => ({
    ...{ optimizer: 'normalized', epochs, decay: 1, normalized: 0.05 * 2 ** i },
    values: { [epochs]: value },
  })),
];
const grid = [...budget(10, [0.5, 0.4, 0.6]), ...budget(40, [0.3, 0.35, 0.45])];
const figure = (cells = grid) => figureOf(sweepExperiment(paper, grid), sweepTables(cells, error))!;

describe('the error over weight decay', () => {
  it('has the raw and the normalized decay side by side, a line for each budget', () => {
    const panels = panelsIn(figure().spec(wide));
    expect(panels.map(({ title }) => title.text)).toEqual(['The raw', 'The normalized']);
    expect(panels.map(({ layer }) => layer[1]!.encoding.x)).toMatchObject([
      { sort: [0.0005, 0.001, 0.002], axis: { title: 'weight decay / 0.001' } },
      { sort: [0.05, 0.1, 0.2], axis: { title: 'normalized decay' } },
    ]);
    const rows = panels[0]!.layer[1]!.data.values;
    expect(new Set(rows.map(({ curve }) => curve))).toEqual(new Set(['10 epochs', '40 epochs']));
  });

  it('marks the best of each budget', () => {
    const best = figure().data.filter((row) => row.best === 'best' && row.panel === 'The raw');
    expect(best.map(({ epochs, decay, test_error }) => [epochs, decay, test_error])).toEqual([
      [10, 0.001, 0.4],
      [40, 0.0005, 0.3],
    ]);
    expect(figure().caption.join(' ')).toContain(
      'Ring: the best of The raw: 0.001 after 10 epochs (40.0 %), 0.0005 after 40 epochs (30.0 %).',
    );
  });

  it('keeps the worst errors off the axes, and says how many', () => {
    const cells = [...grid.slice(0, 11), { ...grid[11]!, values: { 40: 0.95 } }];
    expect(figure(cells).caption.join(' ')).toContain('Above the drawn axes: 1 of 12 errors.');
    expect(figure().caption.join(' ')).not.toContain('Above the drawn axes');
  });

  it('draws what there is of partial results', async () => {
    const some = figure(grid.slice(0, 2));
    expect(some.caption.join(' ')).toContain('Partial results: 2 of 12 runs are done');
    expect((await drawFigure(some)).svg).toContain('10 epochs');
  });
});
