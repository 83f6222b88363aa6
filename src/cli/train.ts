import { resolve } from 'node:path';
import { isFinished } from '../results/run-info.ts';
import type { RunEvent } from '../runner/events.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import { type ResolvedRun, unitOf } from '../spec/run.ts';
import { acquireData } from './acquire-data.ts';
import type { Context } from './context.ts';
import { distinguishingSettings } from './distinguishing-settings.ts';
import { cutsSentence } from './experiment.ts';
import { count } from './format.ts';
import { showProgress } from './progress.ts';
import { type BoardRun, RunBoard } from './run-board.ts';
import { jobLimits, type RunOptions } from './run-options.ts';
import { report } from './run-report.ts';
import { withStopSignals } from './signals.ts';
import { stopOptions } from './stop-options.ts';

/** Does the runs of the experiments that are due, shows the progress, and reports. */
export async function train(
  experiments: readonly ResolvedExperiment[],
  options: RunOptions,
  context: Context,
): Promise<void> {
  const { output, environment } = context;
  const { output: resultsFolder, fresh = false, offline = false } = options;
  const [{ executeExperiments, planRuns }, { minibatchCostOf }, { dataFolder }] = await Promise.all([
    import('../runner/index.ts'),
    import('./summaries.ts'),
    import('../datasets/data-folder.ts'),
  ]);
  const plans = experiments.map((experiment) => planRuns(experiment, { resultsFolder, fresh }));
  const isDue = (run: BoardRun): boolean => !isFinished(run);
  const due = experiments.flatMap(({ runs }, i) => runs.filter((_, k) => isDue(plans[i]![k]!)));
  const limits = await jobLimits(options, due);
  for (const [i, experiment] of experiments.entries()) {
    const open = plans[i]!.filter(isDue).length;
    output.note(headline(experiment, plans[i]!.length, open, experiments.length > 1 ? 1 : limits.jobs));
    const cuts = cutsSentence(experiment);
    if (cuts !== undefined) output.note(cuts);
  }
  if (experiments.length > 1) {
    output.note(`In all ${count(due.length, 'run')} to do, ${limits.jobs} at a time`);
  }

  const { states, stopped } = await withStopSignals(output, stopOptions(options, context), async (signal) => {
    const folder = dataFolder(environment);
    output.detail(`results folder ${resolve(resultsFolder)}, data folder ${folder}`);
    for (const run of plans.flat().filter(isDue)) {
      output.detail(`due: ${run.id} ${run.optimizer} seed ${run.seed} (${run.status})`);
    }
    if (due.length > 0) {
      const { loadEngine } = await import('../engines/index.ts');
      for (const engine of new Set(due.map((run) => run.engine))) await loadEngine(engine);
      await acquireData(due, { folder, options, context, signal });
    }
    const board = new RunBoard(
      await boardRuns(experiments, plans),
      limits.jobs,
      minibatchCostOf(experiments, resultsFolder),
      experiments.flatMap(({ runs }) => distinguishingSettings(runs)),
    );
    const progress = showProgress(output, board);
    const noteTime = await timeKeeper(due);
    try {
      const states = await executeExperiments(experiments, {
        ...{ resultsFolder, dataFolder: folder, ...limits, fresh, offline, signal },
        onEvent: (event) => {
          progress.apply(event);
          noteTime(event);
        },
      });
      return { states, stopped: signal.aborted ? (signal.reason as Error) : undefined };
    } finally {
      progress.stop();
    }
  });
  await report(experiments, states, stopped, options, context);
}

/** Keeps how long the steps of each finished run took, for later estimates. */
async function timeKeeper(due: readonly ResolvedRun[]): Promise<(event: RunEvent) => void> {
  const [{ evaluations, StepTimes, stepKey, stepsOf }, { runId }] = await Promise.all([
    import('../runner/index.ts'),
    import('../spec/hash.ts'),
  ]);
  const times = new StepTimes();
  const keys = new Map<string, { run: ResolvedRun; key: string }>();
  for (const run of due) keys.set(runId(run), { run, key: await stepKey(run) });
  return (event) => {
    // What another process works on may be done by another machine.
    if (event.type === 'waiting') keys.delete(event.id);
    if (event.type !== 'finished' || event.status !== 'complete' || event.wall === undefined) return;
    const known = keys.get(event.id);
    if (known === undefined) return;
    const steps = stepsOf(known.run);
    const examples = evaluations(known.run) * (known.run.data.trainExamples + known.run.data.testExamples);
    const { train, evaluate } = event.wall;
    times.write(known.key, { step: train / steps, example: examples === 0 ? 0 : evaluate / examples, steps });
  };
}

/** The runs with what the board needs to tell them apart and to estimate what is left. */
async function boardRuns(
  experiments: readonly ResolvedExperiment[],
  plans: readonly (readonly BoardRun[])[],
): Promise<BoardRun[]> {
  const { costsOf } = await import('../runner/index.ts');
  const several = experiments.length > 1;
  const rows: BoardRun[] = [];
  for (const [i, { name, runs, files }] of experiments.entries()) {
    const costed = runs.map((run, k) => ({ id: plans[i]![k]!.id, run, modelFile: files.model }));
    const costs = await costsOf(costed);
    for (const [k, state] of plans[i]!.entries()) {
      const { work } = costs.get(state.id)!;
      rows.push({ ...state, ...(several ? { experiment: name } : {}), work, unit: unitOf(runs[k]!) });
    }
  }
  return rows;
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
