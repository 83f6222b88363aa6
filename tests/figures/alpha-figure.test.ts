import { describe, expect, it } from 'vitest';
import { drawFigure, figureOf } from '../../src/figures/index.ts';
import {
  columnsIn,
  count,
  panelsIn,
  type SampleCell,
  sweepExperiment,
  sweepTables,
  wide,
} from './sample-sweep.ts';

const cost = { split: 'train', metric: 'minibatch-cost' };
const paper = { key: 'adam', figure: '4' };

interface AlphaSample extends SampleCell {
  readonly beta1?: number;
  readonly beta2?: number;
}

/** With correction unless it is named otherwise. */
const cell = ({ beta1 = 0.9, beta2 = 0.99, ...rest }: AlphaSample): SampleCell => ({
  ...{ epochs: 100, ...rest },
  hyper: { beta1, beta2, biasCorrection: rest.optimizer !== 'uncorrected' },
});

const cells = [
  cell({ lr: 0.001, values: { 10: 110 } }),
  cell({ lr: 0.003, values: { 10: 120 } }),
  cell({ lr: 0.01, values: { 10: 190 } }),
  cell({ lr: 0.03, status: 'diverged', values: { 3: 200 } }),
  cell({ optimizer: 'uncorrected', lr: 0.001, values: { 10: 106.7 } }),
  cell({ optimizer: 'uncorrected', lr: 0.003, status: 'diverged', values: {} }),
  cell({ beta1: 0, beta2: 0.9999, lr: 0.001, values: { 10: 111.9 } }),
];
const figure = (runs = cells) => figureOf(sweepExperiment(paper, runs), sweepTables(runs, cost))!;

describe('the panels of losses over learning rates', () => {
  it('has rows by beta1 and columns by beta2, also where no run is', () => {
    const { kind, spec } = figure();
    expect(kind).toBe('alpha-panels');
    expect(columnsIn(spec(wide))).toBe(2);
    expect(panelsIn(spec(wide)).map(({ title }) => title.text)).toEqual([
      ...['β1 = 0, β2 = 0.99', 'β1 = 0, β2 = 0.9999'],
      ...['β1 = 0.9, β2 = 0.99', 'β1 = 0.9, β2 = 0.9999'],
    ]);
  });

  it('leaves out the epochs that no run has reached, and says so', () => {
    expect(new Set(figure().data.map(({ epochs }) => epochs))).toEqual(new Set([10]));
    expect(figure().caption.join(' ')).toContain(
      'Left out: losses after 100 epochs, which no run has reached yet.',
    );
    const longer = figure([cell({ lr: 0.001, values: { 10: 110, 100: 99 } }), ...cells.slice(1)]);
    expect(panelsIn(longer.spec(wide))).toHaveLength(8);
    expect(longer.caption.join(' ')).not.toContain('Left out');
    // What diverged before the tenth epoch has diverged at the hundredth.
    const late = longer.data.filter((row) => row.epochs === 100 && row.source === 'ours');
    expect(late.map(({ state }) => state).sort()).toEqual(['', 'diverged', 'diverged']);
  });

  it('shows the paper alone where no run with these betas got so far, and says so', () => {
    const other = { beta1: 0, beta2: 0.99 };
    const runs = [
      cell({ lr: 0.001, values: { 10: 110, 100: 99 } }),
      cell({ ...other, lr: 0.001, values: { 10: 110 } }),
      cell({ ...other, lr: 0.1, status: 'diverged', values: { 3: 200 } }),
    ];
    const { caption, data } = figure(runs);
    expect(caption).toContain('Of (β1, β2) = (0, 0.99) no loss after 100 epochs is known yet.');
    const ours = data.filter((row) => row.source === 'ours' && row.beta1 === 0);
    expect(ours.map(({ epochs }) => epochs)).toEqual([10, 10]);
  });

  it('shows the last epoch of shorter runs, without the paper', () => {
    const short = figure([0.001, 0.01].map((lr) => cell({ lr, epochs: 1, values: { 1: 300 } })));
    expect(short.data).toMatchObject(Array(2).fill({ epochs: 1, loss: 300, source: 'ours' }));
    expect([short.footnote, short.distance]).toEqual([[], []]);
    expect(short.caption.join(' ')).not.toContain('Left out');
  });

  it("takes a run's tenth epoch whether it was to end there or not, and each seed once", () => {
    const twice = [...cells, cell({ lr: 0.001, epochs: 10, values: { 10: 110 } })];
    expect(figure(twice).data).toEqual(figure().data);
  });

  it('marks losses above the axes and diverged ones at the upper edge, each curve at its height', () => {
    const layers = panelsIn(figure().spec(wide))[2]!.layer;
    const [arrows, crosses] = layers.slice(-2).map(({ data }) => data.values);
    expect(arrows).toMatchObject([{ x: -2, y: 143, loss: 190, curve: 'with bias correction' }]);
    expect(crosses).toMatchObject([
      { x: Math.log10(0.003), y: 139.3, loss: 'diverged', curve: 'without bias correction' },
      { x: Math.log10(0.03), y: 143, loss: 'diverged', curve: 'with bias correction' },
    ]);
    expect(figure().caption.join(' ')).toMatch(
      /Diverged, crossed at the upper edge: The adam, The uncorrected\./,
    );
    expect(figure().caption.join(' ')).toContain('Arrows at the upper edge: 1 of 7 losses are above 145.');
  });

  it("has the paper's markers hollow behind, and lines to where they leave its drawing", () => {
    const [line, marks] = panelsIn(figure().spec(wide))[2]!.layer;
    expect(line!.data.values.length - marks!.data.values.length).toBe(2);
    expect(marks!.mark).toMatchObject({ type: 'point', filled: false });
    expect(marks!.data.values).toContainEqual({
      ...{ curve: 'with bias correction', x: -3, y: 106.8, atEdge: false },
    });
  });

  it("measures the distance at the paper's markers, and lists those where ours diverged", () => {
    const { distance, footnote } = figure();
    const at = distance
      .filter(({ beta1 }) => beta1 === 0.9)
      .map((row) => [row.bias_correction, row.ours, row.paper]);
    expect(at).toEqual([
      ['true', 110, 106.8],
      ['true', 120, 105.7],
      ['true', 190, 115.6],
      ['false', 106.7, 106.7],
      ['false', 'diverged', 105.5],
    ]);
    expect(distance[0]).toMatchObject({ ours: 111.9, paper: 111.9, log_ratio: 0 });
    expect(footnote.join(' ')).toMatch(
      /without bias correction after 10 epochs 0\.0 \(1 point, and 1 where ours diverged\)/,
    );
  });

  it('is drawn with two curves that differ in shape, and fits into a column', async () => {
    const { svg } = await drawFigure(figure());
    for (const text of [
      'with bias correction',
      'without bias correction',
      'the paper',
      'loss after 10 epochs',
    ]) {
      expect(svg).toContain(text);
    }
    expect(count(svg, 'stroke-dasharray="4,3"')).toBeGreaterThan(3);
    expect(await drawFigure(figure())).toMatchObject({ svg });
    const narrow = await drawFigure(figure(), { paperStyle: true });
    expect(Number(/width="([\d.]+)"/.exec(narrow.svg)![1])).toBeLessThan(330);
  });
});
