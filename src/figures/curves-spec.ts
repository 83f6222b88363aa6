import { type Layout, type VegaLiteSpec, wrapped } from './figure.ts';
import type { Style } from './palette.ts';
import type { PanelAxes } from './paper-panels.ts';
import { themeOf } from './theme.ts';

export interface CurvePointRow {
  readonly curve: string;
  readonly x: number;
  readonly y: number;
}

export interface CurvesPanel {
  readonly axes: PanelAxes;
  readonly ours: readonly (CurvePointRow & { low: number; high: number; seeds: number })[];
  readonly paper: readonly CurvePointRow[];
  /** Last finite values of runs that diverged. */
  readonly ends: readonly CurvePointRow[];
}

export interface CurvesDrawing {
  readonly title: string;
  /** Sentences below the panels. */
  readonly text: readonly string[];
  readonly panels: readonly CurvesPanel[];
  /** In the order of the legend. */
  readonly curves: readonly { readonly label: string; readonly style: Style }[];
}

const ours = 'ours';
const theirs = 'the paper';
/** Markers on a line: they tell curves apart without colour, and more would hide them. */
const markers = 9;

/** The Vega-Lite spec of training curves in panels: side by side, in a narrow column one below the other. */
export function curvesSpec({ title, text, panels, curves }: CurvesDrawing): (layout: Layout) => VegaLiteSpec {
  return (layout) => {
    const { paperStyle, lineLength } = layout;
    const lines = text.flatMap((sentence) => wrapped(sentence, lineLength));
    return {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      description: `${title}. ${text.join(' ')}`,
      background: 'white',
      ...(paperStyle
        ? {}
        : { title: { text: wrapped(title, Math.floor(lineLength * 0.7)), anchor: 'start', offset: 12 } }),
      spacing: paperStyle ? 6 : 14,
      vconcat: [
        {
          concat: panels.map((panel) => panelSpec(panel, curves, panels.length > 1, layout)),
          columns: paperStyle ? 1 : panels.length,
          resolve: sharing('shared'),
        },
        ...(paperStyle ? [] : [textBlock(lines)]),
      ],
      // The legend belongs to the panels: shared with the caption it would stand to its right.
      resolve: sharing('independent'),
      config: themeOf(layout),
    };
  };
}

const sharing = (how: 'shared' | 'independent'): VegaLiteSpec => ({
  scale: { color: how, shape: how, strokeDash: how },
});

function panelSpec(
  { axes, ours: rows, paper, ends }: CurvesPanel,
  curves: CurvesDrawing['curves'],
  several: boolean,
  { panelWidth, paperStyle, lineLength }: Layout,
): VegaLiteSpec {
  const domain = curves.map(({ label }) => label);
  const below = { orient: 'bottom', columns: Math.max(2, Math.floor(lineLength / 28)), offset: 8 };
  const legend = { title: null, symbolOpacity: 1, ...(paperStyle || several ? below : {}) };
  const dashLegend = { ...legend, symbolType: 'stroke', symbolSize: paperStyle ? 120 : 400 };
  const color = {
    ...{ field: 'curve', type: 'nominal', legend },
    scale: { domain, range: curves.map(({ style }) => style.color) },
  };
  const shape = {
    ...{ field: 'curve', type: 'nominal', legend },
    scale: { domain, range: curves.map(({ style }) => style.shape) },
  };
  const dash = (source: string): VegaLiteSpec =>
    paper.length === 0
      ? {}
      : {
          strokeDash: {
            ...{ datum: source, type: 'nominal', legend: dashLegend },
            scale: {
              domain: [ours, theirs],
              range: [
                [1, 0],
                [4, 3],
              ],
            },
          },
        };
  const x = {
    ...{ field: 'x', type: 'quantitative', title: axes.xTitle },
    scale: axes.x === undefined ? { nice: false, zero: false } : { domain: axes.x, nice: false },
  };
  const logTicks =
    axes.scale === 'log' ? { axis: { format: '~g', tickCount: 6, labelOverlap: 'greedy' } } : {};
  const y = {
    ...{ field: 'y', type: 'quantitative', title: axes.yTitle, ...logTicks },
    scale: {
      type: axes.scale,
      ...(axes.scale === 'log' ? {} : { zero: false }),
      ...(axes.y === undefined ? {} : { domain: axes.y, nice: false }),
    },
  };
  const width = paperStyle ? 1.2 : 1.7;
  const band = rows.filter(({ seeds }) => seeds > 1);
  return {
    width: panelWidth,
    height: Math.round(panelWidth * (paperStyle ? 0.62 : 0.72)),
    ...(several ? { title: panelTitle(axes.title, paperStyle) } : {}),
    layer: [
      {
        data: { values: band },
        mark: { type: 'area', opacity: 0.18, clip: true },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
      },
      {
        data: { values: paper },
        mark: { type: 'line', clip: true, strokeWidth: width * 0.7 },
        encoding: { x, y, color, ...dash(theirs) },
      },
      {
        data: { values: rows },
        mark: { type: 'line', clip: true, strokeWidth: width },
        encoding: { x, y, color, ...dash(ours) },
      },
      {
        data: {
          values: sparse(
            rows,
            curves.map(({ label }) => label),
            axes.x,
          ),
        },
        mark: { type: 'point', filled: true, opacity: 1, clip: true, size: paperStyle ? 18 : 34 },
        encoding: { x, y, color, shape },
      },
      {
        data: { values: ends },
        mark: {
          ...{ type: 'point', clip: true, size: 90, strokeWidth: 2, opacity: 1 },
          shape: 'M-0.7,-0.7L0.7,0.7M-0.7,0.7L0.7,-0.7',
        },
        encoding: { x, y, color },
      },
    ],
  };
}

/** At the same height over every panel, whatever its axis labels need. */
export function panelTitle(text: string, paperStyle: boolean): VegaLiteSpec {
  return { text, fontSize: paperStyle ? 8 : 11, fontWeight: 'normal', anchor: 'middle', frame: 'group' };
}

/** Few points of each curve, for the markers, at places that differ from curve to curve. */
function sparse<Row extends CurvePointRow>(
  rows: readonly Row[],
  labels: readonly string[],
  range: readonly [number, number] | undefined,
): Row[] {
  return labels.flatMap((label, nth) => {
    const points = rows.filter(({ curve, x }) => curve === label && (range === undefined || x <= range[1]));
    if (points.length <= markers) return points;
    const step = points.length / markers;
    const shift = (step * (nth + 0.5)) / labels.length;
    return Array.from({ length: markers }, (_, i) => points[Math.floor(shift + i * step)]!);
  });
}

/** The caption as text below the panels. */
export function textBlock(lines: readonly string[]): VegaLiteSpec {
  return {
    data: { values: [{}] },
    ...{ width: 10, height: Math.max(1, 14 * lines.length) },
    mark: {
      ...{ type: 'text', text: [...lines], align: 'left', baseline: 'top', lineHeight: 14, fontSize: 11 },
      ...{ color: '#333333' },
    },
    encoding: { x: { value: 0 }, y: { value: 0 } },
    view: { stroke: null },
  };
}
