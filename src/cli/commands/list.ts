import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { resolveExperiment } from '../experiment.ts';
import { helpText } from '../help-text.ts';
import { resultsOption } from '../results-option.ts';
import { renderTable } from '../table.ts';

export function addList(program: Command, { output }: Context): void {
  program
    .command('list')
    .summary('the experiments that can be run')
    .description(
      helpText(
        'The experiments that come with adam-repro: the paper and figure each belongs to, its optimizers, and how many of its runs (profile quick) are done in the results folder.',
        [['adam-repro list'], ['adam-repro list --json']],
      ),
    )
    .addOption(resultsOption())
    .action(async ({ output: resultsFolder }: { output: string }) => {
      const [{ listExperiments }, { planRuns }] = await Promise.all([
        import('../../spec/load.ts'),
        import('../../runner/index.ts'),
      ]);
      const experiments = await Promise.all(
        listExperiments().map(async (name) => {
          const experiment = await resolveExperiment(name, {});
          const { title, paper, optimizers, profile } = experiment;
          const runs = planRuns(experiment, { resultsFolder });
          return {
            name,
            title,
            paper: paper?.key ?? null,
            figure: paper?.figure ?? null,
            optimizers: optimizers.map((optimizer) => optimizer.name),
            profile,
            runs: runs.length,
            done: runs.filter(({ status }) => status === 'complete' || status === 'diverged').length,
          };
        }),
      );
      output.result({ experiments }, () =>
        renderTable(
          [
            { title: 'experiment' },
            { title: 'paper' },
            { title: 'figure' },
            { title: 'title' },
            { title: 'optimizers' },
            { title: 'done', align: 'right' },
          ],
          experiments.map((e) => [
            output.paint.bold(e.name),
            e.paper ?? '-',
            e.figure ?? '-',
            e.title,
            e.optimizers.join(', '),
            `${e.done}/${e.runs}`,
          ]),
        ),
      );
      output.note('\nRun one with: adam-repro run EXPERIMENT');
    });
}
