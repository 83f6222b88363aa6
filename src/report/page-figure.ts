import type { Figure, FigureKind, VegaLiteSpec } from '../figures/index.ts';
import { withPackedData } from './datasets.ts';
import { axisTitles, tooltipFields, withOrigin, withTooltips } from './hover.ts';
import { curveField, isLine, isPapers, type LegendEntry, legendOf, withoutLegends } from './legend.ts';
import { longestCurve, roundedRows, thinned } from './thin.ts';
import { layersOf, mapLayers, mapPanels, markType, type Row, type Unit } from './walk-spec.ts';

/** A figure as the page draws it: panels alone, since title, caption and legend are the page's. */
export interface PageFigure {
  /** Vega-Lite; the parameter `hidden` holds the curves that are not shown, `paper` whether the paper's are. */
  readonly spec: VegaLiteSpec;
  readonly kind: FigureKind;
  readonly curves: readonly LegendEntry[];
  /** Whether some lines are the paper's. */
  readonly hasPaper: boolean;
  /** Types of the panels' y axes, where linear and logarithmic can be changed; empty where they cannot. */
  readonly scales: readonly ('linear' | 'log')[];
  /** Where fewer points are drawn than there are: how many of a curve at most. */
  readonly thinnedTo: number | undefined;
}

/** Most points of one curve, and of all curves of a layer as long as each keeps some: a screen has no more columns. */
interface Limits {
  readonly ofCurve: number;
  readonly ofLayer: number;
  readonly atLeast: number;
}
const live: Limits = { ofCurve: 400, ofLayer: 4000, atLeast: 60 };
const still: Limits = { ofCurve: 160, ofLayer: 1200, atLeast: 40 };
const digits = 5;
const layout = { panelWidth: 420, paperStyle: false, lineLength: 90, bare: true };

export function pageFigure(figure: Figure): PageFigure {
  const { description: _, ...drawn } = figure.spec(layout);
  const panels: Unit[] = [];
  let thinnedTo: number | undefined;
  const fewer = mapPanels(drawn, (panel) => {
    const { drawn: changed, to } = withLessData(panel, live);
    thinnedTo = to ?? thinnedTo;
    panels.push(changed);
    return changed;
  });
  let nth = -1;
  const interactive = mapPanels(fewer, (panel) => {
    nth++;
    return withToggles(withTooltips(panel, nth, axisTitles(panels, nth)));
  });
  const layers = panels.flatMap(layersOf);
  const params = [
    { name: 'hidden', value: [] },
    { name: 'paper', value: true },
  ];
  const changeable = figure.kind === 'curves' || figure.kind === 'alpha-panels';
  return {
    ...{ spec: withPackedData({ ...interactive, params }), kind: figure.kind, thinnedTo },
    curves: legendOf(layers),
    hasPaper: layers.some(isPapers),
    scales: changeable ? panels.flatMap((panel) => scaleOf(panel) ?? []) : [],
  };
}

/** The figure for a picture that needs no script, with its legend. */
export function stillSpec(figure: Figure): VegaLiteSpec {
  return mapPanels(figure.spec(layout), (panel) => withLessData(panel, still).drawn);
}

/** The panel without layers that draw nothing, and with as many points and digits as can be seen. */
function withLessData(panel: Unit, most: Limits): { drawn: Unit; to: number | undefined } {
  let to: number | undefined;
  const hasPaper = layersOf(panel).some(isPapers);
  const drawn = mapLayers(panel, (layer) => {
    const rows = layer.data?.values;
    if (rows === undefined) return layer;
    const curve = curveField(layer);
    const y = layer.encoding?.y?.field;
    // A path has no function to be thinned as.
    if (!isLine(layer) || y === undefined || layer.encoding?.order !== undefined) {
      return { ...layer, data: { values: withFields(roundedRows(rows, digits), layer) } };
    }
    const curves = new Set(rows.map((row) => (curve === undefined ? '' : row[curve]))).size;
    const limit = Math.max(most.atLeast, Math.min(most.ofCurve, Math.floor(most.ofLayer / curves)));
    if (longestCurve(rows, curve) > limit) to = limit;
    const fewer = roundedRows(thinned(rows, curve, y, limit), digits);
    const told = hasPaper && markType(layer) === 'line' ? withOrigin(fewer, layer) : fewer;
    return { ...layer, data: { values: withFields(told, layer) } };
  });
  return { drawn: withoutEmpty(drawn), to };
}

/** What is encoded, and of lines what tooltips say; the spread over one seed says nothing. */
function withFields(rows: readonly Row[], layer: Unit): Row[] {
  const isBand = rows.some(({ seeds }) => Number(seeds) > 1);
  const spread = markType(layer) === 'line' && isBand ? tooltipFields : ['from'];
  const encoded = Object.values(layer.encoding ?? {}).flat();
  const fields = [...encoded.flatMap(({ field }) => field ?? []), ...spread];
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([field]) => fields.includes(field))),
  );
}

/** Axes of a layer without a single row would have no range. */
function withoutEmpty(panel: Unit): Unit {
  const { layer } = panel;
  if (layer === undefined) return panel;
  return {
    ...panel,
    layer: layer.filter(({ data }) => data?.values === undefined || data.values.length > 0),
  };
}

/** Layers show what is not hidden, and leave the legend to the page. */
function withToggles(panel: Unit): Unit {
  return mapLayers(panel, (layer) => {
    const curve = curveField(layer);
    if (curve === undefined || layer.data === undefined) return layer;
    const filters = [
      { filter: `indexof(hidden, datum[${JSON.stringify(curve)}]) < 0` },
      ...(isPapers(layer) ? [{ filter: 'paper' }] : []),
    ];
    const transform = [...filters, ...(layer.transform ?? [])];
    return { ...layer, transform, encoding: withoutLegends(layer.encoding!) };
  });
}

function scaleOf(panel: Unit): 'linear' | 'log' | undefined {
  const y = layersOf(panel)
    .map(({ encoding }) => encoding?.y)
    .find((channel) => channel?.field !== undefined && channel.type === 'quantitative');
  return y === undefined ? undefined : y.scale?.type === 'log' ? 'log' : 'linear';
}
