import type { IsolineRow } from './contours-isolines.ts';
import type { Landscape } from './contours-landscape.ts';
import { drawnPart, isWithin, type Path, type PathPoint } from './contours-paths.ts';
import type { Layout, VegaLiteSpec } from './figure.ts';
import { legendBelow, pageSpec, panelTitle } from './page-spec.ts';
import type { Style } from './palette.ts';

export interface ContoursPanel {
  readonly title: string;
  readonly paths: readonly Path[];
  /** Last finite points of runs that diverged. */
  readonly diverged: readonly (PathPoint & { readonly curve: string })[];
}

export interface ContoursDrawing {
  readonly title: string;
  /** Sentences below the panels. */
  readonly text: readonly string[];
  readonly landscape: Landscape;
  readonly isolines: readonly IsolineRow[];
  readonly panels: readonly ContoursPanel[];
  /** In the order of the legend. */
  readonly curves: readonly { readonly label: string; readonly style: Style }[];
  /** For a picture of an animation: paths end here, and the step is shown. */
  readonly step?: number;
}

/** Half a pixel of a figure of usual width. */
const closest = 1 / 1000;

/** The Vega-Lite spec of paths over the isolines of a landscape, in panels one below the other. */
export const contoursSpec =
  (drawing: ContoursDrawing) =>
  (layout: Layout): VegaLiteSpec => {
    const { title, text, panels } = drawing;
    const specs = panels.map((panel, nth) => panelSpec(drawing, panel, nth, layout));
    return pageSpec({ title, text, columns: 1, panels: specs }, layout);
  };

function panelSpec(
  { landscape, isolines, panels, curves, step }: ContoursDrawing,
  { title, paths, diverged }: ContoursPanel,
  nth: number,
  layout: Layout,
): VegaLiteSpec {
  const { window, aspect, levels, goal, start } = landscape;
  const { panelWidth, paperStyle } = layout;
  const labels = curves.map(({ label }) => label);
  const several = panels.length > 1;
  const axis = { grid: false, tickCount: paperStyle ? 5 : 8 };
  const x = {
    ...{ field: 'x', type: 'quantitative', title: nth === panels.length - 1 ? 'x' : null, axis },
    scale: { domain: window.x, nice: false, zero: false },
  };
  const y = {
    ...{ ...x, field: 'y', title: 'y', axis: { ...axis, tickCount: several ? 4 : axis.tickCount } },
    scale: { ...x.scale, domain: window.y },
  };
  const color = {
    ...{ field: 'curve', type: 'nominal', legend: legendBelow(labels, layout) },
    scale: { domain: labels, range: curves.map(({ style }) => style.color) },
  };
  const shape = { ...color, scale: { domain: labels, range: curves.map(({ style }) => style.shape) } };
  const { lines, ends } = drawnRows(paths, landscape, step);
  return {
    width: panelWidth,
    height: Math.round(panelWidth * aspect),
    ...(several ? { title: panelTitle(title, layout) } : {}),
    layer: [
      {
        data: { values: isolines },
        mark: { type: 'line', clip: true, stroke: '#808080', strokeWidth: paperStyle ? 0.5 : 0.7 },
        encoding: {
          ...{ x, y, order: { field: 'corner' }, detail: { field: 'line' } },
          strokeOpacity: {
            ...{ field: 'rank', type: 'quantitative', legend: null },
            scale: { domain: [0, levels.length - 1], range: [1, 0.5] },
          },
        },
      },
      // Below the paths, which are not to be hidden.
      ...placeName('start', start, landscape, layout, { x, y }),
      ...placeName(goal.name, goal, landscape, layout, { x, y }),
      {
        data: { values: lines },
        mark: { type: 'line', clip: true, strokeWidth: paperStyle ? 1 : 1.5, strokeJoin: 'round' },
        encoding: { x, y, color, order: { field: 'step' }, tooltip },
      },
      placeMark('circle', start, layout, { x, y }),
      {
        data: { values: ends },
        mark: {
          ...{ type: 'point', filled: true, opacity: 1, size: paperStyle ? 24 : 55 },
          ...{ stroke: 'white', strokeWidth: paperStyle ? 0.4 : 0.8 },
        },
        encoding: { x, y, color, shape, tooltip },
      },
      placeMark(star, goal, layout, { x, y }),
      {
        data: { values: diverged.filter((point) => step === undefined || point.step <= step) },
        mark: {
          ...{ type: 'point', clip: true, size: 90, strokeWidth: 2, opacity: 1 },
          shape: 'M-0.7,-0.7L0.7,0.7M-0.7,0.7L0.7,-0.7',
        },
        encoding: { x, y, color },
      },
      ...(step === undefined ? [] : [stepText(step, layout)]),
    ],
  };
}

