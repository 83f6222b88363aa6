import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { mayGoOn, type ParentMessage, type RunJob, type RunResult, type WorkerMessage } from './job.ts';

export type OnMessage = (message: Exclude<WorkerMessage, { type: 'result' }>) => void;

/** How long a worker that was asked to stop may take, which covers any step of the shipped models many times over. */
const GRACE_MS = 10_000;
const LAST_WORDS_BYTES = 4000;
const LAST_WORDS_LINES = 4;

/** A worker process as its parent sees it: it does one run at a time, and several one after another. */
export class Worker {
  /** Which jobs it can do, see `sharedProcess`. */
  readonly kind: string;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  readonly #child: ChildProcess;
  #job: { onMessage: OnMessage; result: RunResult | undefined; end: (result: RunResult) => void } | undefined;
  /** Whether it takes no job any more. */
  #leaving = false;
  #stopped = false;
  #grace: NodeJS.Timeout | undefined;
  #words = '';

  constructor(kind: string) {
    this.kind = kind;
    // worker.js beside this file; the parent's own Node.js options (a debugger's port, for one) stay with the parent.
    this.#child = fork(fileURLToPath(new URL('./worker.js', import.meta.url)), {
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const listen = (chunk: Buffer) => {
      this.#words = (this.#words + chunk.toString()).slice(-LAST_WORDS_BYTES);
    };
    this.#child.stdout?.on('data', listen);
    this.#child.stderr?.on('data', listen);
    this.#child.on('message', (message: WorkerMessage) => this.#hear(message));
    this.gone = new Promise((gone) => {
      this.#child.on('error', (error) => {
        if (this.#child.pid !== undefined) return;
        this.#close({ status: 'failed', reason: `no process: ${error.message}` });
        gone();
      });
      this.#child.on('close', (code, signal) => {
        const stopped = this.#stopped || isStop(signal);
        this.#close(stopped ? { status: 'interrupted' } : died(code, signal, this.#words));
        gone();
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether it waits for a job. */
  get idle(): boolean {
    return this.#job === undefined && !this.#leaving;
  }

  /**
   * Does a run; `onMessage` hears what is reported before its result. Never rejects: a worker that dies without a result
   * has failed, or was interrupted. Where the process cannot go on, its end is waited for first.
   */
  do(job: RunJob, onMessage: OnMessage): Promise<RunResult> {
    return new Promise((end) => {
      this.#job = { onMessage, result: undefined, end };
      this.#words = '';
      this.#send({ type: 'start', job });
    });
  }

  /** Ends an idle one. */
  dismiss(): void {
    this.#leaving = true;
    this.#send({ type: 'end' });
  }

  /** Asks for a checkpoint and the end. */
  stop(): void {
    if (this.idle) this.dismiss();
    this.#leaving = this.#stopped = true;
    this.#send({ type: 'stop' });
    this.#grace ??= setTimeout(() => this.#child.kill('SIGKILL'), GRACE_MS);
  }

  /** Ends it at once; what it did since its last checkpoint is done again later. */
  kill(): void {
    this.#leaving = this.#stopped = true;
    this.#child.kill('SIGKILL');
  }

  #hear(message: WorkerMessage): void {
    if (message.type !== 'result') {
      this.#job?.onMessage(message);
      return;
    }
    if (this.#job === undefined) return;
    this.#job.result = message.result;
    if (this.#leaving || !mayGoOn(message.result)) this.#leaving = true;
    else this.#end(message.result);
  }

  #end(result: RunResult): void {
    const job = this.#job;
    this.#job = undefined;
    job?.end(result);
  }

  #close(otherwise: RunResult): void {
    this.#leaving = true;
    clearTimeout(this.#grace);
    this.#end(this.#job?.result ?? otherwise);
  }

  /** A worker that has just died hears nothing; its end is noticed elsewhere. */
  #send(message: ParentMessage): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }
}

const isStop = (signal: NodeJS.Signals | null) =>
  signal === 'SIGINT' || signal === 'SIGTERM' || signal === 'SIGHUP';

function died(code: number | null, signal: NodeJS.Signals | null, words: string): RunResult {
  const lines = words.split('\n').filter((line) => line.trim() !== '');
  const last = lines.length === 0 ? '' : `; last words: ${lines.slice(-LAST_WORDS_LINES).join(' | ')}`;
  return { status: 'failed', reason: `${causeOfDeath(code, signal, words)}${last}`, died: true };
}

function causeOfDeath(code: number | null, signal: NodeJS.Signals | null, words: string): string {
  if (words.includes('heap out of memory')) return 'the worker process ran out of memory';
  if (signal === 'SIGKILL') return 'the worker process was killed (signal 9, likely memory)';
  if (signal !== null) return `the worker process was killed (${signal})`;
  return `the worker process ended with exit code ${code}`;
}
