import {
  finishedRuns,
  type RunRecord,
  readRun,
  runsFolder,
  type System,
  syncFolder,
  writeTables,
} from '../results/index.ts';
import { isFinished } from '../results/run-info.ts';
import { runId } from '../spec/hash.ts';
import type { ResolvedRun } from '../spec/run.ts';
import type { RunState } from './events.ts';
import type { Experiment } from './plan-runs.ts';

/** What is known of an experiment's runs while they are worked on, and the tables made from it. */
export class ExperimentRecords {
  readonly #system: System;
  readonly #experiment: Experiment;
  readonly #resultsFolder: string;
  readonly #runs: string;
  readonly #runOf: ReadonlyMap<string, ResolvedRun>;
  readonly #failures = new Map<string, string>();
  /** Finished runs do not change any more: read once. */
  readonly #finished = new Map<string, RunRecord>();
  #tableError: unknown;

  constructor(system: System, experiment: Experiment, resultsFolder: string) {
    this.#system = system;
    this.#experiment = experiment;
    this.#runOf = new Map(experiment.runs.map((run) => [runId(run), run]));
    this.#resultsFolder = resultsFolder;
    this.#runs = runsFolder(resultsFolder, experiment.name, experiment.profile);
  }

  /** One run as the disk has it now. */
  read(id: string): RunRecord {
    const known = this.#finished.get(id);
    if (known) return known;
    const record = readRun(this.#system, this.#runs, this.#runOf.get(id)!);
    if (isFinished(record.state)) this.#finished.set(id, record);
    return record;
  }

  noteFailure(id: string, reason: string): void {
    this.#failures.set(id, reason);
  }

  /**
   * A run that the experiment has twice stands there once. An error is kept for the end: the next run may free what this one
   * lacks.
   */
  writeTables(): void {
    const { name: experiment, profile } = this.#experiment;
    try {
      const place = { resultsFolder: this.#resultsFolder, experiment, profile };
      const records = [...this.#known(this.#runOf.values()), ...this.#others()];
      writeTables(this.#system, place, records, { anew: this.#tableError !== undefined });
      this.#tableError = undefined;
    } catch (error) {
      this.#tableError = error;
    }
  }

  /** Writes the tables for the last time and returns the state of every run; throws what kept the tables from being written. */
  close(): RunState[] {
    this.writeTables();
    // What failed after a run had got its name was to make that name safe.
    if ([...this.#failures.keys()].some((id) => isFinished(this.read(id).state))) {
      syncFolder(this.#system.files, this.#runs);
    }
    // Where a run failed as well, its reason says what is wrong with the disk.
    if (this.#tableError !== undefined && this.#failures.size === 0) throw this.#tableError;
    return this.#known(this.#experiment.runs).map(({ state }) => state);
  }

  /** Finished runs of the folder that the present command does not ask for: other settings, other seeds. */
  #others(): RunRecord[] {
    for (const record of finishedRuns(
      this.#system,
      this.#runs,
      (id) => this.#runOf.has(id) || this.#finished.has(id),
    )) {
      this.#finished.set(record.state.id, record);
    }
    return [...this.#finished.values()]
      .filter(({ state }) => !this.#runOf.has(state.id))
      .sort((a, b) => (a.state.id < b.state.id ? -1 : 1));
  }

  /** What the disk says, and of runs that failed here what is known of them even where the disk took no note. */
  #known(runs: Iterable<ResolvedRun>): RunRecord[] {
    return [...runs].map((run) => {
      const record = this.read(runId(run));
      const reason = this.#failures.get(record.state.id);
      if (reason === undefined || isFinished(record.state)) return record;
      return { ...record, state: { ...record.state, status: 'failed', reason } };
    });
  }
}
