import type { Command } from 'commander';
import { UsageError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { dryRun } from '../dry-run.ts';
import { addExperimentOptions, collect, wholeNumber } from '../experiment.ts';
import { helpText } from '../help-text.ts';
import { resultsOption } from '../results-option.ts';
import { type RunOptions, setEngineEnvironment } from '../run-options.ts';
import { parseShard, selectExperiments } from '../selection.ts';
import { parseTimeSpan } from '../time-limit.ts';
import { train } from '../train.ts';
import { mirrorOption } from './data.ts';

export function addRun(program: Command, context: Context): void {
  const command = program
    .command('run')
    .summary('train experiments, and write their curves to results/')
    .description(
      helpText(
        'Trains every run of the experiments (optimizer by seed) and writes their curves to the results folder. Runs that are complete are not repeated; one that was interrupted goes on from its last checkpoint.',
        [
          ['adam-repro run mnist-mlp'],
          ['adam-repro run mnist-logreg --profile paper'],
          ['adam-repro run mnist-mlp -n', 'what is due and how long it takes'],
          ['adam-repro run mnist-mlp --only adam --set optimizers.adam.lr=3e-4'],
          ['adam-repro run mnist-mlp --optimizer ./mine.ts', 'a rule of your own beside them'],
          ['adam-repro run --all -p smoke', 'every experiment, in all its variants'],
          ['adam-repro run --all --max-time 8h', 'goes on where it stopped'],
          ['adam-repro run ./my-spec.yaml --seeds 0,1,2 --epochs 5'],
        ],
      ),
    )
    .argument('[experiments...]', 'names of experiments (see `adam-repro list`), or paths of specs');
  addExperimentOptions(command)
    .option(
      '--optimizer <file>',
      'add a rule of your own, such as ./mine.ts or name=./mine.ts, and run it alone (repeatable)',
      collect,
    )
    .option('--with-classics', "with --optimizer: run the experiment's own optimizers too")
    .option('-a, --all', 'every experiment in all its variants, or in the one of --variant')
    .option('-j, --jobs <n>', 'runs at the same time (default: one per core, as memory allows)', wholeNumber)
    .option('--max-time <time>', 'stop with checkpoints after 2h, 90m or 45s', parseTimeSpan)
    .option('--shard <i/n>', 'do share i of n, for several machines (see merge)', parseShard)
    .option(
      '--threads <n>',
      'threads of one TensorFlow process (default: 1, as its results depend on it)',
      wholeNumber,
    )
    .option('--tf32', 'let a GPU compute products with 10 instead of 23 bits')
    .option('--fresh', 'repeat runs that are complete')
    .option('-n, --dry-run', 'say what would be done, and write nothing')
    .addOption(resultsOption())
    .addOption(mirrorOption())
    .option('--offline', 'fetch nothing')
    .action(async (names: readonly string[], options: RunOptions) => {
      setEngineEnvironment(options, context.environment);
      checkOwn(options);
      const experiments = await selectExperiments(names, options);
      const named = { ...options, names: [...new Set(names)] };
      await (options.dryRun ? dryRun(experiments, named, context) : train(experiments, named, context));
    });
}

function checkOwn({ optimizer, withClassics, all }: RunOptions): void {
  if (withClassics && optimizer === undefined) {
    throw new UsageError('--with-classics belongs to --optimizer: add one, such as --optimizer ./mine.ts.');
  }
  if (all && optimizer !== undefined) {
    throw new UsageError(
      '--optimizer adds a rule to experiments that are named: name them in place of --all.',
    );
  }
}
