import { join } from 'node:path';
import {
  ifThere,
  isThere,
  makeFolder,
  namesIn,
  naming,
  remove,
  renameFolder,
  syncFolder,
} from './file-system.ts';
import { attemptedIdsIn, attemptFolder, publishedFolder, surveyRun } from './run-folders.ts';
import { isAbandoned, type System, temporaryName } from './system.ts';
import { isOwned } from './timing.ts';

/** Why a folder was set aside: another version or engine went on from the beginning, or its checksums do not hold. */
export type AsideKind = 'old' | 'damaged';

/** Makes the folder where it is missing. Throws `FileError` where nothing can be written in it. */
export function checkWritable(system: System, folder: string): void {
  makeFolder(system.files, folder);
  const probe = join(folder, temporaryName(system));
  naming(folder, () => system.files.mkdirSync(probe));
  remove(system.files, probe);
}

/** Removes a run's folder; first from its name, in one step, so that nobody ever sees half of it. */
export function discardFolder(system: System, runs: string, folder: string): void {
  const doomed = join(runs, temporaryName(system));
  if (renameFolder(system.files, folder, doomed)) remove(system.files, doomed);
}

/** Renames an attempt to `<id>.<n>.old` or `.damaged`: nothing measured is ever removed or overwritten. */
export function setAttemptAside(
  system: System,
  runs: string,
  id: string,
  number: number,
  kind: AsideKind,
): void {
  renameFolder(system.files, attemptFolder(runs, id, number), join(runs, `${id}.${number}.${kind}`));
}

/** The same for a finished run, with the next free number. False where it is gone already. */
export function setPublishedAside(system: System, runs: string, id: string, kind: AsideKind): boolean {
  const published = publishedFolder(runs, id);
  for (;;) {
    const { last } = surveyRun(system.files, runs, id);
    if (renameFolder(system.files, published, join(runs, `${id}.${last + 1}.${kind}`))) {
      syncFolder(system.files, runs);
      return true;
    }
    if (!isThere(system.files, published)) return false;
  }
}

/** Removes what processes that died have left: temporary files, and attempts that a later one or a result replaced. */
export function sweep(system: System, profile: string, runs: string): void {
  const { files } = system;
  for (const folder of [profile, runs]) {
    for (const name of namesIn(files, folder)) {
      const path = join(folder, name);
      const changed = ifThere(() => files.statSync(path))?.mtimeMs;
      if (changed !== undefined && isAbandoned(system, name, changed)) remove(files, path);
    }
  }
  for (const id of attemptedIdsIn(files, runs)) {
    const { published, attempts } = surveyRun(files, runs, id);
    for (const number of published ? attempts : attempts.slice(0, -1)) {
      const folder = attemptFolder(runs, id, number);
      if (!isOwned(system, folder)) discardFolder(system, runs, folder);
    }
  }
}
