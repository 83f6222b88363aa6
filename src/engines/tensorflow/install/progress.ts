import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What an installation tells while it goes on. Stages overlap: pip and npm work side by side. */
export type InstallEvent =
  | { readonly type: 'started'; readonly stage: Stage; readonly text: string; readonly total?: number }
  /** Bytes that are there of the stage's `total`. */
  | { readonly type: 'progress'; readonly stage: Stage; readonly done: number }
  | { readonly type: 'finished'; readonly stage: Stage }
  /** Something the user should know, as a sentence. */
  | { readonly type: 'note'; readonly text: string };

export type Stage = 'download' | 'unpack' | 'packages' | 'compile' | 'self-test';
export type Report = (event: InstallEvent) => void;

const pollMilliseconds = 250;

/** Runs `work` as a stage and reports the size of `folder` meanwhile: pip says nothing of its progress to a pipe. */
export async function watchingFolder<T>(
  folder: string,
  { stage, report }: { stage: Stage; report: Report },
  work: () => Promise<T>,
): Promise<T> {
  const timer = setInterval(
    () => report({ type: 'progress', stage, done: folderBytes(folder) }),
    pollMilliseconds,
  );
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** Bytes of all files below a folder that others write to and remove from at the same time; links are not followed. */
export function folderBytes(folder: string): number {
  let bytes = 0;
  for (const entry of entriesIn(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += folderBytes(path);
    else bytes += lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

function entriesIn(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
