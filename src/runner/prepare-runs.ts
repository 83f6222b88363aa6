import {
  attemptFolder,
  isOwned,
  isWhole,
  publishedFolder,
  readPublished,
  type System,
  setAttemptAside,
  setPublishedAside,
  surveyRun,
  sweep,
} from '../results/index.ts';
import type { RunEvent } from './events.ts';

export interface PrepareOptions {
  readonly profileFolder: string;
  readonly runsFolder: string;
  readonly ids: readonly string[];
  readonly fresh: boolean;
  /** Whether checkpoints of finished runs are verified too, which takes about a second for a gigabyte of them. */
  readonly checkpoints: boolean;
  readonly onEvent: (event: RunEvent) => void;
}

/**
 * Clears the way for the runs: finished ones whose checksums do not hold are set aside, with `fresh` everything else
 * that nobody works on as well; then what dead processes have left is swept up.
 */
export function prepareRuns(system: System, options: PrepareOptions): void {
  const { profileFolder, runsFolder, ids, fresh, checkpoints, onEvent } = options;
  const isSound = (id: string): boolean =>
    checkpoints
      ? isWhole(system.files, runsFolder, id)
      : readPublished(system.files, runsFolder, id) !== undefined;
  for (const id of ids) {
    if (!fresh && isSound(id)) continue;
    const { published, attempts } = surveyRun(system.files, runsFolder, id);
    if (published && !isSound(id)) {
      setPublishedAside(system, runsFolder, id, 'damaged');
      const reason = `${publishedFolder(runsFolder, id)} is damaged`;
      onEvent({ type: 'restarted', id, reason });
    } else if (published && fresh) {
      setPublishedAside(system, runsFolder, id, 'old');
    }
    for (const number of fresh ? attempts : []) {
      if (!isOwned(system, attemptFolder(runsFolder, id, number))) {
        setAttemptAside(system, runsFolder, id, number, 'old');
      }
    }
  }
  sweep(system, profileFolder, runsFolder);
}
