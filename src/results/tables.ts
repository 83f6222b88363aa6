import { dirname } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import type { ResolvedRun } from '../spec/run.ts';
import { makeFolder, readWhole, replaceFile } from './file-system.ts';
import { curvesPath, runsPath } from './run-folders.ts';
import type { RunRecord } from './run-state.ts';
import { compactJson } from './stable-json.ts';
import { type System, temporaryName } from './system.ts';

export const curvesColumns = [
  'experiment',
  'profile',
  'engine',
  'optimizer',
  'run',
  'seed',
  'epoch',
  'step',
  'split',
  'metric',
  'value',
] as const;

export const runsColumns = [
  'run',
  'optimizer',
  'hyper_parameters',
  'model',
  'data',
  'batch_size',
  'epochs',
  'seed',
  'status',
  'epochs_done',
  'train_seconds',
  'evaluate_seconds',
  'other_seconds',
] as const;

/** Names the two tables of an experiment and profile. */
export interface TablePlace {
  readonly resultsFolder: string;
  readonly experiment: string;
  readonly profile: string;
}

/**
 * Writes curves.csv and runs.csv anew, each in one step, with the given runs in the given order. The content depends on
 * the run folders alone, so that it does not matter which of several processes writes last. Those that are the same
 * already are left alone but with `anew`: after a failure, what can be read may not be on the disk.
 */
export function writeTables(
  system: System,
  place: TablePlace,
  records: readonly RunRecord[],
  { anew = false } = {},
): void {
  const { resultsFolder, experiment, profile } = place;
  const curves = curvesPath(resultsFolder, experiment, profile);
  makeFolder(system.files, dirname(curves));
  const tables = [
    [curves, curvesTable(place, records)],
    [runsPath(resultsFolder, experiment, profile), runsTable(records)],
  ] as const;
  for (const [path, table] of tables) {
    // Finished results may lie in a read-only folder.
    if (!anew && readWhole(system.files, path)?.toString() === table) continue;
    replaceFile(system.files, path, temporaryName(system), [Buffer.from(table)]);
  }
}

/** A run's own lines, which need no quotes, behind the columns that name the run. */
export function curvesTable(
  { experiment, profile }: Pick<TablePlace, 'experiment' | 'profile'>,
  records: readonly RunRecord[],
): string {
  const parts = records.map(({ state, run, lines }) => {
    const names = [experiment, profile, run.engine, run.optimizer, state.id, run.seed];
    const start = stringify([names], { eof: false });
    return lines.map((line) => `${start},${line}\n`).join('');
  });
  return stringify([curvesColumns]) + parts.join('');
}

export function runsTable(records: readonly RunRecord[]): string {
  const rows = records.map(({ state, run, wall }) => [
    state.id,
    run.optimizer,
    compactJson(hyperParametersOf(run)),
    compactJson(run.model),
    compactJson(run.data),
    run.batchSize,
    run.epochs,
    run.seed,
    state.status,
    state.epochsDone,
    ...[wall?.train, wall?.evaluate, wall?.other].map((seconds) => seconds?.toFixed(3) ?? ''),
  ]);
  return stringify([runsColumns, ...rows]);
}

/** As the table has them. */
export function hyperParametersOf({ optimizerSettings }: ResolvedRun) {
  const { hyper, schedule, warmupSteps, weightDecay, ruleDigest } = optimizerSettings;
  const version = ruleDigest === undefined ? {} : { ruleDigest: shortDigest(ruleDigest) };
  return { ...hyper, schedule, warmupSteps, weightDecay, ...version };
}

/** Of a rule of the user's own, as the tables have it: enough to tell its versions apart, short enough for a legend. */
export function shortDigest(ruleDigest: string): string {
  return ruleDigest.slice(0, 8);
}
