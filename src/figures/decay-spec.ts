import type { DecayPanel } from './decay-figure.ts';
import type { Layout, VegaLiteSpec } from './figure.ts';
import { columnsIn, legendBelow, pageSpec, panelTitle } from './page-spec.ts';
import { ordinalAxis } from './sweep-axes.ts';

export interface DecayDrawing {
  readonly title: string;
  readonly text: readonly string[];
  readonly panels: readonly DecayPanel[];
  /** Ascending. */
  readonly epochs: readonly number[];
  /** Of the errors that the axes show. */
  readonly range: readonly [number, number];
}

/** From light to dark with the budget, and never only told by colour. */
const colors = ['#56b4e9', '#0072b2', '#332288', '#000000', '#882255'];
const shapes = ['circle', 'square', 'triangle-up', 'diamond', 'cross'];

export function decaySpec({
  title,
  text,
  panels,
  epochs,
  range,
}: DecayDrawing): (layout: Layout) => VegaLiteSpec {
  return (layout) => {
    const drawn = panels.map((panel) => panelSpec(panel, { epochs, range }, layout));
    return pageSpec({ title, text, panels: drawn, columns: columnsIn(layout, panels.length) }, layout);
  };
}

const nameOf = (epochs: number): string => `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`;

function panelSpec(
  { title, decayKind, decays, cells, best }: DecayPanel,
  { epochs, range }: Pick<DecayDrawing, 'epochs' | 'range'>,
  layout: Layout,
): VegaLiteSpec {
  const { panelWidth, paperStyle } = layout;
  const domain = epochs.map(nameOf);
  const legend = legendBelow(domain, layout);
  const told = (range_: readonly string[]) => ({
    ...{ field: 'curve', type: 'nominal', legend },
    scale: { domain, range: domain.map((_, i) => range_[i % range_.length]) },
  });
  const color = told(colors);
  const shape = told(shapes);
  const x = { field: 'decay', ...ordinalAxis(decays, decayKind) };
  const y = {
    ...{ field: 'error', type: 'quantitative', title: 'test error', axis: { format: '.1~%', tickCount: 5 } },
    scale: { domain: range, zero: false, nice: false },
  };
  const rows = cells
    .filter(({ error }) => error !== undefined)
    .map((cell) => ({
      curve: nameOf(cell.epochs),
      decay: cell.decay,
      error: cell.error!,
      best: best.includes(cell),
    }));
  const bests = { values: rows.filter((row) => row.best) };
  const tooltip = [
    { field: 'curve', type: 'nominal', title: 'budget' },
    { field: 'decay', type: 'quantitative', title: 'decay', format: '~g' },
    { field: 'error', type: 'quantitative', title: 'test error', format: '.2%' },
  ];
  const width = paperStyle ? 1.2 : 1.7;
  return {
    ...{ width: panelWidth, height: Math.round(panelWidth * (paperStyle ? 0.62 : 0.8)) },
    title: panelTitle(title, layout),
    layer: [
      {
        data: bests,
        mark: { type: 'rule', strokeDash: [2, 3], strokeWidth: width * 0.6 },
        encoding: { x, y, y2: { datum: range[0] }, color },
      },
      {
        data: { values: rows },
        mark: { type: 'line', clip: true, strokeWidth: width },
        encoding: { x, y, color },
      },
      {
        data: { values: rows },
        mark: { type: 'point', clip: true, filled: true, opacity: 1, size: paperStyle ? 18 : 40 },
        encoding: { x, y, color, shape, tooltip },
      },
      {
        data: bests,
        mark: { type: 'point', filled: false, opacity: 1, size: paperStyle ? 70 : 180, strokeWidth: width },
        encoding: { x, y, color, tooltip },
      },
    ],
  };
}
