import { join } from 'node:path';
import type { WallSeconds } from '../training/trial-events.ts';
import { ifThere, readWhole, replaceFile } from './file-system.ts';
import { runFiles } from './run-folders.ts';
import { sealedJson, unsealJson } from './stable-json.ts';
import { type ProcessIdentity, type System, temporaryName } from './system.ts';

/** One process's share of a run. */
export interface Life extends ProcessIdentity {
  /** Time of day, ISO 8601. */
  readonly started: string;
  /** Until the last checkpoint. */
  readonly wall: WallSeconds;
  /** Set when the process gave the run up in good order: then nobody owns it. */
  readonly released?: boolean;
}

/** Content of timing.json, the side file for everything that differs between equal runs; the last life is the owner. */
export interface Timing {
  readonly lives: readonly Life[];
}

export function encodeTiming(timing: Timing): Uint8Array {
  return Buffer.from(sealedJson(timing));
}

/** Not durable: a side file is not worth waiting for the disk, and its loss is harmless. */
export function writeTiming(system: System, folder: string, timing: Timing): void {
  const path = join(folder, runFiles.timing);
  replaceFile(system.files, path, temporaryName(system), [encodeTiming(timing)], false);
}

/** A folder's timing.json; no lives where it is missing or damaged. */
export function readTiming({ files }: System, folder: string): Timing {
  const text = readWhole(files, join(folder, runFiles.timing))?.toString() ?? '';
  try {
    // Earlier versions wrote it without a checksum.
    const timing = unsealJson(text) ?? JSON.parse(text);
    return isTiming(timing) ? timing : { lives: [] };
  } catch {
    return { lives: [] };
  }
}

function isTiming(value: unknown): value is Timing {
  if (typeof value !== 'object' || value === null || Object.keys(value).join() !== 'lives') return false;
  const { lives } = value as { lives: unknown };
  return Array.isArray(lives) && lives.every(isLife);
}

function isLife(value: Partial<Life> | null): value is Life {
  const texts = [value?.host, value?.boot, value?.processStart, value?.started];
  const numbers = [value?.pid, value?.wall?.train, value?.wall?.evaluate, value?.wall?.other];
  return texts.every((text) => typeof text === 'string') && numbers.every(Number.isFinite);
}

/** Whether the attempt's last owner still works on it. */
export function isOwned(system: System, folder: string): boolean {
  const owner = readTiming(system, folder).lives.at(-1);
  if (owner === undefined || owner.released) return false;
  const stat = ifThere(() => system.files.statSync(join(folder, runFiles.timing)));
  return stat !== undefined && system.isAlive(owner, stat.mtimeMs);
}

/** Owners give a sign of life every 15 s, but not in the middle of a step. */
const SILENCE_SECONDS = 40;

/** Since when the owner has been silent, in seconds; `undefined` where that is as it should be. */
export function silenceOf({ files }: System, folder: string): number | undefined {
  const stat = ifThere(() => files.statSync(join(folder, runFiles.timing)));
  const seconds = stat === undefined ? 0 : Math.round((Date.now() - stat.mtimeMs) / 1000);
  return seconds > SILENCE_SECONDS ? seconds : undefined;
}

export function isSameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.host === b.host && a.boot === b.boot && a.pid === b.pid && a.processStart === b.processStart;
}

export function newLife(system: System): Life {
  const { host, boot, pid, processStart } = system.self;
  const wall = { train: 0, evaluate: 0, other: 0 };
  return { host, boot, pid, processStart, started: new Date().toISOString(), wall };
}

export function totalWall({ lives }: Timing): WallSeconds {
  const sum = (part: keyof WallSeconds) => lives.reduce((total, { wall }) => total + wall[part], 0);
  return { train: sum('train'), evaluate: sum('evaluate'), other: sum('other') };
}
