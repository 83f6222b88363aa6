import { curveField, isPapers, theirs } from './legend.ts';
import { type Channel, layersOf, mapLayers, markType, type Row, type Unit } from './walk-spec.ts';

/** What the axes of a panel measure. */
export interface AxisTitles {
  readonly x: string;
  readonly y: string;
}

/** Of panels side by side only the first has a title at its y axis, and of those in a column the last at its x axis. */
export function axisTitles(panels: readonly Unit[], nth: number): AxisTitles {
  const titleOf = (panel: Unit, axis: 'x' | 'y'): string | undefined =>
    layersOf(panel)
      .map(({ encoding }) => encoding?.[axis]?.title)
      .find((title) => typeof title === 'string') ?? undefined;
  const before = panels.slice(0, nth + 1).reverse();
  const first = (list: readonly Unit[], axis: 'x' | 'y'): string =>
    list.map((panel) => titleOf(panel, axis)).find((title) => title !== undefined) ?? axis;
  return { x: first([...before, ...panels], 'x'), y: first(before, 'y') };
}

/** Lines tell the point that is nearest to the pointer; other marks what they were drawn from. */
export function withTooltips(panel: Unit, nth: number, titles: AxisTitles): Unit {
  const lines = layersOf(panel).filter(
    (layer) => markType(layer) === 'line' && curveField(layer) !== undefined,
  );
  if (lines.length === 0) {
    return mapLayers(panel, (layer) =>
      layer.encoding?.tooltip !== undefined || layer.data === undefined ? layer : withOwnTooltip(layer),
    );
  }
  return { ...panel, layer: [...(panel.layer ?? [panel]), nearestPoint(lines, titles, `hover${nth}`)] };
}

function nearestPoint(lines: readonly Unit[], titles: AxisTitles, name: string): Unit {
  const { x, y, color, tooltip } = lines[0]!.encoding as Readonly<
    Record<'x' | 'y' | 'color' | 'tooltip', Channel>
  >;
  const parts = lines.map((layer) => layer.data?.values ?? []);
  const isBand = parts.some((rows) => rows.some(({ seeds }) => Number(seeds) > 1));
  const hasPaper = lines.some(isPapers);
  return {
    data: { parts },
    transform: [
      ...(hasPaper ? [{ filter: `paper || datum.from !== '${theirs}'` }] : []),
      ...(isBand ? [{ calculate: spreadText, as: 'spread' }] : []),
    ],
    params: [{ name, select: { type: 'point', on: 'pointerover', nearest: true, clear: 'pointerout' } }],
    mark: { type: 'circle', size: 70, clip: true, aria: false },
    encoding: {
      ...{ x, y, color },
      opacity: { condition: { param: name, empty: false, value: 1 }, value: 0 },
      tooltip: tooltip ?? [
        { field: color.field!, type: 'nominal', title: 'curve' },
        ...(hasPaper ? [{ field: 'from', type: 'nominal', title: 'of' }] : []),
        { field: x.field!, type: 'quantitative', title: titles.x, format: '.6~g' },
        { field: y.field!, type: 'quantitative', title: titles.y, format: '.4~g' },
        ...(isBand ? [{ field: 'spread', type: 'nominal', title: 'seeds' }] : []),
      ],
    } as unknown as Record<string, Channel>,
  };
}

/** What a tooltip says of the seeds. */
const spreadText = `datum.seeds > 1 ? format(datum.low, '.4~g') + ' to ' + format(datum.high, '.4~g') + ' (' + datum.seeds + ')' : datum.from === '${theirs}' ? 'none' : 'one'`;

/** The fields of a line's rows that tooltips show besides the encoded ones. */
export const tooltipFields = ['from', 'low', 'high', 'seeds'];

/** Whose rows a line has: ours or the paper's. */
export const withOrigin = (rows: readonly Row[], layer: Unit): Row[] =>
  rows.map((row) => ({ ...row, from: isPapers(layer) ? theirs : 'ours' }));

function withOwnTooltip(layer: Unit): Unit {
  const mark = typeof layer.mark === 'string' ? { type: layer.mark } : layer.mark!;
  return { ...layer, mark: { ...mark, tooltip: { content: 'data' } } };
}
