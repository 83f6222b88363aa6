import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';
import type { ResolvedRun } from '../spec/run.ts';
import type { CurveRow, Snapshot, WallSeconds } from '../training/trial-events.ts';
import { encodeCheckpoint } from './checkpoint.ts';
import { curveHeader, curveLines } from './curve-file.ts';
import {
  FileError,
  namesIn,
  naming,
  renameFolder,
  replaceFile,
  syncFolder,
  writeNewFile,
  writeTail,
} from './file-system.ts';
import { discardFolder } from './folder-moves.ts';
import { encodeManifest, type Provenance } from './manifest.ts';
import { attemptFolder, publishedFolder, runFiles, surveyRun } from './run-folders.ts';
import { stableJson } from './stable-json.ts';
import { type System, temporaryName } from './system.ts';
import { isOwned, isSameProcess, type Life, readTiming, totalWall, writeTiming } from './timing.ts';

/** Waiting for the disk takes the same time whatever the epoch's length: of epochs that are short, not each is kept. */
const CHECKPOINT_SHARE = 0.02;

/** This process no longer owns the run: another one took it over, or its folder was removed. */
export class ReplacedError extends Error {
  constructor(folder: string) {
    super(`${folder} is gone: another process took the run over.`);
    this.name = 'ReplacedError';
  }
}

/** Where an earlier attempt left off, verified. */
export interface ResumePoint {
  readonly provenance: Provenance;
  readonly snapshot: Snapshot;
  /** The curve up to the checkpoint. */
  readonly curve: Uint8Array;
}

/**
 * One process's work on one run, in a folder that no other process writes to. Everything is addressed through the
 * folder's name: where a process that was paused finds it gone, its writes fail with `ReplacedError` and change nothing.
 */
export class Attempt {
  readonly id: string;
  readonly number: number;
  readonly folder: string;
  readonly resume: ResumePoint | undefined;
  readonly #system: System;
  readonly #runs: string;
  readonly #earlier: readonly Life[];
  #life: Life;
  #pending = '';
  #curveBytes = 0;
  #curveHash: Hash = createHash('sha256');
  #epochsDone = 0;
  /** When the next optional checkpoint is due. */
  #nextCheckpoint = Number.NEGATIVE_INFINITY;

  constructor(
    system: System,
    place: { runs: string; id: string; number: number },
    lives: readonly Life[],
    resume: ResumePoint | undefined,
  ) {
    this.id = place.id;
    this.number = place.number;
    this.folder = attemptFolder(place.runs, place.id, place.number);
    this.resume = resume;
    this.#system = system;
    this.#runs = place.runs;
    this.#earlier = lives.slice(0, -1);
    this.#life = lives.at(-1)!;
  }

  /** Wall seconds up to the last checkpoint or the end, those of earlier processes included. */
  get wall(): WallSeconds {
    return totalWall({ lives: [...this.#earlier, this.#life] });
  }

  /** Notes which run this is, so that `status` can name it whatever becomes of it before it begins. */
  announce(run: ResolvedRun): void {
    if (this.resume !== undefined) return;
    const head = { format: 1 as const, id: this.id, run, status: 'partial' as const, epochsDone: 0 };
    this.#owned(() => this.#replace(runFiles.manifest, [encodeManifest(head)]));
  }

  /** Sets the files up, or takes the resume point's as they are; to be called before any row or checkpoint. */
  begin(run: ResolvedRun, provenance: Provenance): void {
    if (this.resume !== undefined) {
      this.#count(this.resume.curve);
      this.#epochsDone = this.resume.snapshot.state.epoch;
      return;
    }
    this.#owned(() => {
      const header = Buffer.from(curveHeader);
      // The curve first: what puts run.json in place makes the names of both safe before any checkpoint.
      writeNewFile(this.#system.files, this.#path(runFiles.curve), [header]);
      this.#count(header);
      this.#replace(runFiles.manifest, [
        encodeManifest({ ...provenance, format: 1, id: this.id, run, status: 'partial', epochsDone: 0 }),
      ]);
    });
  }

  /** Written at the next checkpoint, or when the run ends. */
  rows(rows: readonly CurveRow[]): void {
    this.#pending += curveLines(rows);
  }

