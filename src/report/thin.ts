import type { Row } from './walk-spec.ts';

/**
 * At most so many points of each curve: its ends, and of each stretch the least and the greatest value, so that no peak
 * is lost. Rows keep their order.
 *
 * @param curve the field that tells curves apart; undefined for a single one.
 * @param y the field whose extremes are kept.
 */
export function thinned<R extends Row>(
  rows: readonly R[],
  curve: string | undefined,
  y: string,
  most: number,
): R[] {
  const groups = new Map<unknown, number[]>();
  rows.forEach((row, i) => {
    const key = curve === undefined ? '' : row[curve];
    const group = groups.get(key) ?? [];
    if (group.length === 0) groups.set(key, group);
    group.push(i);
  });
  const kept = [...groups.values()].flatMap((group) =>
    group.length <= most ? group : stretches(group, (i) => Number(rows[i]![y]), most),
  );
  return kept.sort((a, b) => a - b).map((i) => rows[i]!);
}

function stretches(group: readonly number[], at: (index: number) => number, most: number): number[] {
  const count = Math.max(1, Math.floor((most - 2) / 2));
  const kept = new Set([group[0]!, group.at(-1)!]);
  for (let k = 0; k < count; k++) {
    const stretch = group.slice(
      Math.floor((k * group.length) / count),
      Math.floor(((k + 1) * group.length) / count),
    );
    kept.add(stretch.reduce((a, b) => (at(b) < at(a) ? b : a)));
    kept.add(stretch.reduce((a, b) => (at(b) > at(a) ? b : a)));
  }
  return [...kept];
}

/** Rows of the curve that has most. */
export function longestCurve(rows: readonly Row[], curve: string | undefined): number {
  const counts = new Map<unknown, number>();
  for (const row of rows) {
    const key = curve === undefined ? '' : row[curve];
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}

/** Numbers with so many significant digits: a screen shows fewer. */
export function roundedRows(rows: readonly Row[], digits: number): Row[] {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [
        key,
        typeof value === 'number' && Number.isFinite(value) ? Number(value.toPrecision(digits)) : value,
      ]),
    ),
  );
}
