import { resolve } from 'node:path';
import { localSystem, type RunRecord, readRun, runsFolder, type System } from '../results/index.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import type { ResolvedRun } from '../spec/run.ts';
import type { RunState } from './events.ts';
import { shorterRunsIn } from './shorter-runs.ts';

/** The part of an experiment that the runner needs. */
export type Experiment = Pick<ResolvedExperiment, 'name' | 'profile' | 'runs' | 'files'>;

export interface PlanOptions {
  readonly resultsFolder: string;
  /** What is finished or begun is to be done again. */
  readonly fresh?: boolean;
}

/** State of every run of the experiment, in its order; reads only and changes nothing. */
export function planRuns(experiment: Experiment, { resultsFolder, fresh = false }: PlanOptions): RunState[] {
  return readRecords(localSystem(), experiment, resultsFolder).map(({ state }) =>
    fresh && state.status !== 'running' ? asPending(state) : state,
  );
}

/** The same, where a run that was not begun counts the epochs of the finished shorter one that it will go on from. */
export function planFromShorter(experiment: Experiment, options: PlanOptions): RunState[] {
  const plan = planRuns(experiment, options);
  if (options.fresh) return plan;
  const folder = runsFolder(resolve(options.resultsFolder), experiment.name, experiment.profile);
  const ids = plan.map(({ id }) => id);
  const shorter = shorterRunsIn(localSystem().files, folder, ids);
  return plan.map((state, i) =>
    state.status === 'pending' && state.epochsDone === 0
      ? { ...state, epochsDone: shorter(experiment.runs[i]!)[0]?.epochs ?? 0 }
      : state,
  );
}

function asPending({ id, optimizer, seed, epochs }: RunState): RunState {
  return { id, optimizer, seed, epochs, status: 'pending', epochsDone: 0 };
}

/** How many steps a run takes from beginning to end. */
export function stepsOf({
  epochs,
  data,
  batchSize,
}: Pick<ResolvedRun, 'epochs' | 'data' | 'batchSize'>): number {
  return epochs * Math.ceil(data.trainExamples / batchSize);
}

export function readRecords(system: System, experiment: Experiment, resultsFolder: string): RunRecord[] {
  const runs = runsFolder(resolve(resultsFolder), experiment.name, experiment.profile);
  return experiment.runs.map((run) => readRun(system, runs, run));
}
