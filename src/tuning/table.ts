import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { UserError } from '../errors.ts';
import { ifThere, makeFolder, replaceFile } from '../results/file-system.ts';
import { localSystem } from '../results/index.ts';
import { compactJson } from '../results/stable-json.ts';
import { temporaryName } from '../results/system.ts';
import type { Spec } from '../spec/load.ts';
import type { ProfileName } from '../spec/schema.ts';
import type { Measurement } from './candidate.ts';

/** The tables of results/tuning/: one row per candidate and length. */

export type SearchKind = 'tune' | 'recover';

const columns = {
  tune: ['experiment', 'profile', 'engine', 'optimizer', 'settings', 'criterion', 'epochs', 'seeds'],
  recover: ['experiment', 'profile', 'engine', 'optimizer', 'shared', 'settings', 'epochs', 'seeds'],
} as const;
const measured = {
  tune: ['status', 'value', 'lowest', 'highest', 'runs'],
  recover: ['status', 'distance', 'lowest', 'highest', 'median', 'largest', 'runs'],
} as const;

type Row = Readonly<Record<string, string>>;

export interface TablePlace {
  readonly kind: SearchKind;
  readonly resultsFolder: string;
  readonly experiment: string;
  readonly profile: ProfileName;
}

/** The full experiment's table has the plain name; those of other profiles are trials. */
export function tablePath({ kind, resultsFolder, experiment, profile }: TablePlace): string {
  const suffix = profile === 'paper' ? '' : `-${profile}`;
  return join(resultsFolder, 'tuning', `${experiment}-${kind}${suffix}.csv`);
}

export interface TableContent {
  /** Name of what was minimized, for `tune`. */
  readonly criterion?: string;
  /** All of the spec, in its order. */
  readonly optimizers: readonly string[];
}

/** Names of a spec's optimizers, those too that are not searched. */
export function optimizerNames({ source }: Spec): string[] {
  return Object.keys((source.data as { optimizers: object }).optimizers);
}

/**
 * Adds what was measured to the table, in one step. Rows of other searches (other settings, seeds or optimizers) stay;
 * a row with the same runs is replaced. Sorted by optimizer, then the longest runs first, then the best.
 *
 * @throws UserError where the file holds something else; FileError where it cannot be written.
 */
export function addToTable(place: TablePlace, content: TableContent, found: readonly Measurement[]): void {
  const path = tablePath(place);
  const rows = new Map(readTable(place).map((row) => [keyOf(row), row]));
  for (const measurement of found) {
    const row = rowOf(place, content, measurement);
    rows.set(keyOf(row), row);
  }
  const names = [...columns[place.kind], ...measured[place.kind]];
  const sorted = [...rows.values()].sort(
    (a, b) =>
      rank(content.optimizers, a) - rank(content.optimizers, b) ||
      Number(b.epochs) - Number(a.epochs) ||
      minimized(a) - minimized(b) ||
      (keyOf(a) < keyOf(b) ? -1 : 1),
  );
  const system = localSystem();
  makeFolder(system.files, dirname(path));
  const text = stringify([names, ...sorted.map((row) => names.map((name) => row[name] ?? ''))]);
  replaceFile(system.files, path, temporaryName(system), [Buffer.from(text)]);
}

/**
 * The rows that are there; none where there is no file.
 *
 * @throws UserError where the file is not such a table: it is never written over.
 */
export function readTable(place: TablePlace): Row[] {
  const path = tablePath(place);
  const text = ifThere(() => readFileSync(path, 'utf8'));
  if (text === undefined) return [];
  const expected = [...columns[place.kind], ...measured[place.kind]];
  try {
    const [header, ...rows] = parse(text) as string[][];
    if (header?.join() !== expected.join()) throw new Error('other columns');
    return rows.map((row) => Object.fromEntries(expected.map((name, i) => [name, row[i]!])));
  } catch (cause) {
    const message = `${path} is no table of ${place.kind}: move it away, and the same command writes it anew.`;
    throw new UserError(message, { cause });
  }
}

function rowOf({ kind, profile }: TablePlace, { criterion }: TableContent, measurement: Measurement): Row {
  const { candidate, epochs, ids, status, values, range } = measurement;
  const run = candidate.runs[0]!;
  const row: Record<string, unknown> = {
    experiment: run.experiment,
    profile,
    engine: run.engine,
    optimizer: candidate.optimizer,
    shared: compactJson(candidate.shared),
    settings: compactJson(candidate.settings),
    criterion,
    epochs,
    seeds: candidate.runs.map(({ seed }) => seed).join(' '),
    status,
    [kind === 'tune' ? 'value' : 'distance']: values?.value,
    lowest: range?.[0],
    highest: range?.[1],
    median: values?.median,
    largest: values?.max,
    runs: ids.join(' '),
  };
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, String(value ?? '')]));
}

/** Runs have in their ids everything that determines their numbers. */
const keyOf = ({ runs, criterion = '' }: Row): string => `${runs} ${criterion}`;

function rank(optimizers: readonly string[], { optimizer }: Row): number {
  const at = optimizers.indexOf(optimizer ?? '');
  return at < 0 ? optimizers.length : at;
}

function minimized(row: Row): number {
  const value = row.value ?? row.distance ?? '';
  return value === '' ? Number.MAX_VALUE : Number(value);
}
