import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import {
  checkWritable,
  localSystem,
  profileFolder,
  type RunRecord,
  recordFailure,
  runsFolder,
  type System,
} from '../results/index.ts';
import { runId } from '../spec/hash.ts';
import type { RunEvent, RunState } from './events.ts';
import { ExperimentRecords, isFinished } from './experiment-records.ts';
import type { RunJob, RunResult } from './job.ts';
import type { Experiment } from './plan-runs.ts';
import { prepareRuns } from './prepare-runs.ts';
import { startWorker, type Worker } from './worker-process.ts';

export interface ExecuteOptions {
  readonly resultsFolder: string;
  readonly dataFolder: string;
  /** Worker processes at once; as many as there are cores, and never more than runs are due. */
  readonly jobs?: number | undefined;
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

/** How often runs that other processes own are looked at. */
const POLL_MS = 200;

/**
 * Does the runs that are not finished, each in a worker process, and writes curves.csv and runs.csv. Runs that another
 * process works on are waited for, and taken over where it dies. Runs that fail or diverge do not stop the others.
 *
 * Returns the state of every run, in the experiment's order. Throws `FileError` where nothing can be written in the
 * results folder, before anything is started; what makes a run fail later is that run's reason.
 */
export async function executeRuns(experiment: Experiment, options: ExecuteOptions): Promise<RunState[]> {
  return new Execution(experiment, options).done();
}

class Execution {
  readonly #system: System = localSystem();
  readonly #experiment: Experiment;
  readonly #options: ExecuteOptions;
  readonly #resultsFolder: string;
  readonly #runs: string;
  /** Ids of the runs that can be started. */
  #due: string[] = [];
  readonly #records: ExperimentRecords;
  readonly #working = new Map<string, Worker>();
  /** Ids of the runs that others work on. */
  readonly #waiting = new Set<string>();
  /** Thrown while a worker's end was dealt with. */
  #error: unknown;
  #wake: () => void = () => {};

  constructor(experiment: Experiment, options: ExecuteOptions) {
    this.#experiment = experiment;
    this.#options = options;
    this.#resultsFolder = resolve(options.resultsFolder);
    this.#runs = runsFolder(this.#resultsFolder, experiment.name, experiment.profile);
    this.#records = new ExperimentRecords(this.#system, experiment, this.#resultsFolder);
  }

  async done(): Promise<RunState[]> {
    const ids = [...new Set(this.#experiment.runs.map(runId))];
    const { fresh = false, signal } = this.#options;
    this.#prepare(ids, fresh);
    this.#due = ids.filter((id) => !isFinished(this.#records.read(id)));
    if (this.#due.length > 0) checkWritable(this.#system, this.#runs);

    const kill = () => {
      for (const worker of this.#working.values()) worker.kill();
    };
    const stop = () => {
      for (const worker of this.#working.values()) worker.stop();
      this.#wake();
    };
    process.on('exit', kill);
    signal?.addEventListener('abort', stop);
    try {
      await this.#work();
    } finally {
      stop();
      process.removeListener('exit', kill);
      signal?.removeEventListener('abort', stop);
    }
    this.#prepare(ids, false);
    return this.#records.close();
  }

  #prepare(ids: readonly string[], fresh: boolean): void {
    const { name, profile } = this.#experiment;
    prepareRuns(this.#system, {
      profileFolder: profileFolder(this.#resultsFolder, name, profile),
      runsFolder: this.#runs,
      ids,
      fresh,
      onEvent: this.#options.onEvent,
    });
  }

  async #work(): Promise<void> {
    const { jobs = availableParallelism(), signal } = this.#options;
    for (;;) {
      if (this.#error !== undefined) throw this.#error;
      this.#lookAtWaiting();
      while (!signal?.aborted && this.#working.size < Math.max(1, jobs)) {
        const id = this.#due.shift();
        if (id === undefined) break;
        this.#start(id);
      }
      const waiting = this.#waiting.size > 0 && !signal?.aborted;
      if (this.#working.size === 0 && !waiting && (this.#due.length === 0 || signal?.aborted)) return;
      await this.#change(waiting || this.#due.length > 0 ? POLL_MS : undefined);
    }
  }

  /** Resolves when a worker has ended, at an abort, or after the given time. */
  #change(milliseconds: number | undefined): Promise<void> {
    return new Promise((wake) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(wake, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        wake();
      };
    });
  }

  #start(id: string): void {
    const record = this.#records.read(id);
    if (isFinished(record)) {
      this.#finish(id, record);
      return;
    }
    if (record.state.status === 'running') {
      this.#wait(id);
      return;
    }
    const worker = startWorker(this.#job(id, record), (message) => this.#options.onEvent({ ...message, id }));
    this.#working.set(id, worker);
    void worker.result.then((result) => {
      this.#working.delete(id);
      try {
        this.#settle(id, result, worker.pid);
      } catch (error) {
        this.#error ??= error;
      }
      this.#wake();
    });
  }

  #settle(id: string, result: RunResult, pid: number | undefined): void {
    switch (result.status) {
      case 'busy':
        this.#wait(id);
        break;
      case 'published':
        this.#finish(id, this.#records.read(id));
        break;
      case 'replaced':
        this.#due.push(id);
        break;
      case 'failed':
        this.#records.noteFailure(id, result.reason);
        if (pid !== undefined) recordFailure(this.#system, this.#runs, id, pid, result.reason);
        this.#report({ type: 'finished', id, ...result });
        break;
      default:
        this.#report({ type: 'finished', id, ...result });
    }
  }

  #wait(id: string): void {
    if (this.#waiting.has(id)) return;
    this.#waiting.add(id);
    this.#options.onEvent({ type: 'waiting', id });
  }

  #lookAtWaiting(): void {
    for (const id of this.#waiting) {
      const record = this.#records.read(id);
      if (record.state.status === 'running') continue;
      this.#waiting.delete(id);
      if (isFinished(record)) this.#finish(id, record);
      else this.#due.push(id);
    }
  }

  /** Another process has finished the run. */
  #finish(id: string, { state, wall }: RunRecord): void {
    if (state.status !== 'complete' && state.status !== 'diverged') {
      this.#prepare([id], false); // damaged or set aside since
      this.#due.push(id);
      return;
    }
    this.#report({ type: 'finished', id, status: state.status, ...(wall ? { wall } : {}) });
  }

  #report(event: Extract<RunEvent, { type: 'finished' }>): void {
    this.#records.writeTables();
    this.#options.onEvent(event);
  }

  #job(id: string, { run }: RunRecord): RunJob {
    const { model, rules } = this.#experiment.files;
    const ruleFile = rules[run.optimizer];
    const { trialModule } = this.#options;
    return {
      id,
      run,
      runs: this.#runs,
      dataFolder: resolve(this.#options.dataFolder),
      offline: this.#options.offline ?? false,
      ...(ruleFile !== undefined ? { ruleFile } : {}),
      ...(model !== undefined ? { modelFile: model } : {}),
      ...(trialModule !== undefined ? { trialModule } : {}),
    };
  }
}
