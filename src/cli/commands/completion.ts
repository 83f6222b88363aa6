import { Argument, type Command } from 'commander';
import { UsageError } from '../../errors.ts';
import { completionScript, type Shell, shells } from '../completion-scripts.ts';
import type { Context } from '../context.ts';
import { openExperiment } from '../experiment.ts';
import { helpText } from '../help-text.ts';
import { topics } from '../topics.ts';

export function addCompletion(program: Command, { output }: Context): void {
  program
    .command('completion')
    .summary('completion script for your shell')
    .description(
      helpText('Prints a script that completes commands, flags, experiments and optimizers.', [
        ['eval "$(adam-repro completion bash)"', 'in ~/.bashrc'],
        ['eval "$(adam-repro completion zsh)"', 'in ~/.zshrc, after compinit'],
        ['adam-repro completion fish > ~/.config/fish/completions/adam-repro.fish'],
        ['adam-repro completion powershell | Out-String | Invoke-Expression'],
      ]),
    )
    .addArgument(new Argument('<shell>', 'your shell').choices(shells).argParser(knownShell))
    .action(async (shell: Shell) => {
      const [{ completionModel }, { listExperiments }, { optimizers }, { datasets }] = await Promise.all([
        import('../completion-model.ts'),
        import('../../spec/load.ts'),
        import('../../optimizers/index.ts'),
        import('../../datasets/index.ts'),
      ]);
      const experiments = await Promise.all(
        listExperiments().map(async (name) => {
          const { spec, resolve } = await openExperiment(name, { profile: 'paper', engine: 'reference' });
          const { optimizers } = await resolve();
          return { name, optimizers: optimizers.map((optimizer) => optimizer.name), variants: spec.variants };
        }),
      );
      const names = {
        experiments: Object.fromEntries(experiments.map(({ name, optimizers }) => [name, optimizers])),
        variants: Object.fromEntries(
          experiments.flatMap(({ name, variants }) => (variants.length > 1 ? [[name, variants]] : [])),
        ),
        optimizers: Object.keys(optimizers),
        datasets: Object.keys(datasets),
        topics: Object.keys(topics),
      };
      const script = completionScript(shell, completionModel(program, names));
      output.result({ shell, script }, () => script);
    });
}

function knownShell(typed: string): Shell {
  const shell = shells.find((name) => name === typed);
  if (shell !== undefined) return shell;
  throw new UsageError(`There is no completion for "${typed}"; use one of ${shells.join(', ')}.`);
}
