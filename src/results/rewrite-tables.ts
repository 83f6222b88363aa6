import { readWhole } from './file-system.ts';
import { readManifestHead } from './manifest.ts';
import { attemptFolder, publishedFolder, runIdsIn, runsFolder, runsPath, surveyRun } from './run-folders.ts';
import { isFinished } from './run-info.ts';
import { type RunRecord, readRun } from './run-state.ts';
import type { System } from './system.ts';
import { type TablePlace, writeTables } from './tables.ts';

/** Ids in the order of a runs.csv; none where it is not written. */
export function tableOrder(system: System, { resultsFolder, experiment, profile }: TablePlace): string[] {
  const text = readWhole(system.files, runsPath(resultsFolder, experiment, profile))?.toString() ?? '';
  const [, ...rows] = text.split('\n');
  return rows.map((row) => row.slice(0, row.indexOf(','))).filter((id) => id !== '');
}

/** A run of which nothing is known but what its folder says; `undefined` where that is nothing. */
export function foundRun(system: System, runs: string, id: string): RunRecord | undefined {
  const attempts = surveyRun(system.files, runs, id).attempts.map((number) =>
    attemptFolder(runs, id, number),
  );
  for (const folder of [publishedFolder(runs, id), ...attempts.reverse()]) {
    const manifest = readManifestHead(system.files, folder, id);
    if (manifest !== undefined) return readRun(system, runs, manifest.run);
  }
  return undefined;
}

/**
 * Writes curves.csv and runs.csv of what is in the folder: the runs that the tables have already, in their order, then
 * the other finished ones in the orders given, such as that of another folder's table, and last by id.
 */
export function rewriteTables(
  system: System,
  place: TablePlace,
  ...orders: readonly (readonly string[])[]
): void {
  const runs = runsFolder(place.resultsFolder, place.experiment, place.profile);
  const before = tableOrder(system, place);
  const ids = new Set([...before, ...orders.flat(), ...runIdsIn(system.files, runs)]);
  const records = [...ids].flatMap((id): RunRecord[] => {
    const record = foundRun(system, runs, id);
    if (record === undefined) return [];
    return isFinished(record.state) || before.includes(id) ? [record] : [];
  });
  writeTables(system, place, records);
}
