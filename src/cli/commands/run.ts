import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { UserError } from '../../errors.ts';
import type { RunState } from '../../runner/events.ts';
import type { ResolvedExperiment } from '../../spec/resolve.ts';
import type { Context } from '../context.ts';
import { costTable, namedExceptions, type RunSummary } from '../cost-table.ts';
import { dryRun } from '../dry-run.ts';
import { addExperimentOptions, cutsSentence, resolveExperiment } from '../experiment.ts';
import { failureOf } from '../failure.ts';
import { count } from '../format.ts';
import { helpText } from '../help-text.ts';
import { showProgress } from '../progress.ts';
import { resultsOption } from '../results-option.ts';
import { resumeCommand } from '../resume-command.ts';
import { RunBoard } from '../run-board.ts';
import { jobsFor, type RunOptions, setEngineEnvironment } from '../run-options.ts';
import { type StoppedError, withStopSignals } from '../signals.ts';
import { mirrorOption } from './data.ts';

export function addRun(program: Command, context: Context): void {
  const command = program
    .command('run')
    .summary('train an experiment, and write its curves to results/')
    .description(
      helpText(
        'Trains every run of an experiment (optimizer by seed) and writes its curves to the results folder. Runs that are complete are not repeated; one that was interrupted goes on from its last checkpoint.',
        [
          ['adam-repro run mnist-mlp'],
          ['adam-repro run mnist-logreg --profile paper'],
          ['adam-repro run mnist-mlp -n', 'what is due and how long it takes'],
          ['adam-repro run mnist-mlp --only adam --set optimizers.adam.lr=3e-4'],
          ['adam-repro run ./my-spec.yaml --seeds 0,1,2 --epochs 5'],
        ],
      ),
    )
    .argument('<experiment>', 'name of an experiment (see `adam-repro list`), or path of a spec');
  addExperimentOptions(command)
    .option('-j, --jobs <n>', 'runs at the same time (default: one per core)', positiveInteger)
    .option(
      '--threads <n>',
      'threads of one TensorFlow process (default: 1, as its results depend on it)',
      positiveInteger,
    )
    .option('--tf32', 'let a GPU compute products with 10 instead of 23 bits')
    .option('--fresh', 'repeat runs that are complete')
    .option('-n, --dry-run', 'say what would be done, and write nothing')
    .addOption(resultsOption())
    .addOption(mirrorOption())
    .option('--offline', 'fetch nothing')
    .action(async (name: string, options: RunOptions) => {
      setEngineEnvironment(options, context.environment);
      const experiment = await resolveExperiment(name, options);
      await (options.dryRun ? dryRun(experiment, options, context) : train(experiment, options, context));
    });
}

function positiveInteger(typed: string): number {
  const n = Number(typed);
  if (!Number.isInteger(n) || n < 1) throw new InvalidArgumentError('Expected a whole number from 1 on.');
  return n;
}

async function train(experiment: ResolvedExperiment, options: RunOptions, context: Context): Promise<void> {
  const { output, environment, argv } = context;
  const { output: resultsFolder, fresh = false, offline = false } = options;
  const [{ executeRuns, planRuns }, { minibatchCostOf }, { dataFolder }] = await Promise.all([
    import('../../runner/index.ts'),
    import('../summaries.ts'),
    import('../../datasets/data-folder.ts'),
  ]);
  const plan = planRuns(experiment, { resultsFolder, fresh });
  const due = plan.filter(({ status }) => status !== 'complete' && status !== 'diverged');
  const jobs = await jobsFor(options, experiment.engine, due.length);
  output.note(headline(experiment, plan.length, due.length, jobs));
  const cuts = cutsSentence(experiment);
  if (cuts !== undefined) output.note(cuts);

  const goOn = `Go on with: ${resumeCommand(argv, environment)}`;
  const stopOptions = {
    announcement: 'Stopping: writing checkpoints',
    conclusion: `Stopped. ${goOn}`,
    onQuit: () => output.notice(`Stopped; what follows the last checkpoints is lost. ${goOn}`),
  };
  const { states, stopped } = await withStopSignals(output, stopOptions, async (signal) => {
    const folder = dataFolder(environment);
    output.detail(`results folder ${resolve(resultsFolder)}, data folder ${folder}`);
    for (const run of due) output.detail(`due: ${run.id} ${run.optimizer} seed ${run.seed} (${run.status})`);
    if (due.length > 0) {
      await (await import('../../engines/index.ts')).loadEngine(experiment.engine);
      await acquireData(experiment, { folder, options, context, signal });
    }
    const board = new RunBoard(plan, jobs, minibatchCostOf(experiment, resultsFolder));
    const progress = showProgress(output, board);
    try {
      const states = await executeRuns(experiment, {
        ...{ resultsFolder, dataFolder: folder, jobs, fresh, offline, signal },
        onEvent: (event) => progress.apply(event),
      });
      return { states, stopped: signal.aborted ? (signal.reason as StoppedError) : undefined };
    } finally {
      progress.stop();
    }
  });
  await report(experiment, states, stopped, options, context);
}

