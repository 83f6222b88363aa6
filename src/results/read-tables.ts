import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { UserError } from '../errors.ts';
import { withBeyond } from './beyond-columns.ts';
import { curvesPath, runsFolder, runsPath } from './run-folders.ts';
import type { RunInfo, RunStatus } from './run-info.ts';
import { curvesColumns, runsColumns } from './tables.ts';

/**
 * Reads what `tables.ts` writes: the two tables are all that figures, verdicts and reports are made from. Only what tells
 * two runs of one seed apart that have the same columns is asked of their run.json, where it is there.
 */

export interface Point {
  /** Completed epochs and steps; of a problem both count steps. */
  readonly epoch: number;
  readonly step: number;
  /** May be infinite or NaN where a run diverged. */
  readonly value: number;
}

/** A row of curves.csv. */
export interface CurveRow extends Point {
  readonly run: RunInfo;
  readonly split: string;
  readonly metric: string;
}

/** What is measured: `{ split: 'train', metric: 'minibatch-cost' }`. */
export interface Quantity {
  readonly split: string;
  readonly metric: string;
}

export interface ResultTables {
  readonly experiment: string;
  readonly profile: string;
  /** In the order of runs.csv, also those without a measured value. */
  readonly runs: readonly RunInfo[];
  readonly rows: readonly CurveRow[];
}

/**
 * The tables of an experiment (of another variant than the one as drawn: `<name>-<variant>`) in a profile; undefined
 * where there are none.
 *
 * @throws UserError for a file that is no such table, or tables that do not belong together.
 */
export function readTables(
  resultsFolder: string,
  experiment: string,
  profile: string,
): ResultTables | undefined {
  const paths = {
    curves: curvesPath(resultsFolder, experiment, profile),
    runs: runsPath(resultsFolder, experiment, profile),
  };
  // Curves first, as they are written first: a run that is new in between is then one without values.
  const curves = readTable(paths.curves, curvesColumns);
  const runs = readTable(paths.runs, runsColumns);
  if (curves === undefined || runs === undefined) {
    if (curves === undefined && runs === undefined) return undefined;
    const missing = curves === undefined ? paths.curves : paths.runs;
    throw new UserError(
      `${missing} is missing beside the other table: run the experiment again to write it.`,
    );
  }
  const engines = new Map(curves.map(({ run, engine }) => [run, engine]));
  const infos = withBeyond(
    runs.map((row) => runInfo(row, engines.get(row.run), paths.runs)),
    runsFolder(resultsFolder, experiment, profile),
  );
  const byId = new Map(infos.map((info) => [info.id, info]));
  const rows = curves.map((row): CurveRow => {
    const run = byId.get(row.run);
    if (run === undefined) {
      throw new UserError(
        `${paths.curves} has a run ${row.run} that ${paths.runs} lacks: run the experiment again to write both.`,
      );
    }
    const { split, metric } = row;
    const value = row.value === '' ? Number.NaN : Number(row.value);
    return { run, epoch: Number(row.epoch), step: Number(row.step), split, metric, value };
  });
  return { experiment, profile, runs: infos, rows };
}

/** Runs of an optimizer: one for each seed and, of a grid, for each setting. */
export function runsOf({ runs }: ResultTables, optimizer: string): RunInfo[] {
  return runs.filter((run) => run.optimizer === optimizer);
}

/** What was measured of a run, by ascending epoch; empty where nothing was. */
export function seriesOf(tables: ResultTables, run: RunInfo, { split, metric }: Quantity): readonly Point[] {
  return indexOf(tables).get(seriesKey(run.id, split, metric)) ?? [];
}

/** The last measured value of a run. */
export function lastOf(tables: ResultTables, run: RunInfo, quantity: Quantity): Point | undefined {
  return seriesOf(tables, run, quantity).at(-1);
}

/** Every quantity that some run has, in the order of the table. */
export function quantitiesOf({ rows }: ResultTables): Quantity[] {
  const found = new Map(rows.map(({ split, metric }) => [`${split} ${metric}`, { split, metric }]));
  return [...found.values()];
}

type Row<Column extends string> = Readonly<Record<Column, string>>;

function readTable<Column extends string>(
  path: string,
  columns: readonly Column[],
): Row<Column>[] | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UserError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
  let found: Row<Column>[];
  try {
    found = parse(text, {
      columns: (header: string[]) => checkedHeader(header, columns),
    }) as unknown as Row<Column>[];
  } catch (error) {
    throw new UserError(`${path} is no table of results: ${(error as Error).message}`, { cause: error });
  }
  return found;
}

function checkedHeader(header: readonly string[], columns: readonly string[]): string[] {
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0) throw new Error(`it has no column ${missing.join(', ')}.`);
  return [...header];
}

function runInfo(row: Row<(typeof runsColumns)[number]>, engine: string | undefined, path: string): RunInfo {
  const seconds = [row.train_seconds, row.evaluate_seconds, row.other_seconds];
  try {
    return {
      ...{ id: row.run, optimizer: row.optimizer, seed: Number(row.seed), engine },
      ...{ status: row.status as RunStatus, epochs: Number(row.epochs), epochsDone: Number(row.epochs_done) },
      batchSize: Number(row.batch_size),
      hyperParameters: JSON.parse(row.hyper_parameters),
      model: JSON.parse(row.model),
      data: JSON.parse(row.data),
      seconds: seconds.includes('')
        ? undefined
        : { train: Number(seconds[0]), evaluate: Number(seconds[1]), other: Number(seconds[2]) },
    };
  } catch (error) {
    throw new UserError(`${path} has settings of run ${row.run} that are no JSON.`, { cause: error });
  }
}

/** Made at the first question about a table. */
const indices = new WeakMap<ResultTables, Map<string, Point[]>>();

function indexOf(tables: ResultTables): Map<string, Point[]> {
  const known = indices.get(tables);
  if (known !== undefined) return known;
  const index = new Map<string, Point[]>();
  for (const { run, split, metric, epoch, step, value } of tables.rows) {
    const key = seriesKey(run.id, split, metric);
    const points = index.get(key) ?? [];
    if (points.length === 0) index.set(key, points);
    points.push({ epoch, step, value });
  }
  indices.set(tables, index);
  return index;
}

const seriesKey = (id: string, split: string, metric: string): string => `${id} ${split} ${metric}`;
