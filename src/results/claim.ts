import { join } from 'node:path';
import type { ResolvedRun } from '../spec/run.ts';
import { Attempt, ReplacedError, type ResumePoint } from './attempt.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import {
  type FileSystem,
  makeFolder,
  naming,
  readWhole,
  remove,
  renameFolder,
  syncFolder,
  writeNewFile,
} from './file-system.ts';
import { discardFolder, setAttemptAside } from './folder-moves.ts';
import { currentVersions, encodeManifest, type Provenance, readManifest } from './manifest.ts';
import { attemptFolder, publishedFolder, runFiles, surveyRun } from './run-folders.ts';
import { compactJson, sha256 } from './stable-json.ts';
import { type System, temporaryName } from './system.ts';
import { encodeTiming, isOwned, type Life, newLife, readTiming } from './timing.ts';

export type Claim =
  | { readonly type: 'claimed'; readonly attempt: Attempt; readonly damage?: string }
  /** Another process that is alive works on it. */
  | { readonly type: 'busy' }
  /** The run is finished. */
  | { readonly type: 'published' };

/** Where a run may begin that has no state of its own. */
export interface Beginning {
  readonly run: ResolvedRun;
  /** Ids of finished runs in the same folder that are its first epochs; the first one that is whole counts. */
  readonly shorter: readonly string[];
}

/**
 * Makes this process the owner of a run, unless the run is finished or has a living owner. A dead owner's checkpoint
 * and curve are verified and copied into the new attempt's own folder; where there are none, those of a shorter run.
 *
 * The folder is prepared under a temporary name and gets its number by a rename, which fails where the number is taken.
 * A lower attempt is removed only when a higher one or the finished run is there: a claim that was prepared too long ago
 * and found its number free again sees one of the two and gives way.
 */
export function claimRun(system: System, runs: string, id: string, beginning?: Beginning): Claim {
  const { files } = system;
  makeFolder(files, runs);
  for (;;) {
    const before = surveyRun(files, runs, id);
    if (before.published) return { type: 'published' };
    const newest = before.attempts.at(-1);
    const previous = newest === undefined ? undefined : attemptFolder(runs, id, newest);
    if (previous !== undefined && isOwned(system, previous)) return { type: 'busy' };

    const found = previous === undefined ? undefined : readSaved(files, previous, id);
    const own =
      typeof found === 'object' ? { ...found, lives: readTiming(system, previous!).lives } : undefined;
    const saved = own ?? (beginning && readShorter(system, runs, id, beginning));
    const number = before.last + 1;
    const lives = [...(saved?.lives ?? []), newLife(system)];
    if (!placeAttempt(system, { runs, id, number }, lives, saved?.files)) continue;

    const after = surveyRun(files, runs, id);
    if (after.published || after.last > number) {
      discardFolder(system, runs, attemptFolder(runs, id, number));
      continue;
    }
    for (const older of after.attempts.filter((n) => n < number)) {
      if (older === newest && typeof found === 'string') setAttemptAside(system, runs, id, older, 'damaged');
      else discardFolder(system, runs, attemptFolder(runs, id, older));
    }
    return {
      type: 'claimed',
      attempt: new Attempt(system, { runs, id, number }, lives, saved?.resume),
      ...(typeof found === 'string' ? { damage: found } : {}),
    };
  }
}

/** Goes on from the beginning in a new attempt of the same owner and sets the present one aside. */
export function restartAttempt(system: System, runs: string, attempt: Attempt): Attempt {
  const { id } = attempt;
  const number = attempt.number + 1;
  const lives = [newLife(system)];
  if (!placeAttempt(system, { runs, id, number }, lives)) {
    throw new ReplacedError(attempt.folder);
  }
  setAttemptAside(system, runs, id, attempt.number, 'old');
  return new Attempt(system, { runs, id, number }, lives, undefined);
}

/** Whether the attempt's folder, with these files in it, could be put in place under its number. */
function placeAttempt(
  system: System,
  { runs, id, number }: { runs: string; id: string; number: number },
  lives: readonly Life[],
  copies: Saved['files'] = [],
): boolean {
  const { files } = system;
  const staging = join(runs, temporaryName(system));
  naming(runs, () => files.mkdirSync(staging));
  try {
    for (const [name, bytes] of copies) writeNewFile(files, join(staging, name), [bytes]);
    writeNewFile(files, join(staging, runFiles.timing), [encodeTiming({ lives })]);
    syncFolder(files, staging);
    if (!renameFolder(files, staging, attemptFolder(runs, id, number))) return false;
    syncFolder(files, runs);
    return true;
  } finally {
    remove(files, staging);
  }
}

/** What an attempt left behind, verified: its meaning and the files to copy. */
interface Saved {
  readonly resume: ResumePoint;
  readonly files: readonly (readonly [name: string, bytes: Uint8Array])[];
}

/**
 * The state that an attempt left behind; `undefined` where it came to no checkpoint, and a clause where checkpoint,
 * curve or run.json do not hold what their checksums say.
 */
function readSaved(files: FileSystem, folder: string, id: string): Saved | string | undefined {
  const bytes = readWhole(files, join(folder, runFiles.checkpoint));
  if (bytes === undefined) return undefined;
  const provenance = readManifest(files, folder, id);
  if (provenance === undefined) return `${runFiles.manifest} is damaged`;
  const checkpoint = decodeCheckpoint(bytes, id);
  if (checkpoint === undefined) return `${runFiles.checkpoint} is damaged`;
  const whole = readWhole(files, join(folder, runFiles.curve));
  const curve = whole?.subarray(0, checkpoint.curve.bytes);
  if (curve === undefined || curve.length !== checkpoint.curve.bytes) return `${runFiles.curve} is cut off`;
  if (sha256(curve) !== checkpoint.curve.sha256) return `${runFiles.curve} is damaged`;
  return {
    resume: { provenance, snapshot: checkpoint.snapshot, curve },
    files: [
      [runFiles.manifest, encodeManifest(provenance)],
      [runFiles.curve, curve],
      [runFiles.checkpoint, bytes],
    ],
  };
}

/**
 * The end of a shorter run as the state that this run would have left behind there, and its times; `undefined` where
 * there is none that is whole and of the present versions.
 */
function readShorter(
  system: System,
  runs: string,
  id: string,
  { run, shorter }: Beginning,
): (Saved & { readonly lives: readonly Life[] }) | undefined {
  for (const other of shorter) {
    const folder = publishedFolder(runs, other);
    const found = readSaved(system.files, folder, other);
    if (typeof found !== 'object') continue;
    const { versions, engine, threads, data, parameters, fingerprint } = found.resume.provenance;
    const provenance: Provenance = { versions, engine, threads, data, parameters, fingerprint };
    if (compactJson(versions) !== compactJson(currentVersions())) continue;
    const { snapshot, curve } = found.resume;
    const mark = { bytes: curve.length, sha256: sha256(curve) };
    const head = { ...provenance, format: 1, id, run, status: 'partial', epochsDone: 0 } as const;
    return {
      resume: { provenance, snapshot, curve },
      files: [
        [runFiles.manifest, encodeManifest(head)],
        [runFiles.curve, curve],
        [runFiles.checkpoint, Buffer.concat(encodeCheckpoint(id, snapshot, mark))],
      ],
      lives: readTiming(system, folder).lives,
    };
  }
  return undefined;
}
