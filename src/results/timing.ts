import { join } from 'node:path';
import type { WallSeconds } from '../training/trial-events.ts';
import { ifThere, replaceFile } from './file-system.ts';
import { runFiles } from './run-folders.ts';
import { stableJson } from './stable-json.ts';
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
  return Buffer.from(stableJson(timing));
}

/** Not durable: a side file is not worth waiting for the disk, and its loss is harmless. */
export function writeTiming(system: System, folder: string, timing: Timing): void {
  const path = join(folder, runFiles.timing);
  replaceFile(system.files, path, temporaryName(system), [encodeTiming(timing)], false);
}

/** A folder's timing.json; no lives where it is missing or damaged. */
export function readTiming({ files }: System, folder: string): Timing {
  const text = ifThere(() => files.readFileSync(join(folder, runFiles.timing), 'utf8'));
  try {
    const timing = JSON.parse(text ?? '{}') as Timing;
    return Array.isArray(timing.lives) ? timing : { lives: [] };
  } catch {
    return { lives: [] };
  }
}

/** Whether the attempt's last owner still works on it. */
export function isOwned(system: System, folder: string): boolean {
  const owner = readTiming(system, folder).lives.at(-1);
  if (owner === undefined || owner.released) return false;
  const stat = ifThere(() => system.files.statSync(join(folder, runFiles.timing)));
  return stat !== undefined && system.isAlive(owner, stat.mtimeMs);
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
