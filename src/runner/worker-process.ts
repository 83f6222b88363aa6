import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ParentMessage, RunJob, RunResult, WorkerMessage } from './job.ts';

/** A worker process as its parent sees it. */
export interface Worker {
  readonly pid: number | undefined;
  /** Never rejects: a worker that dies without a result has failed, or was interrupted. */
  readonly result: Promise<RunResult>;
  /** Asks for a checkpoint and the end. */
  stop(): void;
  /** Ends it at once; what it did since its last checkpoint is done again later. */
  kill(): void;
}

/** How long a worker that was asked to stop may take, which covers any step of the shipped models many times over. */
const GRACE_MS = 10_000;
const LAST_WORDS_BYTES = 4000;
const LAST_WORDS_LINES = 4;

/** Starts the process that does one run; `onMessage` hears what it reports before its result. */
export function startWorker(
  job: RunJob,
  onMessage: (message: Exclude<WorkerMessage, { type: 'result' }>) => void,
): Worker {
  // worker.js beside this file; the parent's own Node.js options (a debugger's port, for one) stay with the parent.
  const child = fork(fileURLToPath(new URL('./worker.js', import.meta.url)), {
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let words = '';
  const listen = (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-LAST_WORDS_BYTES);
  };
  child.stdout?.on('data', listen);
  child.stderr?.on('data', listen);

  let stopped = false;
  let grace: NodeJS.Timeout | undefined;
  const result = new Promise<RunResult>((resolve) => {
    let told: RunResult | undefined;
    child.on('message', (message: WorkerMessage) => {
      if (message.type === 'result') told = message.result;
      else onMessage(message);
    });
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ status: 'failed', reason: `no process: ${error.message}` });
    });
    child.on('close', (code, signal) => {
      clearTimeout(grace);
      resolve(told ?? (stopped || isStop(signal) ? { status: 'interrupted' } : died(code, signal, words)));
    });
  });
  send(child, { type: 'start', job });
  return {
    pid: child.pid,
    result,
    stop() {
      stopped = true;
      send(child, { type: 'stop' });
      grace ??= setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    },
    kill() {
      stopped = true;
      child.kill('SIGKILL');
    },
  };
}

/** A worker that has just died hears nothing; its end is noticed elsewhere. */
function send(child: ChildProcess, message: ParentMessage): void {
  if (child.connected) child.send(message, () => {});
}

const isStop = (signal: NodeJS.Signals | null) =>
  signal === 'SIGINT' || signal === 'SIGTERM' || signal === 'SIGHUP';

function died(code: number | null, signal: NodeJS.Signals | null, words: string): RunResult {
  const lines = words.split('\n').filter((line) => line.trim() !== '');
  const last = lines.length === 0 ? '' : `; last words: ${lines.slice(-LAST_WORDS_LINES).join(' | ')}`;
  return { status: 'failed', reason: `${causeOfDeath(code, signal, words)}${last}` };
}

function causeOfDeath(code: number | null, signal: NodeJS.Signals | null, words: string): string {
  if (words.includes('heap out of memory')) return 'the worker process ran out of memory';
  if (signal === 'SIGKILL') return 'the worker process was killed (signal 9, possibly out of memory)';
  if (signal !== null) return `the worker process was killed (${signal})`;
  return `the worker process ended with exit code ${code}`;
}
