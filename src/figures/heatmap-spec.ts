import type { Layout, VegaLiteSpec } from './figure.ts';
import type { HeatmapPanel, RankedCell } from './heatmap-figure.ts';
import { isSmall, pageSpec, panelTitle, yTitle } from './page-spec.ts';
import { axisTitle, ordinalAxis } from './sweep-axes.ts';
import { fontSizeOf } from './theme.ts';

export interface HeatmapDrawing {
  readonly title: string;
  readonly text: readonly string[];
  readonly panels: readonly HeatmapPanel[];
  /** Errors of the first and the last colour. */
  readonly range: readonly [number, number];
}

/** Marks on cells and their paths, in the order of the legend. */
const marks = {
  best: 'M-1,0A1,1,0,1,1,1,0A1,1,0,1,1,-1,0M-0.25,0A0.25,0.25,0,1,1,0.25,0A0.25,0.25,0,1,1,-0.25,0',
  'ten best': 'M-1,0A1,1,0,1,1,1,0A1,1,0,1,1,-1,0',
  diverged: 'M-0.8,-0.8L0.8,0.8M-0.8,0.8L0.8,-0.8',
  'not finished': 'M-0.8,0.8L0.8,-0.8M-0.8,0.1L0.1,-0.8M-0.1,0.8L0.8,-0.1',
};
/** Of a cell's side in pixels, for the marks of a panel that has few. */
const largest = 45;

type Mark = keyof typeof marks;

export function heatmapSpec({
  title,
  text,
  panels,
  range,
}: HeatmapDrawing): (layout: Layout) => VegaLiteSpec {
  const shown = (Object.keys(marks) as Mark[]).filter((mark) =>
    panels.some(({ cells }) => cells.some((cell) => markOf(cell) === mark)),
  );
  const isClipped = panels.some(({ cells }) => cells.some(({ error = 0 }) => error > range[1]));
  const legendTitle = `test error${isClipped ? `, clipped at ${(100 * range[1]).toFixed(1)} %` : ''}`;
  return (layout) => {
    const { columns, ordered } = arranged(panels, layout);
    const drawn = ordered.map((panel, i) =>
      panelSpec(panel, { range, shown, legendTitle, first: i % columns === 0 }, layout),
    );
    return pageSpec({ title, text, panels: drawn, columns }, layout);
  };
}

/** As many columns as fit; panels of two rows of three stand as three rows of two where three do not fit. */
function arranged(panels: readonly HeatmapPanel[], layout: Layout) {
  const wide = panels.length % 3 === 0 ? 3 : 2;
  const columns = Math.min(panels.length, isSmall(layout) ? 2 : wide);
  if (columns === wide || panels.length !== 6) return { columns, ordered: panels };
  return { columns, ordered: [0, 3, 1, 4, 2, 5].map((i) => panels[i]!) };
}

function markOf({ state, rank }: RankedCell): Mark | undefined {
  if (state !== 'done') return state;
  return rank === 1 ? 'best' : rank > 1 ? 'ten best' : undefined;
}

interface PanelOptions extends Pick<HeatmapDrawing, 'range'> {
  /** Marks that some panel has. */
  readonly shown: readonly Mark[];
  readonly legendTitle: string;
  /** Of its row. */
  readonly first: boolean;
}

function panelSpec(
  { title, decayKind, lrs, decays, cells }: HeatmapPanel,
  { range, shown, legendTitle, first }: PanelOptions,
  layout: Layout,
): VegaLiteSpec {
  const { panelWidth, paperStyle } = layout;
  const height = Math.round(panelWidth * 0.68);
  const side = Math.min(panelWidth / decays.length, height / lrs.length, largest);
  const x = { field: 'decay', ...ordinalAxis(decays, decayKind) };
  const upwards = ordinalAxis([...lrs].reverse(), 'lr');
  const y = {
    field: 'lr',
    ...upwards,
    axis: { ...upwards.axis, title: first ? yTitle(axisTitle('lr'), height, layout) : null },
  };
  const rows = cells.map((cell) => ({
    ...{ lr: cell.lr, decay: cell.decay, error: cell.error ?? null, state: cell.state },
    ...{
      epochs: cell.epochs,
      rank: cell.rank === 0 ? 'not among them' : cell.rank,
      mark: markOf(cell) ?? null,
    },
  }));
  const tooltip = [
    { field: 'lr', type: 'quantitative', title: 'learning rate', format: '~g' },
    { field: 'decay', type: 'quantitative', title: axisTitle(decayKind).replace(/ \/.*/, ''), format: '~g' },
    { field: 'error', type: 'quantitative', title: 'test error', format: '.2%' },
    { field: 'state', type: 'nominal', title: 'run' },
    { field: 'rank', type: 'nominal', title: 'place among the ten best' },
    { field: 'epochs', type: 'quantitative', title: 'epochs' },
  ];
  const color = {
    ...{ field: 'error', type: 'quantitative', title: legendTitle },
    scale: { scheme: 'viridis', reverse: true, domain: range, clamp: true },
    legend: {
      ...{
        orient: 'bottom',
        direction: 'horizontal',
        format: range[1] - range[0] < 0.04 ? '.1%' : '.0%',
        tickCount: 4,
        titleFontWeight: 'normal',
      },
      ...{ gradientLength: paperStyle ? 110 : 200, gradientThickness: paperStyle ? 8 : 12 },
    },
  };
  const shape = {
    ...{ field: 'mark', type: 'nominal', title: null },
    scale: { domain: shown, range: shown.map((mark) => marks[mark]) },
    legend: {
      ...{ orient: 'bottom', columns: paperStyle ? 2 : shown.length, symbolStrokeColor: '#000000' },
      ...{ symbolFillColor: 'transparent', symbolSize: 5 * fontSizeOf(layout) },
    },
  };
  const cell = (
    fill: VegaLiteSpec,
    keep: (row: (typeof rows)[number]) => boolean,
    encoding: VegaLiteSpec,
  ) => ({
    data: { values: rows.filter(keep) },
    mark: { type: 'rect', stroke: '#ffffff', strokeWidth: 0.5, ...fill },
    encoding: { x, y, tooltip, ...encoding },
  });
  const ring = (style: VegaLiteSpec) => ({
    data: { values: rows.filter(({ mark }) => mark !== null) },
    mark: { type: 'point', filled: false, opacity: 1, size: (side * 0.62) ** 2, ...style },
    encoding: { x, y, shape, tooltip },
  });
  return {
    ...{ width: panelWidth, height, title: panelTitle(title, layout) },
    layer: [
      cell({}, ({ state }) => state === 'done', { color }),
      cell({ fill: '#d4d4d4' }, ({ state }) => state === 'diverged', {}),
      cell({ fill: '#ffffff', stroke: '#bbbbbb' }, ({ state }) => state === 'not finished', {}),
      ring({ stroke: '#ffffff', strokeWidth: paperStyle ? 1.8 : 3, strokeOpacity: 0.7 }),
      ring({ stroke: '#000000', strokeWidth: paperStyle ? 0.7 : 1.3 }),
    ],
  };
}
