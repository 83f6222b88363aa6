import type { FileSystem } from '../results/file-system.ts';
import { readManifestHead } from '../results/manifest.ts';
import { publishedFolder, runIdsIn } from '../results/run-folders.ts';
import { canonicalJson } from '../spec/hash.ts';
import type { ResolvedRun } from '../spec/run.ts';

/** Ids of the finished runs that are the first epochs of a run, the longest first: it can go on where one ends. */
export type ShorterRuns = (run: ResolvedRun) => string[];

/**
 * Looks among the finished runs of a folder, but those that `ids` names. Two runs belong together that differ in their
 * length alone, schedules included; one that is evaluated at its end, where the longer one is not, has a row too many.
 */
export function shorterRunsIn(files: FileSystem, runs: string, ids: readonly string[]): ShorterRuns {
  const own = new Set(ids);
  const byRest = new Map<string, { id: string; epochs: number }[]>();
  for (const id of runIdsIn(files, runs)) {
    const head = own.has(id) ? undefined : readManifestHead(files, publishedFolder(runs, id), id);
    if (head?.status !== 'complete' || head.run.model.type === 'problem') continue;
    const rest = withoutLength(head.run);
    byRest.set(rest, [...(byRest.get(rest) ?? []), { id, epochs: head.run.epochs }]);
  }
  return (run) => {
    const { every } = run.evaluation;
    return (byRest.get(withoutLength(run)) ?? [])
      .filter(({ epochs }) => epochs < run.epochs && (every === 0 || epochs % every === 0))
      .sort((a, b) => b.epochs - a.epochs)
      .map(({ id }) => id);
  };
}

const withoutLength = (run: ResolvedRun): string => canonicalJson({ ...run, epochs: 0 });
