import { join } from 'node:path';
import type { RunState } from '../runner/events.ts';
import { runId } from '../spec/hash.ts';
import type { ResolvedRun } from '../spec/run.ts';
import type { WallSeconds } from '../training/trial-events.ts';
import { type CheckpointSummary, type CurveMark, decodeCheckpoint, decodeSummary } from './checkpoint.ts';
import { linesOfCurve } from './curve-file.ts';
import { type FileSystem, ifThere, readWhole } from './file-system.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { attemptFolder, publishedFolder, runFiles, runIdsIn, surveyRun } from './run-folders.ts';
import { headBytes } from './safetensors.ts';
import { sha256 } from './stable-json.ts';
import type { System } from './system.ts';
import { isOwned, readTiming, silenceOf, totalWall } from './timing.ts';

/** What the disk says of one run. */
export interface RunRecord {
  readonly state: RunState;
  readonly run: ResolvedRun;
  /** Lines of the curve without the header; of a run in work those up to its last checkpoint. */
  readonly lines: readonly string[];
  /** `undefined` where no process has worked on it. */
  readonly wall?: WallSeconds;
}

/** A finished run whose run.json and curve.csv hold what their checksums say; `undefined` for none. */
export function readPublished(
  files: FileSystem,
  runs: string,
  id: string,
): { manifest: Manifest; lines: string[] } | undefined {
  const folder = publishedFolder(runs, id);
  const manifest = readManifest(files, folder, id);
  if (manifest?.curve === undefined || runId(manifest.run) !== id) return undefined;
  const bytes = readWhole(files, join(folder, runFiles.curve));
  // Nothing may stand behind the rows either: other programs read the file as it is.
  if (bytes === undefined || sha256(bytes) !== manifest.curve.sha256) return undefined;
  return { manifest, lines: linesOfCurve(bytes.toString()) };
}

/**
 * Whether a finished run is there and its checkpoint holds what its checksum says as well, for which all of it is read.
 * One without a checkpoint is whole: nothing that is measured stands in it, and whoever needs the space may remove it.
 */
export function isWhole(files: FileSystem, runs: string, id: string): boolean {
  if (readPublished(files, runs, id) === undefined) return false;
  const bytes = readWhole(files, join(publishedFolder(runs, id), runFiles.checkpoint));
  return bytes === undefined || decodeCheckpoint(bytes, id) !== undefined;
}

const finishedSurvey = { published: true, attempts: [] };

/** Reads only; needs no lock and may be called while others write. A damaged result counts as none: `pending`. */
export function readRun(system: System, runs: string, run: ResolvedRun): RunRecord {
  const { files } = system;
  const id = runId(run);
  const about = { id, optimizer: run.optimizer, seed: run.seed, epochs: run.epochs };
  // Listing the folder is what takes time beside many runs, and a finished one does not need it.
  let result = readPublished(files, runs, id);
  const { published, attempts } = result === undefined ? surveyRun(files, runs, id) : finishedSurvey;
  if (result === undefined && published) result = readPublished(files, runs, id);
  if (result !== undefined) {
    const { status, epochsDone } = result.manifest;
    return {
      state: { ...about, status: status as 'complete' | 'diverged', epochsDone },
      run,
      lines: result.lines,
      wall: totalWall(readTiming(system, publishedFolder(runs, id))),
    };
  }
  const newest = attempts.at(-1);
  if (newest === undefined) return { state: { ...about, status: 'pending', epochsDone: 0 }, run, lines: [] };

  const folder = attemptFolder(runs, id, newest);
  const checkpoint = readSummary(files, folder, id);
  const lines = checkpoint && readCurve(files, folder, checkpoint.curve);
  const state = { ...about, epochsDone: lines === undefined ? 0 : (checkpoint?.state.epoch ?? 0) };
  const reason = failureReason(files, folder);
  const wall = totalWall(readTiming(system, folder));
  const rest = { run, lines: lines ?? [], wall };
  if (isOwned(system, folder)) {
    const silentSeconds = silenceOf(system, folder);
    const silence = silentSeconds === undefined ? {} : { silentSeconds };
    return { state: { ...state, status: 'running', ...silence }, ...rest };
  }
  if (reason !== undefined) return { state: { ...state, status: 'failed', reason }, ...rest };
  return { state: { ...state, status: 'interrupted' }, ...rest };
}

/** All finished runs of the folder but those that `skip` names. */
export function finishedRuns(system: System, runs: string, skip: (id: string) => boolean): RunRecord[] {
  return runIdsIn(system.files, runs)
    .filter((id) => !skip(id))
    .flatMap((id) => {
      const published = readPublished(system.files, runs, id);
      return published === undefined ? [] : [readRun(system, runs, published.manifest.run)];
    });
}

/** The lines of a curve up to a mark; `undefined` where the file is not what the mark says. */
function readCurve(files: FileSystem, folder: string, mark: CurveMark): string[] | undefined {
  const bytes = readWhole(files, join(folder, runFiles.curve))?.subarray(0, mark.bytes);
  return bytes !== undefined && sha256(bytes) === mark.sha256 ? linesOfCurve(bytes.toString()) : undefined;
}

/** What the checkpoint says, read without its tensors. */
function readSummary(files: FileSystem, folder: string, id: string): CheckpointSummary | undefined {
  return ifThere(() => {
    const descriptor = files.openSync(join(folder, runFiles.checkpoint), 'r');
    try {
      const read = (bytes: number) => {
        const buffer = Buffer.alloc(bytes);
        return buffer.subarray(0, files.readSync(descriptor, buffer, 0, bytes, 0));
      };
      const length = headBytes(read(8));
      return length === undefined ? undefined : decodeSummary(read(length), id);
    } finally {
      files.closeSync(descriptor);
    }
  });
}

function failureReason(files: FileSystem, folder: string): string | undefined {
  const text = readWhole(files, join(folder, runFiles.failure))?.toString();
  if (text === undefined) return undefined;
  try {
    return String(JSON.parse(text).reason);
  } catch {
    return 'the note on the reason is damaged';
  }
}
