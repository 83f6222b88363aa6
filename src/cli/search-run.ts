import { UserError } from '../errors.ts';
import { isFinished } from '../results/run-info.ts';
import type { Experiment } from '../runner/index.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import { type ResolvedRun, unitOf } from '../spec/run.ts';
import type { StageResult } from '../tuning/search.ts';
import { acquireData } from './acquire-data.ts';
import type { Context } from './context.ts';
import { distinguishingSettings } from './distinguishing-settings.ts';
import { count } from './format.ts';
import { showProgress } from './progress.ts';
import { quoted } from './resume-command.ts';
import { RunBoard } from './run-board.ts';
import { jobsFor } from './run-options.ts';
import type { SearchOptions } from './search-options.ts';
import { withStopSignals } from './signals.ts';
import { stopOptions } from './stop-options.ts';

export type RunStage = (runs: readonly ResolvedRun[], stage: string) => Promise<StageResult>;

/** The experiment that a stage of a search is for the runner. */
export function stageExperiment(base: ResolvedExperiment, runs: readonly ResolvedRun[]): Experiment {
  return { name: runs[0]!.experiment, profile: base.profile, files: base.files, runs };
}

/** Runs a search whose stages go through the runner, with progress and the usual answers to Ctrl-C and --max-time. */
export async function withStages<T>(
  base: ResolvedExperiment,
  options: SearchOptions,
  context: Context,
  search: (runStage: RunStage) => Promise<T>,
): Promise<T> {
  return withStopSignals(context.output, stopOptions(options, context), (signal) =>
    search((runs, stage) => runStage(stageExperiment(base, runs), stage, base, options, context, signal)),
  );
}

async function runStage(
  experiment: Experiment,
  stage: string,
  base: ResolvedExperiment,
  options: SearchOptions,
  context: Context,
  signal: AbortSignal,
): Promise<StageResult> {
  const { output, environment } = context;
  const { output: resultsFolder, offline = false } = options;
  const [{ executeRuns, planRuns }, { minibatchCostOf }, { readRecords }, { localSystem }, { dataFolder }] =
    await Promise.all([
      import('../runner/index.ts'),
      import('./summaries.ts'),
      import('../runner/plan-runs.ts'),
      import('../results/index.ts'),
      import('../datasets/data-folder.ts'),
    ]);
  const plan = planRuns(experiment, { resultsFolder });
  const due = plan.filter((run) => !isFinished(run)).length;
  const jobs = await jobsFor(options, base.engine, due);
  output.note(stageLine(stage, plan.length, due, jobs));
  const read = () => readRecords(localSystem(), experiment, resultsFolder);
  if (due === 0) return { records: read() };
  const data = dataFolder(environment);
  await (await import('../engines/index.ts')).loadEngine(base.engine);
  await acquireData(base.runs, { folder: data, options, context, signal });
  const board = new RunBoard(
    plan.map((state, i) => ({ ...state, unit: unitOf(experiment.runs[i]!) })),
    jobs,
    minibatchCostOf([experiment], resultsFolder),
    distinguishingSettings(experiment.runs),
  );
  const progress = showProgress(output, board);
  try {
    await executeRuns(experiment, {
      ...{ resultsFolder, dataFolder: data, jobs, offline, signal },
      onEvent: (event) => progress.apply(event),
    });
  } finally {
    progress.stop();
  }
  const records = read();
  const open = records.filter(({ state }) => !isFinished(state)).length;
  const folder = resultsFolder === 'results' ? '' : ` -o ${quoted(resultsFolder)}`;
  const error = signal.aborted
    ? (signal.reason as Error)
    : open > 0
      ? new UserError(
          `${open} of ${count(records.length, 'run')} failed: \`adam-repro status ${experiment.name}${folder}\` says why, and the same command goes on with them.`,
        )
      : undefined;
  return { records, error };
}

function stageLine(stage: string, all: number, due: number, jobs: number): string {
  if (due === 0) return `${stage}: ${count(all, 'run')}, all done before`;
  const done = all > due ? `, ${all - due} done before` : '';
  return `${stage}: ${count(all, 'run')}${done}${jobs > 1 ? `, ${jobs} at a time` : ''}`;
}
