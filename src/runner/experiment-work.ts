import { resolve } from 'node:path';
import { checkWritable, profileFolder, runsFolder, type System } from '../results/index.ts';
import { isFinished } from '../results/run-info.ts';
import { runId } from '../spec/hash.ts';
import type { ResolvedRun } from '../spec/run.ts';
import type { ExecuteOptions } from './execute-runs.ts';
import { ExperimentRecords } from './experiment-records.ts';
import type { RunJob } from './job.ts';
import type { Experiment } from './plan-runs.ts';
import { type PrepareOptions, prepareRuns } from './prepare-runs.ts';
import { type ShorterRuns, shorterRunsIn } from './shorter-runs.ts';

/** One experiment of those that are worked on: its place, its records, and the jobs made from it. */
export class ExperimentWork {
  readonly experiment: Experiment;
  readonly records: ExperimentRecords;
  /** The folder that holds the runs' folders. */
  readonly runs: string;
  readonly ids: readonly string[];
  readonly #jobs: ReadonlyMap<string, RunJob>;
  #shorter: ShorterRuns = () => [];
  readonly #system: System;
  readonly #options: ExecuteOptions;

  constructor(system: System, experiment: Experiment, options: ExecuteOptions) {
    this.experiment = experiment;
    this.#system = system;
    this.#options = options;
    const resultsFolder = resolve(options.resultsFolder);
    this.runs = runsFolder(resultsFolder, experiment.name, experiment.profile);
    this.records = new ExperimentRecords(system, experiment, resultsFolder);
    this.#jobs = new Map(experiment.runs.map((run) => [runId(run), this.#jobOf(run)]));
    this.ids = [...this.#jobs.keys()];
  }

  /** Ids of the runs that are not finished; makes the folder for them. Throws `FileError` where it cannot be written. */
  due(): string[] {
    const due = this.ids.filter((id) => !isFinished(this.records.read(id).state));
    if (due.length === 0) return due;
    checkWritable(this.#system, this.runs);
    if (!this.#options.fresh) this.#shorter = shorterRunsIn(this.#system.files, this.runs, this.ids);
    return due;
  }

  /** What a worker needs to know; of one that is due. */
  job(id: string): RunJob {
    const job = this.#jobs.get(id)!;
    const shorter = this.#shorter(job.run).map(({ id }) => id);
    return shorter.length > 0 ? { ...job, shorter } : job;
  }

  /** See `prepareRuns`. */
  prepare(ids: readonly string[], how: Pick<PrepareOptions, 'fresh' | 'checkpoints'>): void {
    const { name, profile } = this.experiment;
    prepareRuns(this.#system, {
      profileFolder: profileFolder(resolve(this.#options.resultsFolder), name, profile),
      runsFolder: this.runs,
      ids,
      ...how,
      onEvent: this.#options.onEvent,
    });
  }

  #jobOf(run: ResolvedRun): RunJob {
    const { model, rules } = this.experiment.files;
    const ruleFile = rules[run.optimizer];
    const { trialModule, dataFolder, offline = false } = this.#options;
    return {
      ...{ id: runId(run), run, runs: this.runs, dataFolder: resolve(dataFolder), offline },
      ...(ruleFile !== undefined ? { ruleFile } : {}),
      ...(model !== undefined ? { modelFile: model } : {}),
      ...(trialModule !== undefined ? { trialModule } : {}),
    };
  }
}
