import { groupBy } from '../group-by.ts';
import { realFileSystem } from './file-system.ts';
import { readManifestHead } from './manifest.ts';
import { attemptFolder, publishedFolder, surveyRun } from './run-folders.ts';
import { leaves, type RunInfo } from './run-info.ts';
import { columnsKey, hasSeedTwice } from './seed-groups.ts';

/**
 * The runs with `beyond` where a seed has two of them with the same columns, as after `--set evaluation.every=0` or
 * `--set optimizers.momentum.rule=nesterov`. The other seeds with these columns get it too, so that each finds its own.
 */
export function withBeyond(runs: readonly RunInfo[], folder: string): RunInfo[] {
  const alike = groupBy(runs, columnsKey);
  const found = new Map<string, ReadonlyMap<string, unknown>>();
  for (const group of alike.values()) {
    if (!hasSeedTwice(group)) continue;
    // Of what is in no folder, as in results of which only the tables were kept, nothing more can be known.
    const recorded = group.flatMap(({ id }) => {
      const settings = recordedSettings(folder, id);
      return settings === undefined ? [] : [{ id, settings }];
    });
    const paths = [...new Set(recorded.flatMap(({ settings }) => [...settings.keys()]))];
    const different = paths.filter(
      (path) => new Set(recorded.map(({ settings }) => settings.get(path))).size > 1,
    );
    for (const { id, settings } of recorded) {
      found.set(id, new Map(different.map((path) => [path, settings.get(path)])));
    }
  }
  return runs.map((run) => {
    const beyond = found.get(run.id);
    return beyond === undefined ? run : { ...run, beyond };
  });
}

/** Everything in a run.json that determines the run's numbers, but its seed. */
function recordedSettings(folder: string, id: string): ReadonlyMap<string, unknown> | undefined {
  const attempts = surveyRun(realFileSystem, folder, id).attempts.toReversed();
  for (const place of [
    publishedFolder(folder, id),
    ...attempts.map((number) => attemptFolder(folder, id, number)),
  ]) {
    const manifest = readManifestHead(realFileSystem, place, id);
    if (manifest === undefined) continue;
    const { seed: _, optimizerSettings, ...others } = manifest.run;
    return new Map([...leaves('', optimizerSettings), ...leaves('', others)]);
  }
  return undefined;
}
