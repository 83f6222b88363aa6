import { join } from 'node:path';
import { type FileSystem, isThere, namesIn } from './file-system.ts';

/** Files of one run. */
export const runFiles = {
  manifest: 'run.json',
  curve: 'curve.csv',
  checkpoint: 'checkpoint.safetensors',
  timing: 'timing.json',
  failure: 'failure.json',
} as const;

/** The folder of an experiment's results in one profile. */
export function profileFolder(resultsFolder: string, experiment: string, profile: string): string {
  return join(resultsFolder, experiment, profile);
}

export function runsFolder(resultsFolder: string, experiment: string, profile: string): string {
  return join(profileFolder(resultsFolder, experiment, profile), 'runs');
}

/** All runs as one table, one row per measured value. */
export function curvesPath(resultsFolder: string, experiment: string, profile: string): string {
  return join(profileFolder(resultsFolder, experiment, profile), 'curves.csv');
}

/** One row per run: settings, status, times. */
export function runsPath(resultsFolder: string, experiment: string, profile: string): string {
  return join(profileFolder(resultsFolder, experiment, profile), 'runs.csv');
}

/** A finished run. */
export const publishedFolder = (runs: string, id: string) => join(runs, id);
/** A run in work, or interrupted. */
export const attemptFolder = (runs: string, id: string, number: number) =>
  join(runs, `${id}.${number}.partial`);

/** What there is of one run. */
export interface Survey {
  readonly published: boolean;
  /** Numbers of the attempts, ascending. */
  readonly attempts: readonly number[];
  /** Highest number in use, set-aside folders included; 0 for none. */
  readonly last: number;
}

const numbered = /^(.+)\.(\d+)\.(partial|old|damaged)$/;

export function surveyRun(files: FileSystem, runs: string, id: string): Survey {
  const found = namesIn(files, runs).flatMap((name) => {
    const [, of, number, kind] = numbered.exec(name) ?? [];
    return of === id ? [{ number: Number(number), kind }] : [];
  });
  return {
    // Asked after the attempts were listed: one that was published in between must not be missed.
    published: isThere(files, publishedFolder(runs, id)),
    attempts: found
      .filter(({ kind }) => kind === 'partial')
      .map(({ number }) => number)
      .sort((a, b) => a - b),
    last: Math.max(0, ...found.map(({ number }) => number)),
  };
}

/** Ids of the runs that have attempts in the folder. */
export function attemptedIdsIn(files: FileSystem, runs: string): string[] {
  const ids = namesIn(files, runs).flatMap((name) => {
    const [, id, , kind] = numbered.exec(name) ?? [];
    return kind === 'partial' ? [id!] : [];
  });
  return [...new Set(ids)];
}

/** Ids of all finished runs and attempts in the folder. */
export function runIdsIn(files: FileSystem, runs: string): string[] {
  const ids = namesIn(files, runs).flatMap((name) => {
    if (name.startsWith('.')) return [];
    const [, id, , kind] = numbered.exec(name) ?? [];
    return kind === undefined ? [name] : kind === 'partial' ? [id!] : [];
  });
  return [...new Set(ids)];
}
