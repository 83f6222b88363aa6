import { availableParallelism } from 'node:os';
import { type RunRecord, recordFailure, type System } from '../results/index.ts';
import { isFinished } from '../results/run-info.ts';
import type { RunEvent, RunState } from './events.ts';
import type { ExecuteOptions } from './execute-runs.ts';
import type { ExperimentWork } from './experiment-work.ts';
import { type RunJob, type RunResult, sharedProcess } from './job.ts';
import { longestFirst } from './order.ts';
import { Pool, type RunNeeds } from './pool.ts';
import { costsOf } from './run-cost.ts';
import type { Worker } from './worker-process.ts';

/** How often runs that other processes own are looked at. */
const POLL_MS = 200;

/** How often a run whose process died is given to another one by the same command. */
const RETRIES = 2;

/** The work on some experiments from beginning to end. */
export class Execution {
  readonly #system: System;
  /** By run. */
  readonly #workOf: ReadonlyMap<string, ExperimentWork>;
  readonly #works: readonly ExperimentWork[];
  readonly #options: ExecuteOptions;
  readonly #pool: Pool;
  /** Of the runs that were due at the start. */
  #needs: ReadonlyMap<string, RunNeeds> = new Map();
  /** Ids of the runs that can be started. */
  #due: string[] = [];
  /** Ids of the runs that others work on. */
  readonly #waiting = new Set<string>();
  /** How many processes have died of each run. */
  readonly #deaths = new Map<string, number>();
  /** Thrown while a worker's end was dealt with. */
  #error: unknown;
  #wake: () => void = () => {};

  constructor(system: System, works: readonly ExperimentWork[], options: ExecuteOptions) {
    this.#system = system;
    this.#works = works;
    this.#options = options;
    this.#workOf = new Map(works.flatMap((work) => work.ids.map((id) => [id, work] as const)));
    const jobs = Math.max(1, options.jobs ?? availableParallelism());
    const limits = { jobs, jobsOf: options.jobsOf ?? {}, memory: process.availableMemory() };
    this.#pool = new Pool(limits, () => this.#wake());
  }

  async done(): Promise<RunState[][]> {
    const { fresh = false, signal } = this.#options;
    for (const work of this.#works) work.prepare(work.ids, { fresh, checkpoints: true });
    const due = this.#works.flatMap((work) => work.due());
    const jobs = due.map((id) => this.#jobOf(id));
    const costs = await costsOf(jobs);
    this.#needs = new Map(
      jobs.map((job) => {
        const { bytes } = costs.get(job.id)!;
        return [job.id, { engine: job.run.engine, kind: sharedProcess(job), bytes }];
      }),
    );
    this.#due = longestFirst(due, (id) => {
      const { epochs, epochsDone } = this.#read(id).state;
      return costs.get(id)!.work * (1 - epochsDone / epochs);
    });

    const kill = () => this.#pool.kill();
    const stop = () => {
      this.#pool.stop();
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
    await this.#pool.empty();
    return this.#works.map((work) => {
      work.prepare(work.ids, { fresh: false, checkpoints: false });
      return work.records.close();
    });
  }

  async #work(): Promise<void> {
    const { signal } = this.#options;
    for (;;) {
      if (this.#error !== undefined) throw this.#error;
      this.#lookAtWaiting();
      while (!signal?.aborted && this.#startNext()) {
        // As many as there is room for.
      }
      if (this.#due.length === 0) this.#pool.dismissIdle();
      const waiting = this.#waiting.size > 0 && !signal?.aborted;
      if (this.#pool.working === 0 && !waiting && (this.#due.length === 0 || signal?.aborted)) return;
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

  /** Takes the first due run that there is room for; whether there was one. */
  #startNext(): boolean {
    for (const [i, id] of this.#due.entries()) {
      const needs = this.#needs.get(id)!;
      if (!this.#pool.hasRoom(needs)) continue;
      const record = this.#read(id);
      const isFree = !isFinished(record.state) && record.state.status !== 'running';
      const worker = isFree ? this.#pool.take(needs) : undefined;
      if (isFree && worker === undefined) continue;
      this.#due.splice(i, 1);
      if (worker !== undefined) this.#start(id, worker);
      else if (isFinished(record.state)) this.#finish(id, record);
      else this.#wait(id);
      return true;
    }
    return false;
  }

  #start(id: string, worker: Worker): void {
    const { onEvent } = this.#options;
    void worker
      .do(this.#jobOf(id), (message) => onEvent({ ...message, id }))
      .then((result) => {
        this.#pool.giveBack(worker);
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
        this.#finish(id, this.#read(id));
        break;
      case 'replaced':
        this.#due.push(id);
        break;
      case 'failed':
        if (result.died) this.#bury(id, result.reason, pid);
        else this.#fail(id, result.reason, pid);
        break;
      default:
        this.#report({ type: 'finished', id, ...result });
    }
  }

  /** A process died at the run without a word: memory may be there again, and the run's checkpoint is. */
  #bury(id: string, reason: string, pid: number | undefined): void {
    const { onEvent, signal } = this.#options;
    const deaths = (this.#deaths.get(id) ?? 0) + 1;
    this.#deaths.set(id, deaths);
    if (deaths > RETRIES) this.#fail(id, `tried ${deaths} times, the last time ${reason}`, pid);
    else if (signal?.aborted) this.#report({ type: 'finished', id, status: 'interrupted' });
    else {
      onEvent({ type: 'retried', id, reason, retry: deaths, of: RETRIES });
      this.#due.unshift(id);
    }
  }

  #fail(id: string, reason: string, pid: number | undefined): void {
    const { records, runs } = this.#workOf.get(id)!;
    records.noteFailure(id, reason);
    if (pid !== undefined) recordFailure(this.#system, runs, id, pid, reason);
    this.#report({ type: 'finished', id, status: 'failed', reason });
  }

  #wait(id: string): void {
    if (this.#waiting.has(id)) return;
    this.#waiting.add(id);
    this.#options.onEvent({ type: 'waiting', id });
  }

  #lookAtWaiting(): void {
    for (const id of this.#waiting) {
      const record = this.#read(id);
      if (record.state.status === 'running') continue;
      this.#waiting.delete(id);
      if (isFinished(record.state)) this.#finish(id, record);
      else this.#due.push(id);
    }
  }

  /** Another process has finished the run. */
  #finish(id: string, { state, wall }: RunRecord): void {
    if (!isFinished(state)) {
      this.#workOf.get(id)!.prepare([id], { fresh: false, checkpoints: false }); // damaged or set aside since
      this.#due.push(id);
      return;
    }
    this.#report({ type: 'finished', id, status: state.status, ...(wall ? { wall } : {}) });
  }

  #report(event: Extract<RunEvent, { type: 'finished' }>): void {
    this.#workOf.get(event.id)!.records.writeTables();
    this.#options.onEvent(event);
  }

  #read(id: string): RunRecord {
    return this.#workOf.get(id)!.records.read(id);
  }

  #jobOf(id: string): RunJob {
    return this.#workOf.get(id)!.job(id);
  }
}
