import { groupBy } from '../group-by.ts';
import type { FileSystem } from '../results/file-system.ts';
import { type ManifestHead, readManifestHead } from '../results/manifest.ts';
import { publishedFolder, runIdsIn } from '../results/run-folders.ts';
import { canonicalJson } from '../spec/hash.ts';
import type { ResolvedRun } from '../spec/run.ts';

/** The finished runs that are the first epochs of a run, the longest first: it can go on where one ends. */
export type ShorterRuns = (run: ResolvedRun) => { readonly id: string; readonly epochs: number }[];

/**
 * Looks among the finished runs of a folder, but those that `ids` names. Two runs belong together that differ in their
 * length alone, schedules included; one that is evaluated at its end, where the longer one is not, has a row too many.
 */
export function shorterRunsIn(files: FileSystem, runs: string, ids: readonly string[]): ShorterRuns {
  const own = new Set(ids);
  const heads = runIdsIn(files, runs)
    .filter((id) => !own.has(id))
    .map((id) => readManifestHead(files, publishedFolder(runs, id), id))
    .filter((head) => head?.status === 'complete' && head.run.model.type !== 'problem');
  const byRest = groupBy(heads as ManifestHead[], ({ run }) => withoutLength(run));
  return (run) => {
    const { every } = run.evaluation;
    return (byRest.get(withoutLength(run)) ?? [])
      .filter(({ run: { epochs } }) => epochs < run.epochs && (every === 0 || epochs % every === 0))
      .sort((a, b) => b.run.epochs - a.run.epochs)
      .map(({ id, run: { epochs } }) => ({ id, epochs }));
  };
}

const withoutLength = (run: ResolvedRun): string => canonicalJson({ ...run, epochs: 0 });
