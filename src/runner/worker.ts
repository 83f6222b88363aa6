/** The program of a worker process: one run after another. Started by worker-process.ts, talks by messages. */
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { UserError } from '../errors.ts';
import { localSystem } from '../results/index.ts';
import { executeRun, reasonOf } from './execute-run.ts';
import {
  mayGoOn,
  type OpenJob,
  type ParentMessage,
  type RunJob,
  type RunResult,
  type WorkerMessage,
} from './job.ts';
import type { ParentWatch } from './parent-watch.ts';

/** After the parent's death: what a step takes, and the checkpoint. */
const LAST_CALL_MS = 1500;

let stopping = false;
/** Jobs whose result the parent does not have yet. */
let open = 0;

function main(): void {
  // A terminal sends Ctrl-C and its own end to every process in it; what to do then is the parent's decision.
  process.on('SIGINT', () => {});
  process.on('SIGHUP', () => {});
  process.on('SIGTERM', () => {
    stopping = true;
  });
  process.on('disconnect', () => {
    if (open === 0) process.exit();
    stopping = true;
    setTimeout(() => process.exit(1), LAST_CALL_MS).unref();
  });
  watchParent();
  process.on('message', (message: ParentMessage) => {
    if (message.type === 'end') process.exit();
    if (message.type === 'start') {
      void work(message.job);
      return;
    }
    stopping = true;
    // The parent may say so just after the result of a run, when nothing else would notice.
    if (open === 0) process.exit();
  });
}

function watchParent(): void {
  const workerData: ParentWatch = { parent: process.ppid, graceMs: LAST_CALL_MS };
  new Worker(new URL('./parent-watch.js', import.meta.url), {
    ...{ workerData, execArgv: [] },
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
  })
    // Without it, all but a step that never returns still ends in time.
    .on('error', () => {})
    .unref();
}

async function work(job: RunJob): Promise<void> {
  let result: RunResult;
  open++;
  try {
    result = await executeRun(localSystem(), job, await jobOpener(job), {
      shouldStop: () => stopping,
      report: tell,
    });
  } catch (error) {
    if (!(error instanceof UserError))
      process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    result = { status: 'failed', reason: reasonOf(error) };
  }
  tell({ type: 'result', result }, () => {
    open--;
    if (stopping || !mayGoOn(result) || !process.connected) process.exit();
  });
}

async function jobOpener({ trialModule }: RunJob): Promise<OpenJob> {
  if (trialModule === undefined) return (await import('./open-job.ts')).openJob;
  return (await import(pathToFileURL(trialModule).href)).openJob;
}

/** A parent that is gone needs no news. */
function tell(message: WorkerMessage, sent: () => void = () => {}): void {
  if (process.connected) process.send!(message, sent);
  else sent();
}

main();
