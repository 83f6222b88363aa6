import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { addExperimentOptions, type ExperimentOptions, resolveExperiment } from '../experiment.ts';
import { helpText } from '../help-text.ts';

export function addShow(program: Command, { output }: Context): void {
  const command = program
    .command('show')
    .summary('an experiment with every default written out')
    .description(
      helpText(
        'The spec of an experiment as it would be run: profile and overrides applied, every default written out. Saved to a file, it gives the same runs.',
        [
          ['adam-repro show mnist-mlp'],
          ['adam-repro show mnist-mlp --profile paper --only adam'],
          ['adam-repro show mnist-logreg > mine.yaml'],
        ],
      ),
    )
    .argument('<experiment>', 'name of an experiment, or path of a spec');
  addExperimentOptions(command).action(async (name: string, options: ExperimentOptions) => {
    const experiment = await resolveExperiment(name, options);
    const { showSpec } = await import('../../spec/show.ts');
    output.result({ experiment }, () => showSpec(experiment).trimEnd());
  });
}
