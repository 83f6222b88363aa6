import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RunEvent, RunState } from '../../src/runner/events.ts';
import { runId } from '../../src/spec/hash.ts';
import type { HyperParameter, ResolvedRun } from '../../src/spec/run.ts';
import { sampleRun } from '../results/sample-run.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

if (!existsSync(here('../../dist/runner/worker.js'))) {
  throw new Error('dist/ is missing: run "npm run build" first, these tests start the built program.');
}

type Line =
  | RunEvent
  | { readonly type: 'stopping' }
  | { readonly type: 'states'; readonly states: RunState[] };

/** A program that does an experiment in its own process group. */
export class Program {
  readonly lines: Line[] = [];
  readonly ended: Promise<{ code: number | null; states: RunState[] }>;
  readonly #child: ChildProcess;
  errors = '';

  /** `pauseAt`: the step after which its trials do nothing any more. */
  constructor(
    folder: string,
    runs: readonly ResolvedRun[],
    { pauseAt = 0, ...options }: { pauseAt?: number; [option: string]: unknown } = {},
  ) {
    const experiment = { name: 'sample', profile: 'smoke', files: { rules: {} }, runs };
    const settings = {
      ...{ experiment, resultsFolder: join(folder, 'results'), dataFolder: join(folder, 'data') },
      ...{ trialModule: here('slow-trial.mjs'), jobs: 2, ...options },
    };
    this.#child = spawn(process.execPath, [here('start-experiment.mjs'), JSON.stringify(settings)], {
      detached: true,
      env: { ...process.env, TRIAL_LOG: join(folder, 'log'), TRIAL_PAUSE: String(pauseAt) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let rest = '';
    this.#child.stdout!.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      this.lines.push(...lines.map((line) => JSON.parse(line) as Line));
    });
    this.#child.stderr!.on('data', (chunk) => {
      this.errors += chunk;
    });
    this.ended = new Promise((resolve) => {
      this.#child.on('close', (code) => {
        const last = this.lines.find((line) => line.type === 'states');
        resolve({ code, states: last?.type === 'states' ? last.states : [] });
      });
    });
  }

  /** To this process only. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** To its workers as well, like a terminal. */
  signalGroup(signal: NodeJS.Signals): void {
    process.kill(-this.#child.pid!, signal);
  }
}

/** A run of the slow trial; see there for the hyper-parameters. */
export function slowRun(
  optimizer: string,
  hyper: Record<string, HyperParameter> = {},
  epochs = 4,
): ResolvedRun {
  const run = sampleRun({ optimizer, epochs });
  return { ...run, optimizerSettings: { ...run.optimizerSettings, hyper } };
}

export interface Note {
  readonly what: 'open' | 'step';
  readonly id: string;
  readonly pid: number;
  readonly step: number;
}

/** What the trials in a folder have noted so far. */
export function notesIn(folder: string): Note[] {
  const path = join(folder, 'log');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [what, id, pid, step] = line.split(' ');
      return { what: what as Note['what'], id: id!, pid: Number(pid), step: Number(step) };
    });
}

/** The process that has done the given step of a run, as soon as one has. */
export async function stepDone(folder: string, run: ResolvedRun, step: number): Promise<number> {
  const id = runId(run);
  return until(() => notesIn(folder).find((note) => note.id === id && note.step >= step)?.pid);
}

/** Looks until there is something; a test that waits in vain ends at its own time limit. */
export async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    await setTimeout(5);
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && process.platform !== 'linux';
  }
}