const tooltip = [
  { field: 'curve', type: 'nominal', title: 'optimizer' },
  { field: 'step', type: 'quantitative', title: 'step' },
  ...['x', 'y', 'value'].map((field) => ({ field, type: 'quantitative', title: field, format: '.4~g' })),
];

const star =
  'M0,-1L0.23,-0.32L0.95,-0.31L0.38,0.12L0.59,0.81L0,0.4L-0.59,0.81L-0.38,0.12L-0.95,-0.31L-0.23,-0.32Z';

/** What is seen of the paths, and the last point of each within the window. */
function drawnRows(paths: readonly Path[], { window }: Landscape, step = Number.POSITIVE_INFINITY) {
  const drawn = paths.map(({ curve, points }) =>
    drawnPart(
      points.filter((point) => point.step <= step),
      window,
      closest,
    ).map((point) => ({ curve, ...shortened(point) })),
  );
  return {
    lines: drawn.flat(),
    ends: drawn.flatMap((points) => points.filter((point) => isWithin(window, point)).slice(-1)),
  };
}

/** With as many digits as can be seen. */
function shortened({ step, x, y, value }: PathPoint): PathPoint {
  const short = (number: number): number => Number(number.toPrecision(5));
  return { step, x: short(x), y: short(y), value: short(value) };
}

interface Place {
  readonly x: number;
  readonly y: number;
}

interface Channels {
  readonly x: object;
  readonly y: object;
}

function placeMark(shape: string, { x, y }: Place, { paperStyle }: Layout, encoding: Channels): VegaLiteSpec {
  return {
    data: { values: [{ x, y }] },
    mark: {
      ...{ type: 'point', shape, opacity: 1, fill: 'white', stroke: 'black' },
      ...{ strokeWidth: paperStyle ? 0.8 : 1.2, size: paperStyle ? 30 : 80 },
    },
    encoding,
  };
}

/** Beside the place, in a halo that isolines do not run through. */
function placeName(
  text: string,
  { x, y }: Place,
  { window }: Landscape,
  { paperStyle }: Layout,
  encoding: Channels,
): VegaLiteSpec[] {
  const data = { values: [{ x, y }] };
  const atEdge = x > window.x[0] + 0.85 * (window.x[1] - window.x[0]);
  const beside = atEdge
    ? { align: 'right', baseline: 'bottom', dx: -5, dy: -2 }
    : { align: 'left', baseline: 'top', dx: 5, dy: 4 };
  const mark = { type: 'text', text, fontSize: paperStyle ? 7 : 10, ...beside };
  return [
    { data, mark: { ...mark, stroke: 'white', strokeWidth: 3, opacity: 0.8 }, encoding },
    { data, mark, encoding },
  ];
}

function stepText(step: number, { paperStyle }: Layout): VegaLiteSpec {
  return {
    data: { values: [{ step }] },
    mark: {
      ...{ type: 'text', text: `step ${step}`, align: 'left', baseline: 'top', fontWeight: 'bold' },
      fontSize: paperStyle ? 8 : 13,
    },
    encoding: { x: { value: 8 }, y: { value: 8 } },
  };
}
