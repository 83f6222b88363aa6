import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { UsageError, UserError } from '../../errors.ts';
import type { MergedRun, MergeOutcome } from '../../results/merge.ts';
import type { Context } from '../context.ts';
import { failureOf } from '../failure.ts';
import { count } from '../format.ts';
import { helpText } from '../help-text.ts';
import { resultsOption } from '../results-option.ts';
import { renderTable } from '../table.ts';

interface Merged {
  readonly source: string;
  readonly experiment: string;
  readonly profile: string;
  readonly runs: readonly MergedRun[];
}

export function addMerge(program: Command, context: Context): void {
  program
    .command('merge')
    .summary('take finished runs over from other results folders')
    .description(
      helpText(
        'Copies the finished runs of other results folders into this one, each checked by its checksums, and writes curves.csv and runs.csv anew. Nothing that is finished here is overwritten; a run with another curve is reported and left out. The tables of searches (tuning/) are not copied: the same tune or recover command writes them from the copied runs.',
        [
          ['adam-repro merge ../machine-2/results'],
          ['adam-repro merge /mnt/a/results /mnt/b/results -o all', 'into a new folder'],
        ],
      ),
    )
    .argument('<folder...>', 'results folders')
    .addOption(resultsOption())
    .action(async (sources: readonly string[], { output: folder }: { output: string }) => {
      const places = await placesIn(sources, folder);
      const { localSystem } = await import('../../results/index.ts');
      const { mergeRuns } = await import('../../results/merge.ts');
      const { rewriteTables, tableOrder } = await import('../../results/rewrite-tables.ts');
      const system = localSystem();
      const merged = places.map(({ source, experiment, profile }): Merged => {
        const place = { resultsFolder: folder, experiment, profile };
        const runs = mergeRuns(system, { from: source, to: folder, experiment, profile });
        if (runs.length > 0)
          rewriteTables(system, place, tableOrder(system, { ...place, resultsFolder: source }));
        return { source, experiment, profile, runs };
      });
      report(merged, folder, context);
    });
}

/** Every experiment and profile of the sources. Throws `UsageError` for a source that is none, before anything is copied. */
async function placesIn(sources: readonly string[], folder: string): Promise<Omit<Merged, 'runs'>[]> {
  const { foldersIn } = await import('../../results/folders-in.ts');
  return [...new Set(sources)].flatMap((source) => {
    if (resolve(source) === resolve(folder)) {
      throw new UsageError(
        `${source} is the folder to merge into: name another results folder, or another --output.`,
      );
    }
    const places = foldersIn(source).flatMap((experiment) =>
      foldersIn(join(source, experiment))
        .filter((profile) => foldersIn(join(source, experiment, profile)).includes('runs'))
        .map((profile) => ({ source, experiment, profile })),
    );
    if (places.length === 0) {
      throw new UsageError(
        `there are no results in ${source}: name a folder with EXPERIMENT/PROFILE/runs in it.`,
      );
    }
    return places;
  });
}

function report(merged: readonly Merged[], folder: string, context: Context): void {
  const { output } = context;
  const all = merged.flatMap((part) => part.runs.map((run) => ({ ...part, ...run })));
  const having = (outcome: MergeOutcome) => all.filter((run) => run.outcome === outcome);
  const [conflicts, damaged] = [having('conflict'), having('damaged')];
  const clauses = [
    ...(conflicts.length > 0 ? [`${count(conflicts.length, 'run')} with another curve than here`] : []),
    ...(damaged.length > 0
      ? [`${count(damaged.length, 'run')} that does not hold what its checksums say`]
      : []),
  ];
  const error =
    clauses.length === 0
      ? undefined
      : new UserError(`left out: ${clauses.join(', and ')}; what is here stays as it is.`);
  output.result({ folder, merged, ...(error && { error: failureOf(error) }) }, () => {
    const columns = ['copied', 'present', 'conflict', 'damaged'] as const;
    const table = renderTable(
      [
        { title: 'from' },
        { title: 'experiment' },
        { title: 'profile' },
        ...columns.map((title) => ({ title, align: 'right' as const })),
      ],
      merged.map(({ source, experiment, profile, runs }) => [
        ...[source, experiment, profile],
        ...columns.map((outcome) => String(runs.filter((run) => run.outcome === outcome).length)),
      ]),
    );
    const named = [...conflicts, ...damaged].map(
      ({ outcome, source, experiment, profile, id }) =>
        `${outcome}: ${join(source, experiment, profile, 'runs', id)}`,
    );
    return [table, ...(named.length > 0 ? ['', ...named] : [])].join('\n');
  });
  if (error === undefined) return;
  context.exitCode = error.exitCode;
  output.error(error.message);
}
