import { join, relative } from 'node:path';
import type { Compared, Comparison, PairNames, Place } from '../compare/index.ts';
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
export function comparisonText(compared: ComparedPlaces): string {
  const { a, b, rows, notComparable, onlyA, onlyB, withoutValueA, withoutValueB } = compared;
  const table = renderTable(
    titles.map((title, i) => ({ title, align: i === 0 || i === 5 ? ('left' as const) : ('right' as const) })),
    rows.map((row) => [
      rowName(row),
      String(row.epoch),
      sideText(row.a.value),
      sideText(row.b.value),
      row.same ? 'same' : isDiverged(row) ? '-' : differenceText(row.difference),
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
      ([path, [x, y]]) => `  ${rowName(row)}: ${path} ${String(x)} in A, ${String(y)} in B`,
    ),
  );
  return [
    `${a.experiment}, ${a.profile}${quantity}`,
    `A: ${place(a)}${engines[0]}`,
    `B: ${place(b)}${engines[1]}`,
    ...(rows.length > 0
      ? [`\n${table}`]
      : notComparable.length === 0
        ? ['No run of A has a like in B.']
        : []),
    ...(changes.length === 0 ? [] : ['', 'Different settings:', ...changes]),
    ...seedsText(rows),
    ...(notComparable.length === 0
      ? []
      : [`Not comparable, as A and B have no epoch in common: ${notComparable.map(rowName).join('; ')}`]),
    ...withoutText('A', withoutValueA),
    ...withoutText('B', withoutValueB),
    ...onlyText('A', onlyA),
    ...onlyText('B', onlyB),
  ].join('\n');
}

export const rowName = ({ optimizer, settings }: PairNames): string => {
  const told = Object.entries(settings).map(([path, value]) => `${path}=${String(value)}`);
  return told.length === 0 ? optimizer : `${optimizer} ${told.join(', ')}`;
};

const engineText = (rows: readonly Comparison[], side: 'a' | 'b'): string => {
  const engines = [...new Set(rows.map((row) => row[side].engine ?? ''))].filter((engine) => engine !== '');
  return engines.length === 0 ? '' : ` (${engines.join(', ')})`;
};

const onlyText = (side: string, only: Compared['onlyA']): string[] =>
  Object.entries(only).map(([optimizer, runs]) => `Only in ${side}: ${count(runs, 'run')} of ${optimizer}`);

const withoutText = (side: string, without: Compared['withoutValueA']): string[] =>
  Object.entries(without).map(
    ([optimizer, runs]) =>
      `Left out of ${side}, without a value to compare: ${count(runs, 'run')} of ${optimizer}`,
  );

const seedsText = (rows: readonly Comparison[]): string[] =>
  rows.flatMap((row) => {
    const { a, b } = row;
    const isCommon = a.seeds.some((seed) => b.seeds.includes(seed));
    if (!isCommon)
      return [`No seed of ${rowName(row)} in common: ${a.seeds.join(', ')} in A; ${b.seeds.join(', ')} in B`];
    const sides = [
      ...(a.seedsLeftOut.length === 0 ? [] : [`${a.seedsLeftOut.join(', ')} only in A`]),
      ...(b.seedsLeftOut.length === 0 ? [] : [`${b.seedsLeftOut.join(', ')} only in B`]),
    ];
    return sides.length === 0 ? [] : [`Seeds of ${rowName(row)} left out: ${sides.join('; ')}`];
  });

const valueText = (value: number): string => (Number.isFinite(value) ? cost(value) : 'diverged');

const sideText = ({ median, min, max }: Comparison['a']['value']): string =>
  min === max ? valueText(median) : `${valueText(median)} (${valueText(min)} to ${valueText(max)})`;

const isDiverged = ({ a, b }: Comparison): boolean =>
  [a, b].every(({ value }) => !Number.isFinite(value.median));

export function differenceText(difference: number): string {
  if (!Number.isFinite(difference)) return `diverged in ${difference > 0 ? 'B' : 'A'}`;
  return `${difference >= 0 ? '+' : ''}${(100 * difference).toPrecision(3)} %`;
}

const timeText = ({ a, b }: Comparison): string =>
  a.secondsPerEpoch === undefined || b.secondsPerEpoch === undefined || a.secondsPerEpoch === 0
    ? '-'
    : (b.secondsPerEpoch / a.secondsPerEpoch).toFixed(2);
