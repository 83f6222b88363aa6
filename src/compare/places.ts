import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { foldersIn } from '../results/folders-in.ts';

/** Where the tables of one experiment in one profile are. */
export interface Place {
  readonly resultsFolder: string;
  readonly experiment: string;
  readonly profile: string;
}

/**
 * The tables in a results folder, in the folder of an experiment, or in that of a profile.
 *
 * @throws UsageError for a folder that is not there, or that has no tables.
 */
export function placesIn(folder: string): Place[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UsageError(
      `${folder} is no folder: name a results folder, or EXPERIMENT or EXPERIMENT/PROFILE in one.`,
    );
  }
  const path = resolve(folder);
  const inside = (outer: string): string[] => foldersIn(outer).map((name) => join(outer, name));
  const profiles = hasTables(path)
    ? [path]
    : inside(path).flatMap((inner) => (hasTables(inner) ? [inner] : inside(inner).filter(hasTables)));
  if (profiles.length === 0) {
    throw new UsageError(
      `there are no results in ${folder}: name a folder with curves.csv, EXPERIMENT/PROFILE/curves.csv or PROFILE/curves.csv in it.`,
    );
  }
  return profiles.map((profile) => ({
    resultsFolder: dirname(dirname(profile)),
    experiment: basename(dirname(profile)),
    profile: basename(profile),
  }));
}

/**
 * What is compared with what: places of one experiment in one profile. Where each side has a single experiment, as
 * `results/X` and `results/X-tuned`, the profile alone decides, and where each has a single place nothing does.
 */
export function placePairs(inA: readonly Place[], inB: readonly Place[]): { a: Place; b: Place }[] {
  if (inA.length === 1 && inB.length === 1) return [{ a: inA[0]!, b: inB[0]! }];
  const isSingle = [inA, inB].every((places) => new Set(places.map((p) => p.experiment)).size === 1);
  return inA.flatMap((a) =>
    inB
      .filter((b) => b.profile === a.profile && (isSingle || b.experiment === a.experiment))
      .map((b) => ({ a, b })),
  );
}

const hasTables = (folder: string): boolean =>
  existsSync(join(folder, 'curves.csv')) && existsSync(join(folder, 'runs.csv'));
