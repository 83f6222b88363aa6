export { Attempt, ReplacedError, type ResumePoint, recordFailure } from './attempt.ts';
export { type Claim, claimRun, restartAttempt } from './claim.ts';
export { syncFolder } from './file-system.ts';
export { checkWritable, setAttemptAside, setPublishedAside, sweep } from './folder-moves.ts';
export { currentVersions, difference, type Manifest, type Provenance } from './manifest.ts';
export {
  attemptFolder,
  curvesPath,
  profileFolder,
  publishedFolder,
  runsFolder,
  runsPath,
  surveyRun,
} from './run-folders.ts';
export { finishedRuns, isWhole, type RunRecord, readPublished, readRun } from './run-state.ts';
export { localSystem, type ProcessIdentity, type System } from './system.ts';
export { curvesColumns, runsColumns, type TablePlace, writeTables } from './tables.ts';
export { isOwned, readTiming } from './timing.ts';
