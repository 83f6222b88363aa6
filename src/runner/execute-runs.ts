import type { EngineName } from '../engines/engine.ts';
import { localSystem } from '../results/index.ts';
import type { RunEvent, RunState } from './events.ts';
import { Execution } from './execution.ts';
import { ExperimentWork } from './experiment-work.ts';
import type { Experiment } from './plan-runs.ts';

export interface ExecuteOptions {
  readonly resultsFolder: string;
  readonly dataFolder: string;
  /**
   * Worker processes at once; as many as there are cores, and never more than runs are due or than fit into the memory
   * that is free.
   */
  readonly jobs?: number | undefined;
  /** Runs of one engine at once, where that is less than `jobs`. */
  readonly jobsOf?: Readonly<Partial<Record<EngineName, number>>> | undefined;
  /** Do everything again; what is there is set aside. */
  readonly fresh?: boolean | undefined;
  /** Take data only from the data folder; else a worker fetches what is missing. */
  readonly offline?: boolean | undefined;
  readonly onEvent: (event: RunEvent) => void;
  /**
   * Ends the work: workers write a checkpoint and stop. When this process exits before they have, they are killed, which
   * costs what they did since their last checkpoint.
   */
  readonly signal?: AbortSignal | undefined;
  /** Absolute path of a module whose `openJob` takes the place of the real one, for tests. */
  readonly trialModule?: string | undefined;
}

/**
 * Does the runs that are not finished in worker processes, the longest first, and writes curves.csv and runs.csv. Runs
 * that another process works on are waited for, and taken over where it dies. Runs that fail or diverge do not stop the
 * others.
 *
 * Returns the state of every run, in the experiment's order. Throws `FileError` where nothing can be written in the
 * results folder, before anything is started; what makes a run fail later is that run's reason.
 */
export async function executeRuns(experiment: Experiment, options: ExecuteOptions): Promise<RunState[]> {
  return (await executeExperiments([experiment], options))[0]!;
}

/** The same for several experiments with different names: one pool of workers for all their runs. */
export async function executeExperiments(
  experiments: readonly Experiment[],
  options: ExecuteOptions,
): Promise<RunState[][]> {
  const system = localSystem();
  const works = experiments.map((experiment) => new ExperimentWork(system, experiment, options));
  return new Execution(system, works, options).done();
}
