/**
 * The program of a thread beside a worker's main one: the process ends soon after its parent has, even in a step that
 * never returns, which hears of nothing.
 */
import { workerData } from 'node:worker_threads';

export interface ParentWatch {
  readonly parent: number;
  /** How long the process may live on, for its last checkpoint. */
  readonly graceMs: number;
}

const LOOK_MS = 250;

const { parent, graceMs } = workerData as ParentWatch;
const timer = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(timer);
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs);
}, LOOK_MS);
