import { join, relative } from 'node:path';
import type { Compared, Comparison, Place } from '../compare/index.ts';
import { cost, count } from './format.ts';
import { renderTable } from './table.ts';

/** Two tables, and how they differ. */
export interface ComparedPlaces extends Compared {
  readonly a: Place;
  readonly b: Place;
}

const titles = [
  'optimizer',
  'epoch',
  'A',
  'B',
  'B / A - 1',
  'over seeds',
  'largest |ln(B / A)|',
  'time B / A',
];

/** One table, with what is compared above it and what is not below. */
export function comparisonText({ a, b, rows, onlyA, onlyB }: ComparedPlaces): string {
  const table = renderTable(
    titles.map((title, i) => ({ title, align: i === 0 || i === 5 ? ('left' as const) : ('right' as const) })),
    rows.map((row) => [
      nameOf(row),
      String(row.epoch),
      sideText(row.a.value),
      sideText(row.b.value),
      row.same ? 'same' : percentText(row.difference),
      row.withinSpread === undefined ? 'one seed' : row.withinSpread ? 'within' : 'apart',
      row.same ? '0' : row.largestLogRatio === undefined ? '-' : row.largestLogRatio.toPrecision(2),
      timeText(row),
    ]),
  );
  const engines = [engineText(rows, 'a'), engineText(rows, 'b')];
  const quantity = rows[0] === undefined ? '' : `: ${rows[0].quantity.metric} (${rows[0].quantity.split})`;
  const place = ({ resultsFolder, experiment, profile }: Place) =>
    relative('', join(resultsFolder, experiment, profile)) || '.';
  const changes = rows.flatMap((row) =>
    Object.entries(row.changed).map(
      ([path, [x, y]]) => `  ${row.optimizer}: ${path} ${String(x)} in A, ${String(y)} in B`,
    ),
  );
  return [
    `${a.experiment}, ${a.profile}${quantity}`,
    `A: ${place(a)}${engines[0]}`,
    `B: ${place(b)}${engines[1]}`,
    rows.length === 0 ? 'No run of A has a like in B.' : `\n${table}`,
    ...(changes.length === 0 ? [] : ['', 'Different settings:', ...changes]),
    ...onlyText('A', onlyA),
    ...onlyText('B', onlyB),
  ].join('\n');
}

const nameOf = ({ optimizer, settings }: Comparison): string => {
  const told = Object.entries(settings).map(([path, value]) => `${path}=${String(value)}`);
  return told.length === 0 ? optimizer : `${optimizer} ${told.join(', ')}`;
};

const engineText = (rows: readonly Comparison[], side: 'a' | 'b'): string => {
  const engines = [...new Set(rows.map((row) => row[side].engine ?? ''))].filter((engine) => engine !== '');
  return engines.length === 0 ? '' : ` (${engines.join(', ')})`;
};

const onlyText = (side: string, only: Compared['onlyA']): string[] =>
  Object.entries(only).map(([optimizer, runs]) => `Only in ${side}: ${count(runs, 'run')} of ${optimizer}`);

const valueText = (value: number): string => (Number.isFinite(value) ? cost(value) : 'diverged');

const sideText = ({ median, min, max }: Comparison['a']['value']): string =>
  min === max ? valueText(median) : `${valueText(median)} (${valueText(min)} to ${valueText(max)})`;

export const percentText = (difference: number): string =>
  Number.isFinite(difference) ? `${difference >= 0 ? '+' : ''}${(100 * difference).toPrecision(3)} %` : '-';

const timeText = ({ a, b }: Comparison): string =>
  a.secondsPerEpoch === undefined || b.secondsPerEpoch === undefined || a.secondsPerEpoch === 0
    ? '-'
    : (b.secondsPerEpoch / a.secondsPerEpoch).toFixed(2);