function headline(
  { name, profile, engine }: ResolvedExperiment,
  all: number,
  due: number,
  jobs: number,
): string {
  const done = all - due;
  const what = `${name}, profile ${profile}, engine ${engine}: ${count(all, 'run')}`;
  if (due === 0) return `${what}, all done before`;
  return `${what}${done > 0 ? `, ${done} done before` : ''}${jobs > 1 ? `, ${jobs} at a time` : ''}`;
}

interface AcquireParts {
  readonly folder: string;
  readonly options: RunOptions;
  readonly context: Context;
  readonly signal: AbortSignal;
}

/** Once for all workers, so that they find the files in place. */
async function acquireData(experiment: ResolvedExperiment, parts: AcquireParts): Promise<void> {
  const { folder, options, context, signal } = parts;
  const { datasets } = await import('../../datasets/index.ts');
  const { mirror, offline = false } = options;
  const onProgress = (line: string): void => context.output.note(line);
  for (const name of new Set(experiment.runs.map(({ data }) => data.name))) {
    await datasets[name].acquire({ folder, mirror, offline, signal, onProgress });
  }
}

async function report(
  experiment: ResolvedExperiment,
  states: readonly RunState[],
  stopped: StoppedError | undefined,
  { output: resultsFolder }: RunOptions,
  context: Context,
): Promise<void> {
  const { output } = context;
  const { name, profile, engine, cuts } = experiment;
  const [{ readSummaries }, { curvesPath, runsPath }] = await Promise.all([
    import('../summaries.ts'),
    import('../../results/index.ts'),
  ]);
  const runs = readSummaries(experiment, states, resultsFolder);
  const tables = [curvesPath(resultsFolder, name, profile), runsPath(resultsFolder, name, profile)];
  const files = tables.filter((file) => existsSync(file));
  const error = stopped ?? unfinished(runs);
  output.result(
    { experiment: name, profile, engine, cuts, runs, files, ...(error && { error: failureOf(error) }) },
    () => reportText(experiment, runs, files, context),
  );
  if (error === undefined) return;
  context.exitCode = error.exitCode;
  if (error === stopped) output.notice(error.message);
  else output.error(error.message);
}

/** An experiment of which a run failed, or was ended from outside by a signal to its worker, is not done. */
function unfinished(runs: readonly RunSummary[]): UserError | undefined {
  const open = runs.filter(({ status }) => status !== 'complete' && status !== 'diverged');
  if (open.length === 0) return undefined;
  const failed = open.filter(({ status }) => status === 'failed').length;
  const what = failed === open.length ? 'failed' : failed === 0 ? 'interrupted' : 'failed or interrupted';
  return new UserError(
    `${open.length} of ${count(runs.length, 'run')} ${what}: the same command goes on with what is open.`,
  );
}

function reportText(
  experiment: ResolvedExperiment,
  runs: readonly RunSummary[],
  files: readonly string[],
  { output }: Context,
): string {
  const cuts = cutsSentence(experiment);
  const exceptions = namedExceptions(runs);
  return [
    costTable(runs, output.paint),
    '',
    ...(cuts === undefined ? [] : [cuts]),
    ...exceptions,
    ...(exceptions.length > 0 || cuts !== undefined ? [''] : []),
    ...files.map((file, i) => `${i === 0 ? 'Written:' : '        '} ${relative('', file) || file}`),
  ].join('\n');
}
