import type { EngineName } from '../engines/engine.ts';
import { Worker } from './worker-process.ts';

/** What a run asks of the pool. */
export interface RunNeeds {
  readonly engine: EngineName;
  /** See `sharedProcess`. */
  readonly kind: string;
  /** Memory, in bytes. */
  readonly bytes: number;
}

export interface PoolLimits {
  /** Processes at once. */
  readonly jobs: number;
  /** Runs of one engine at once, where that is less. */
  readonly jobsOf: Readonly<Partial<Record<EngineName, number>>>;
  /** Bytes for all runs at work together; one alone may take more. */
  readonly memory: number;
}

/** The worker processes: as many at once as the limits allow, each taken for one run at a time. */
export class Pool {
  readonly #limits: PoolLimits;
  readonly #onGone: () => void;
  /** Every process that is not gone yet. */
  readonly #workers = new Set<Worker>();
  readonly #busy = new Map<Worker, RunNeeds>();

  /** `onGone` is called when a process is gone, which may make place for another one. */
  constructor(limits: PoolLimits, onGone: () => void) {
    this.#limits = limits;
    this.#onGone = onGone;
  }

  /** Runs at work. */
  get working(): number {
    return this.#busy.size;
  }

  /** Whether the limits allow one more run like this now. */
  hasRoom(needs: RunNeeds): boolean {
    return fits(needs, [...this.#busy.values()], this.#limits);
  }

  /** A process for one run that there is room for; `undefined` until another process has made place for a new one. */
  take(needs: RunNeeds): Worker | undefined {
    const idle = this.#idle();
    let worker = needs.kind === '' ? undefined : idle.find(({ kind }) => kind === needs.kind);
    if (worker === undefined) {
      // They hold memory, and nothing that is due before this run can be done by them.
      for (const other of idle) other.dismiss();
      if (this.#workers.size >= this.#limits.jobs) return undefined;
      worker = this.#open(needs.kind);
    }
    this.#busy.set(worker, needs);
    return worker;
  }

  dismissIdle(): void {
    for (const worker of this.#idle()) worker.dismiss();
  }

  giveBack(worker: Worker): void {
    this.#busy.delete(worker);
    if (worker.kind === '' && worker.idle) worker.dismiss();
  }

  /** Asks all for a checkpoint and the end. */
  stop(): void {
    for (const worker of this.#workers) worker.stop();
  }

  kill(): void {
    for (const worker of this.#workers) worker.kill();
  }

  /** Resolves when every process is gone. */
  async empty(): Promise<void> {
    await Promise.all([...this.#workers].map(({ gone }) => gone));
  }

  #idle(): Worker[] {
    return [...this.#workers].filter((worker) => worker.idle && !this.#busy.has(worker));
  }

  #open(kind: string): Worker {
    const worker = new Worker(kind);
    this.#workers.add(worker);
    void worker.gone.then(() => {
      this.#workers.delete(worker);
      this.#onGone();
    });
    return worker;
  }
}

/** Whether one more run may be started beside those at work: one always may, so that memory is never waited for in vain. */
export function fits(needs: RunNeeds, working: readonly RunNeeds[], limits: PoolLimits): boolean {
  if (working.length === 0) return true;
  if (working.length >= limits.jobs) return false;
  const { engine } = needs;
  const alike = working.filter((other) => other.engine === engine).length;
  if (alike >= (limits.jobsOf[engine] ?? limits.jobs)) return false;
  return working.reduce((sum, { bytes }) => sum + bytes, needs.bytes) <= limits.memory;
}
