import { join } from 'node:path';
import {
  makeFolder,
  naming,
  readWhole,
  remove,
  renameFolder,
  syncFolder,
  writeNewFile,
} from './file-system.ts';
import { checkWritable, setPublishedAside } from './folder-moves.ts';
import { publishedFolder, runFiles, runIdsIn, runsFolder, surveyRun } from './run-folders.ts';
import { isWhole, readPublished } from './run-state.ts';
import { compactJson } from './stable-json.ts';
import { type System, temporaryName } from './system.ts';

/**
 * What became of one finished run of another folder. `present`: it is here already, with the same curve. `conflict`: it
 * is here with another curve, which stays. `damaged`: it does not hold what its checksums say, and was not copied.
 */
export type MergeOutcome = 'copied' | 'present' | 'conflict' | 'damaged';

export interface MergedRun {
  readonly id: string;
  readonly outcome: MergeOutcome;
}

/** Two results folders and the experiment and profile to merge. */
export interface MergePlace {
  readonly from: string;
  readonly to: string;
  readonly experiment: string;
  readonly profile: string;
}

/**
 * Copies the finished runs of another results folder that are missing in this one, each verified and put in place in one
 * step; attempts are not copied. Nothing that is finished here is overwritten. Again, it changes nothing.
 */
export function mergeRuns(system: System, { from, to, experiment, profile }: MergePlace): MergedRun[] {
  const source = runsFolder(from, experiment, profile);
  const target = runsFolder(to, experiment, profile);
  const ids = runIdsIn(system.files, source).filter((id) => surveyRun(system.files, source, id).published);
  if (ids.length > 0) checkWritable(system, target);
  return ids.map((id) => ({ id, outcome: mergeRun(system, source, target, id) }));
}

function mergeRun(system: System, source: string, target: string, id: string): MergeOutcome {
  const { files } = system;
  for (;;) {
    const ours = readPublished(files, target, id);
    const outcome =
      ours === undefined ? copyRun(system, source, target, id) : compare(system, source, id, ours);
    if (outcome !== undefined) return outcome;
    // Something is in its place that was not there before, or is damaged.
    if (readPublished(files, target, id) === undefined) setPublishedAside(system, target, id, 'damaged');
  }
}

type Published = NonNullable<ReturnType<typeof readPublished>>;

function compare({ files }: System, source: string, id: string, ours: Published): MergeOutcome {
  const theirs = readPublished(files, source, id);
  if (theirs === undefined) return 'damaged';
  return compactJson(resultOf(ours)) === compactJson(resultOf(theirs)) ? 'present' : 'conflict';
}

const resultOf = ({ manifest: { status, curve } }: Published) => ({ status, curve });

/** Undefined where its place is taken. */
function copyRun(system: System, source: string, target: string, id: string): MergeOutcome | undefined {
  const { files } = system;
  const staging = join(target, temporaryName(system));
  naming(target, () => files.mkdirSync(staging));
  try {
    copyFiles(system, publishedFolder(source, id), publishedFolder(staging, id));
    // The copy is what is verified: nothing can change between that and the rename.
    if (!isWhole(files, staging, id)) return 'damaged';
    if (!renameFolder(files, publishedFolder(staging, id), publishedFolder(target, id))) return undefined;
    syncFolder(files, target);
    return 'copied';
  } finally {
    remove(files, staging);
  }
}

function copyFiles(system: System, from: string, to: string): void {
  makeFolder(system.files, to);
  for (const name of [runFiles.manifest, runFiles.curve, runFiles.timing, runFiles.checkpoint]) {
    const bytes = readWhole(system.files, join(from, name));
    if (bytes !== undefined) writeNewFile(system.files, join(to, name), [bytes]);
  }
  syncFolder(system.files, to);
}
