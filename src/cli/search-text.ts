import { relative } from 'node:path';
import type { Axis, Edge, Measurement, Settings } from '../tuning/index.ts';
import { settingsText } from '../tuning/yaml-lines.ts';
import { cost } from './format.ts';
import type { Output, Paint } from './output.ts';
import { type Column, renderTable } from './table.ts';

/** Tables and warnings of `tune` and `recover`. */

/** So many of each optimizer's candidates are shown: the best, and how far the next ones are. */
export const shownCandidates = 5;

export interface RankedRow {
  /** Optimizer, or '' for what is shared. */
  readonly name: string;
  readonly settings: Settings;
  readonly cells: readonly string[];
}

/** The first row of each name is the best one; a name stands once. */
export function rankingTable(
  title: string,
  columns: readonly Column[],
  rows: readonly RankedRow[],
  paint: Paint,
): string {
  return renderTable(
    [{ title }, { title: 'settings' }, ...columns],
    rows.map(({ name, settings, cells }, i) => {
      const first = i === 0 || rows[i - 1]!.name !== name;
      const text = settingsText(settings);
      return [first ? name : '', first ? paint.bold(text) : text, ...cells];
    }),
  );
}

/** Without the settings that had one value only. */
export function searchedSettings(axes: readonly Axis[], settings: Settings): Settings {
  const searched = new Set(axes.filter(({ values }) => values.length > 1).map(({ path }) => path));
  return Object.fromEntries(Object.entries(settings).filter(([path]) => searched.has(path)));
}

export function valueText({ values, status }: Measurement): string {
  return values === undefined ? status : cost(values.value);
}

/** `0.2281 to 0.2284` over seeds that differ. */
export function rangeText({ range, ids }: Measurement): string {
  return range === undefined || ids.length === 1 ? '-' : `${cost(range[0])} to ${cost(range[1])}`;
}

/** |ln ratio|: 0.0214 is 2 % off. */
export function distance(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '-' : value.toFixed(4);
}

export function seedsText(seeds: readonly number[]): string {
  return `seed${seeds.length > 1 ? 's' : ''} ${seeds.join(', ')}`;
}

/** The best value at the end of what was tried is no optimum yet: said even with `--quiet`. */
export function warnOfEdges(output: Output, name: string, edges: readonly Edge[], remedy: string): void {
  for (const { path, value, end, refused } of edges) {
    const best = `${name}: the best ${path}, ${value}, is the ${end} that was tried`;
    output.warn(
      refused === undefined
        ? `${best}; a better one may lie beyond it. ${remedy}`
        : `${best}, and the next step of its range is beyond the setting's limit (${refused}). Give --search values up to the limit.`,
    );
  }
}

export function fileLine(path: string): string {
  return `Written: ${relative('', path) || path}`;
}
