import type { Layout, VegaLiteSpec } from './figure.ts';
import { columnsIn, legendBelow, pageSpec, panelTitle, yTitle } from './page-spec.ts';
import type { Style } from './palette.ts';
import type { PanelAxes } from './paper-panels.ts';
import { fontSizeOf } from './theme.ts';

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
  /** Epochs at which the learning rate starts again. */
  readonly restarts: readonly number[];
  /** In the order of the legend. */
  readonly curves: readonly { readonly label: string; readonly style: Style }[];
  /** Labels of curves that are told from others of their colour by the dash. */
  readonly twins: readonly string[];
}

const ours = 'ours';
const theirs = 'the paper';
const twin = ', with dropout';
const dashes: Readonly<Record<string, readonly number[]>> = {
  [ours]: [1, 0],
  [ours + twin]: [7, 2, 1.5, 2],
  [theirs]: [4, 3],
  [theirs + twin]: [1.5, 2.5],
};
/** Markers on a line: they tell curves apart without colour, and more would hide them. */
const markers = 9;

/** The Vega-Lite spec of training curves in panels: side by side, in a narrow column one below the other. */
export function curvesSpec(drawing: CurvesDrawing): (layout: Layout) => VegaLiteSpec {
  const { title, text, panels } = drawing;
  return (layout) =>
    pageSpec(
      {
        ...{ title, text, columns: columnsIn(layout, panels.length) },
        panels: panels.map((panel) => panelSpec(panel, drawing, layout)),
      },
      layout,
    );
}

function panelSpec(
  { axes, ours: rows, paper, ends }: CurvesPanel,
  { panels, restarts, curves, twins }: CurvesDrawing,
  layout: Layout,
): VegaLiteSpec {
  const { panelWidth, paperStyle } = layout;
  const height = Math.round(panelWidth * (paperStyle ? 0.62 : 0.72));
  const domain = curves.map(({ label }) => label);
  const legend = legendBelow(domain, layout);
  const dashLegend = {
    ...legend,
    symbolType: 'stroke',
    symbolSize: paperStyle ? 120 : 400,
    clipHeight: fontSizeOf(layout),
  };
  const color = {
    ...{ field: 'curve', type: 'nominal', legend },
    scale: { domain, range: curves.map(({ style }) => style.color) },
  };
  const shape = {
    ...{ field: 'curve', type: 'nominal', legend },
    scale: { domain, range: curves.map(({ style }) => style.shape) },
  };
  const origins = [ours, ...(panels.some((panel) => panel.paper.length > 0) ? [theirs] : [])];
  const sources = origins.flatMap((origin) => (twins.length === 0 ? [origin] : [origin, origin + twin]));
  const lineLayers = (origin: string, points: readonly CurvePointRow[], strokeWidth: number) =>
    (twins.length === 0 ? [origin] : [origin, origin + twin]).map((source) => ({
      data: { values: points.filter(({ curve }) => twins.includes(curve) === source.endsWith(twin)) },
      mark: { type: 'line', clip: true, strokeWidth },
      encoding: { x, y, color, ...(sources.length === 1 ? {} : { strokeDash: dash(source) }) },
    }));
  const dash = (source: string): VegaLiteSpec => ({
    ...{ datum: source, type: 'nominal', legend: dashLegend },
    scale: { domain: sources, range: sources.map((other) => dashes[other]) },
  });
  const x = {
    ...{ field: 'x', type: 'quantitative', title: axes.xTitle, axis: countedTicks(panelWidth) },
    scale: axes.x === undefined ? { nice: false, zero: false } : { domain: axes.x, nice: false },
  };
  const reach = axes.y ?? reachOf(rows);
  const y = {
    ...{ field: 'y', type: 'quantitative', title: yTitle(axes.yTitle, height, layout) },
    ...(axes.scale === 'log' ? { axis: logTicks(reach) } : {}),
    scale: {
      type: axes.scale,
      ...(axes.scale === 'log' ? { nice: false } : { zero: false }),
      ...(axes.y === undefined ? {} : { domain: axes.y, nice: false }),
    },
  };
  const width = paperStyle ? 1.2 : 1.7;
  const band = rows.filter(({ seeds }) => seeds > 1);
  return {
    ...{ width: panelWidth, height },
    ...(panels.length > 1 ? { title: panelTitle(axes.title, layout) } : {}),
    layer: [
      ...(restarts.length === 0
        ? []
        : [
            {
              data: { values: restarts.map((epoch) => ({ x: epoch - 1 + axes.firstEpoch })) },
              mark: { type: 'rule', clip: true, strokeDash: [1.5, 2.5], color: '#444444' },
              encoding: { x },
            },
          ]),
      {
        data: { values: band },
        mark: { type: 'area', opacity: 0.18, clip: true },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
      },
      ...lineLayers(theirs, paper, width * 0.7),
      ...lineLayers(ours, rows, width),
      {
        data: {
          values: sparse(
            rows.filter(({ x, y }) => isWithin(x, axes.x) && isWithin(y, axes.y)),
            domain,
          ),
        },
        // Whole markers also at the edge, where curves begin and end.
        mark: { type: 'point', filled: true, opacity: 1, size: paperStyle ? 18 : 34 },
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

/** Few points of each curve, for the markers, at places that differ from curve to curve. */
function sparse<Row extends CurvePointRow>(rows: readonly Row[], labels: readonly string[]): Row[] {
  return labels.flatMap((label, nth) => {
    const points = rows.filter(({ curve }) => curve === label);
    if (points.length <= markers) return points;
    const step = points.length / markers;
    const shift = (step * (nth + 0.5)) / labels.length;
    return Array.from({ length: markers }, (_, i) => points[Math.floor(shift + i * step)]!);
  });
}

/** Anything is within axes that are as the data are. */
export const isWithin = (value: number, range: readonly [number, number] | undefined): boolean =>
  range === undefined || (value >= range[0] && value <= range[1]);

/** Labels of five digits need that many pixels each. */
const countedTicks = (panelWidth: number): VegaLiteSpec => ({
  // Epochs and steps are counted.
  tickMinStep: 1,
  tickCount: Math.max(2, Math.min(10, Math.floor(panelWidth / 45))),
  labelOverlap: 'greedy',
});

/** Powers of ten where there are several, as lines in between would be a wall; else 1, 2 and 5 times those. */
function logTicks([low, high]: readonly [number, number]): VegaLiteSpec {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const times = (factors: readonly number[]): number[] =>
    Array.from({ length: last - first + 1 }, (_, i) => first + i)
      .flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)))
      .filter((value) => value >= low && value <= high);
  const decades = times([1]);
  const values = decades.length > 2 ? decades : times([1, 2, 5]);
  const labelExpr = "datum.value < 0.001 ? format(datum.value, '~e') : format(datum.value, '~g')";
  return { labelExpr, labelOverlap: 'greedy', ...(values.length > 2 ? { values } : { tickCount: 6 }) };
}

export function reachOf(rows: CurvesPanel['ours']): readonly [number, number] {
  return rows.reduce<[number, number]>(
    ([low, high], row) => [Math.min(low, row.low), Math.max(high, row.high)],
    [Number.POSITIVE_INFINITY, 0],
  );
}
