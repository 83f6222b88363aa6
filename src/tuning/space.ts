import type { AxisValues } from '../spec/search.ts';

/** The values of one setting that are tried. */
export interface Axis {
  /** Dotted path: in an optimizer's entry (`lr`), or in the spec (`model.dropout.input`). */
  readonly path: string;
  readonly values: readonly unknown[];
  /** Ratio of two neighbours of a logarithmic range, which can be extended; undefined for a list. */
  readonly ratio?: number;
}

/** Values by dotted path. */
export type Settings = Readonly<Record<string, unknown>>;

export function axisOf(path: string, values: AxisValues): Axis {
  if (Array.isArray(values)) return { path, values };
  const { log, points } = values;
  const [from, to] = [log[0]!, log[1]!];
  const ratio = (to / from) ** (1 / (points - 1));
  return { path, values: Array.from({ length: points }, (_, i) => rounded(from * ratio ** i)), ratio };
}

/** All combinations, the first axis changing slowest; one empty combination of no axes. */
export function combinations(axes: readonly Axis[]): Settings[] {
  return axes.reduce<Settings[]>(
    (all, { path, values }) =>
      all.flatMap((settings) => values.map((value) => ({ ...settings, [path]: value }))),
    [{}],
  );
}

export interface Edge {
  readonly path: string;
  readonly value: number;
  readonly end: 'lowest' | 'highest';
  /** Why the range was not extended beyond it: what the setting refuses. */
  readonly refused?: string;
}

/**
 * Where settings lie at an end of what was tried, so that a better value may lie beyond it. 0 is no such end: the
 * settings that may be 0 (rates) have nothing below it.
 */
export function edgesOf(axes: readonly Axis[], settings: Settings): Edge[] {
  return axes.flatMap(({ path, values }): Edge[] => {
    const numbers = values.filter((value) => typeof value === 'number');
    const value = settings[path];
    if (typeof value !== 'number' || numbers.length < 2) return [];
    if (value === Math.max(...numbers)) return [{ path, value, end: 'highest' }];
    return value === Math.min(...numbers) && value !== 0 ? [{ path, value, end: 'lowest' }] : [];
  });
}

/** The axis with one more value beyond the end; undefined for a list, whose author has named all there is. */
export function extended(axis: Axis, { value, end }: Edge): Axis | undefined {
  const { ratio, values } = axis;
  if (ratio === undefined) return undefined;
  return end === 'highest'
    ? { ...axis, values: [...values, rounded(value * ratio)] }
    : { ...axis, values: [rounded(value / ratio), ...values] };
}

/** Three significant digits: what is printed is what was run. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