  /**
   * Curve first, then the checkpoint that knows the curve's length and hash: a crash in between loses neither. An
   * optional one is left out as long as writing the last one has taken more than `CHECKPOINT_SHARE` of the time since.
   */
  checkpoint(snapshot: Snapshot, wall: WallSeconds, optional = false): void {
    // Before the first step there is nothing to keep: the run starts anew, its first rows included.
    if (snapshot.state.step === 0) return;
    this.#epochsDone = snapshot.state.epoch;
    const start = this.#system.now();
    if (optional && start < this.#nextCheckpoint) return;
    this.#owned(() => {
      this.#appendRows();
      this.#replace(runFiles.checkpoint, encodeCheckpoint(this.id, snapshot, this.#mark()));
      this.#writeTiming({ wall });
    });
    const end = this.#system.now();
    this.#nextCheckpoint = end + (end - start) / CHECKPOINT_SHARE;
  }

  /** A sign of life for processes on other machines. */
  touch(): void {
    const now = Date.now() / 1000;
    this.#owned(() => {
      const path = this.#path(runFiles.timing);
      naming(path, () => this.#system.files.utimesSync(path, now, now));
    });
  }

  /**
   * Ends the run: from now on it is read-only at its final name. Nothing happens where another process published it
   * before. A diverged run has no checkpoint, since the last one depends on where it was interrupted.
   */
  publish(
    run: ResolvedRun,
    provenance: Provenance,
    status: 'complete' | 'diverged',
    wall: WallSeconds,
  ): void {
    const { files } = this.#system;
    this.#owned(() => {
      // The number may have been given to another process's claim since, for the moment it needs to give way.
      const owner = readTiming(this.#system, this.folder).lives.at(-1);
      if (owner === undefined || !isSameProcess(owner, this.#life)) throw new ReplacedError(this.folder);
      this.#appendRows();
      this.#writeTiming({ wall });
      const epochsDone = this.#epochsDone;
      const manifest = { ...provenance, format: 1 as const, id: this.id, run, status, epochsDone };
      this.#replace(runFiles.manifest, [encodeManifest({ ...manifest, curve: this.#mark() })]);
      const { manifest: m, curve: c, timing: t, checkpoint } = runFiles;
      const final: string[] = status === 'complete' ? [m, c, t, checkpoint] : [m, c, t];
      for (const name of namesIn(files, this.folder)) {
        if (!final.includes(name)) naming(this.folder, () => files.unlinkSync(this.#path(name)));
      }
      syncFolder(files, this.folder);
      if (!renameFolder(files, this.folder, publishedFolder(this.#runs, this.id))) {
        discardFolder(this.#system, this.#runs, this.folder);
      }
      syncFolder(files, this.#runs);
    });
  }

  /** Gives the run up in good order, to be resumed by whoever comes next. */
  release(wall: WallSeconds): void {
    this.#owned(() => this.#writeTiming({ wall, released: true }));
  }

  /** Notes why the run failed, as far as that can be written, and gives it up. */
  fail(reason: string): void {
    try {
      this.#replace(runFiles.failure, [Buffer.from(stableJson({ reason }))]);
      this.#writeTiming({ released: true });
    } catch {
      // The disk may be what failed; the reason is reported all the same.
    }
  }

  #appendRows(): void {
    if (this.#pending === '') return;
    const bytes = Buffer.from(this.#pending);
    writeTail(this.#system.files, this.#path(runFiles.curve), this.#curveBytes, bytes);
    this.#count(bytes);
    this.#pending = '';
  }

  #count(bytes: Uint8Array): void {
    this.#curveBytes += bytes.length;
    this.#curveHash.update(bytes);
  }

  #mark() {
    return { bytes: this.#curveBytes, sha256: this.#curveHash.copy().digest('hex') };
  }

  #writeTiming(change: Partial<Life>): void {
    this.#life = { ...this.#life, ...change };
    writeTiming(this.#system, this.folder, { lives: [...this.#earlier, this.#life] });
  }

  #replace(name: string, chunks: readonly Uint8Array[]): void {
    replaceFile(this.#system.files, this.#path(name), temporaryName(this.#system), chunks);
  }

  #path(name: string): string {
    return join(this.folder, name);
  }

  /** A file that is missing in the own folder means that the folder is no longer the own one. */
  #owned(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (error instanceof FileError && error.code === 'ENOENT') throw new ReplacedError(this.folder);
      throw error;
    }
  }
}

/**
 * Notes why a process that died without a word left its attempt behind. As far as that can be written: a folder that
 * was taken over meanwhile is gone, and the disk may be what failed.
 */
export function recordFailure(system: System, runs: string, id: string, pid: number, reason: string): void {
  const newest = surveyRun(system.files, runs, id).attempts.at(-1);
  if (newest === undefined) return;
  const folder = attemptFolder(runs, id, newest);
  const owner = readTiming(system, folder).lives.at(-1);
  if (owner?.pid !== pid || owner.host !== system.self.host || isOwned(system, folder)) return;
  try {
    const chunks = [Buffer.from(stableJson({ reason }))];
    replaceFile(system.files, join(folder, runFiles.failure), temporaryName(system), chunks, false);
  } catch {
    // See above.
  }
}
