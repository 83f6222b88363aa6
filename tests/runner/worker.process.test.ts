import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { ParentMessage, RunJob, WorkerMessage } from '../../src/runner/job.ts';
import { runId } from '../../src/spec/hash.ts';
import { scratchFolder } from '../results/machine.ts';
import { slowRun } from './processes.ts';

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

it('a worker that has done its run and waits for another one ends when it is told to stop', async () => {
  const folder = scratchFolder();
  const runs = join(folder, 'runs');
  mkdirSync(runs);
  const run = slowRun('adam', { stepMs: 0 }, 1);
  const trialModule = here('./slow-trial.mjs');
  const job: RunJob = { id: runId(run), run, runs, dataFolder: folder, offline: true, trialModule };
  const env = { ...process.env, TRIAL_LOG: join(folder, 'log') };
  const child = fork(here('../../dist/runner/worker.js'), {
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const tell = (message: ParentMessage) => child.send(message);
  const results: unknown[] = [];
  child.on('message', (message: WorkerMessage) => {
    if (message.type !== 'result') return;
    results.push(message.result.status);
    tell({ type: 'stop' });
  });
  tell({ type: 'start', job });
  const [code] = await once(child, 'exit');
  expect({ code, results }).toEqual({ code: 0, results: ['complete'] });
});
