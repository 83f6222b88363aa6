import { join } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../../errors.ts';
import type { RunStatus } from '../../runner/events.ts';
import type { ResolvedRun } from '../../spec/run.ts';
import type { Context } from '../context.ts';
import { costTable, namedExceptions } from '../cost-table.ts';
import { distinguishingSettings } from '../distinguishing-settings.ts';
import { count } from '../format.ts';
import { helpText } from '../help-text.ts';
import { resultsOption } from '../results-option.ts';
import { seedGroups, seedTable } from '../seed-table.ts';
import type { FoundRun, ProfileStatus } from '../summaries.ts';

const statuses: readonly RunStatus[] = [
  'complete',
  'diverged',
  'running',
  'interrupted',
  'failed',
  'pending',
];

export function addStatus(program: Command, { output }: Context): void {
  program
    .command('status')
    .summary('what is in the results folder')
    .description(
      helpText(
        'The runs in the results folder and what was measured last, also while they are being worked on. ' +
          'Changes nothing.',
        [['adam-repro status'], ['adam-repro status mnist-mlp'], ['adam-repro status mnist-mlp --json']],
      ),
    )
    .argument('[experiment]', 'one experiment only')
    .addOption(resultsOption())
    .action(async (name: string | undefined, { output: resultsFolder }: { output: string }) => {
      const { experimentsIn, readResults } = await import('../summaries.ts');
      const results = readResults(resultsFolder, name);
      if (results.length === 0 && name !== undefined) await refuseUnknown(name, experimentsIn(resultsFolder));
      const documents = results.map((result) => ({
        ...result,
        counts: counts(result),
        settings: seedGroups(result.runs, result.runs.map(settingsOf)),
      }));
      output.result({ folder: resultsFolder, experiments: documents }, () => {
        if (results.length === 0) return emptyText(resultsFolder, name);
        return results
          .map(({ experiment, profile, runs }) =>
            [
              `${output.paint.bold(`${experiment}, profile ${profile}, ${enginesText(runs)}`)}: ${countsText({ experiment, profile, runs })}`,
              '',
              costTable(runs, output.paint, distinguishingSettings(runs.map(({ settings }) => settings))),
              ...seedLines(runs),
              ...namedExceptions(runs),
              '',
              join(resultsFolder, experiment, profile),
            ].join('\n'),
          )
          .join('\n\n');
      });
    });
}

/** A name is wrong where it belongs neither to an experiment nor to a result. */
async function refuseUnknown(name: string, found: readonly string[]): Promise<void> {
  const [{ listExperiments }, { nameHint }] = await Promise.all([
    import('../../spec/load.ts'),
    import('../../spec/nearest.ts'),
  ]);
  const names = [...new Set([...listExperiments(), ...found])];
  if (names.includes(name)) return;
  throw new UsageError(`unknown experiment "${name}"; ${nameHint(name, names)}`);
}

const settingsOf = ({ settings }: FoundRun): ResolvedRun => settings;

function seedLines(runs: ProfileStatus['runs']): string[] {
  const table = seedTable(runs, runs.map(settingsOf));
  return table === undefined ? [] : ['', table];
}

function emptyText(resultsFolder: string, name: string | undefined): string {
  const what = name === undefined ? 'no results' : `no results of ${name}`;
  return `There are ${what} in ${resultsFolder} yet. Run with: adam-repro run ${name ?? 'EXPERIMENT'}`;
}

function counts({ runs }: ProfileStatus): Record<RunStatus, number> {
  const entries = statuses.map((status) => [status, runs.filter((run) => run.status === status).length]);
  return Object.fromEntries(entries) as Record<RunStatus, number>;
}

function enginesText(runs: ProfileStatus['runs']): string {
  const engines = [...new Set(runs.map(({ engine }) => engine))];
  return `${engines.length === 1 ? 'engine' : 'engines'} ${engines.join(' and ')}`;
}

function countsText(result: ProfileStatus): string {
  const parts = Object.entries(counts(result)).filter(([, n]) => n > 0);
  return `${count(result.runs.length, 'run')} (${parts.map(([status, n]) => `${n} ${status}`).join(', ')})`;
}
