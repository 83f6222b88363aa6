import { type Channel, markType, type Unit } from './walk-spec.ts';

/** What a panel's layers say about curves. */

export interface LegendEntry {
  readonly label: string;
  readonly color: string;
  readonly shape: string;
}

/** What the papers' own lines are named in the dash's encoding. */
export const theirs = 'the paper';

/** Of the paper, without dropout or with it. */
export const isPapers = ({ encoding }: Unit): boolean =>
  String(encoding?.strokeDash?.datum ?? '').startsWith(theirs);

export const isLine = (layer: Unit): boolean => ['line', 'area', 'trail'].includes(markType(layer) ?? '');

/** The field whose values are the curves of the legend. */
export function curveField({ encoding }: Unit): string | undefined {
  const color = encoding?.color;
  return color?.type === 'nominal' ? color.field : undefined;
}

/** In the order of the figure's own legend; none where colours are no curves. */
export function legendOf(layers: readonly Unit[]): LegendEntry[] {
  const scaleIn = (channel: string): Channel['scale'] =>
    layers.map(({ encoding }) => encoding?.[channel]).find((c) => c?.type === 'nominal' && c.scale?.domain)
      ?.scale;
  const color = scaleIn('color');
  const shapes = scaleIn('shape')?.range as readonly string[] | undefined;
  const colors = color?.range as readonly string[] | undefined;
  return (color?.domain ?? []).map((label, i) => ({
    ...{ label: String(label), color: colors?.[i] ?? '#888888', shape: shapes?.[i] ?? 'stroke' },
  }));
}

/** The spec's legends make room for the page's. */
export function withoutLegends(encoding: Readonly<Record<string, Channel>>): Record<string, Channel> {
  const isLegends = (channel: string, { type }: Channel): boolean =>
    ['color', 'shape', 'strokeDash'].includes(channel) && type === 'nominal';
  return Object.fromEntries(
    Object.entries(encoding).map(([channel, content]) => [
      channel,
      isLegends(channel, content) ? { ...content, legend: null } : content,
    ]),
  );
}
