import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect } from 'vitest';
import type { ResolvedRun } from '../../src/spec/run.ts';
import { bin, cleanEnvironment, writeTinySpec } from '../cli/built.ts';
import { contentsOf, scratchFolder } from '../results/machine.ts';
import { slowRun, until } from '../runner/processes.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** What goes wrong at which operation; see shim.c. */
export interface Fault {
  readonly action: string;
  readonly at: number;
  /** Every process, instead of the one whose operation it is. */
  readonly tree?: boolean;
}

export interface Options {
  readonly fault?: Fault | undefined;
  /** Name of the machine that the processes believe to be on. */
  readonly host?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Instead of the runs of `tinyRuns`. */
  readonly runs?: readonly ResolvedRun[];
  readonly jobs?: number;
  /** The command line program, instead of one that calls the runner with a trial of a few steps. */
  readonly cli?: boolean;
  readonly arguments?: readonly string[];
  /** A spec that is there, instead of one with two runs. */
  readonly spec?: string;
  /** Another program of Node.js, as its arguments. */
  readonly program?: readonly string[];
  /** What a shell does before it becomes the program; for a limit or a name space. */
  readonly prelude?: string;
  /** As whom, for one who is no superuser. */
  readonly uid?: number | undefined;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly errors: string;
}

/** Two runs of two epochs. */
export const tinyRuns = [slowRun('adam', { stepMs: 0 }, 2), slowRun('sgd', { stepMs: 0 }, 2)];

const made: string[] = [];
const living = new Set<ChildProcess>();
afterAll(() => {
  for (const { pid } of living) kill(pid!);
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

function kill(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // All of it is gone.
  }
}

let compiled: string | undefined;

/** The preloaded library, compiled at its first use; a machine that cannot do that cannot do these tests. */
function shim(): string {
  if (compiled !== undefined) return compiled;
  const folder = mkdtempSync(join(tmpdir(), 'adam-repro-shim-'));
  made.push(folder);
  const library = join(folder, 'shim.so');
  const compiler = process.env.CC ?? 'cc';
  const options = ['-shared', '-fPIC', '-O1', '-o', library, here('shim.c'), '-ldl'];
  const { error, status, stderr } = spawnSync(compiler, options, { encoding: 'utf8' });
  if (error || status !== 0) {
    throw new Error(`The fault tests need a C compiler, and ${compiler} failed: ${error?.message ?? stderr}`);
  }
  compiled = library;
  return library;
}

/** A program at work in a folder, in a process group of its own. */
export class Life {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #counter: string;
  readonly #log: string;
  output = '';
  errors = '';
  over = false;

  constructor(folder: string, options: Options = {}) {
    const { fault = { action: 'count', at: 0 }, host } = options;
    const side = mkdtempSync(join(tmpdir(), 'adam-repro-life-'));
    made.push(side);
    this.#counter = join(side, 'counter');
    this.#log = join(side, 'operations');
    const env = cleanEnvironment({
      LD_PRELOAD: shim(),
      FAULT_FOLDER: join(folder, 'results'),
      FAULT_COUNTER: this.#counter,
      FAULT_LOG: this.#log,
      FAULT_ACTION: fault.action,
      FAULT_AT: String(fault.at),
      ...(fault.tree ? { FAULT_KILL: 'tree' } : {}),
      ...(host === undefined ? {} : { FAULT_HOST: host }),
      TRIAL_LOG: join(folder, 'log'),
      ...options.env,
    });
    const own = options.cli ? cliCommand(folder, options) : runnerCommand(folder, options);
    const command = options.program ?? own;
    const shell = options.prelude === undefined ? [] : ['sh', '-c', `${options.prelude}\nexec "$@"`, 'sh'];
    const [program, ...rest] = [...shell, process.execPath, ...command];
    this.#child = spawn(program!, rest, {
      cwd: folder,
      detached: true,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.uid === undefined ? {} : { uid: options.uid }),
    });
    living.add(this.#child);
    this.#child.stdout!.on('data', (chunk) => {
      this.output += chunk;
    });
    this.#child.stderr!.on('data', (chunk) => {
      this.errors += chunk;
    });
    this.ended = new Promise((resolve) => {
      this.#child.on('close', (code, signal) => {
        living.delete(this.#child);
        this.over = true;
        resolve({ code, signal, output: this.output, errors: this.errors });
      });
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  signalGroup(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch {
      // Ended before.
    }
  }

  /** Whether the fault has come to pass. */
  get fired(): boolean {
    if ((statSync(this.#counter, { throwIfNoEntry: false })?.size ?? 0) < 24) return false;
    return readFileSync(this.#counter).readBigInt64LE(16) > 0;
  }

  /** The operations so far, each as its name and the path below the results folder. */
  operations(): string[] {
    if (statSync(this.#log, { throwIfNoEntry: false }) === undefined) return [];
    const lines = readFileSync(this.#log, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => line.replace(/^\d+ /, ''));
  }
}

function runnerCommand(folder: string, { runs = tinyRuns, jobs = 1 }: Options): string[] {
  const settings = {
    experiment: { name: 'sample', profile: 'smoke', files: { rules: {} }, runs },
    ...{ resultsFolder: join(folder, 'results'), dataFolder: join(folder, 'data') },
    ...{ trialModule: here('../runner/slow-trial.mjs'), jobs },
  };
  return [here('../runner/start-experiment.mjs'), JSON.stringify(settings)];
}

function cliCommand(folder: string, { jobs = 1, arguments: more = [], spec }: Options): string[] {
  if (spec === undefined && !existsSync(join(folder, 'tiny.yaml'))) writeTinySpec(folder);
  const options = ['--output', 'results', '--jobs', String(jobs), '--engine', 'wasm', '--json'];
  return [bin, 'run', spec ?? 'tiny.yaml', ...options, ...more];
}

/** A whole life without a fault, or with one. */
export async function live(folder: string, options: Options = {}): Promise<Ended & { life: Life }> {
  const life = new Life(folder, options);
  return { ...(await life.ended), life };
}

/** What is on the disk in the end where nothing went wrong, and the operations that led to it. */
export async function undisturbed(
  options: Options = {},
): Promise<{ contents: Record<string, string>; operations: string[] }> {
  const folder = scratchFolder();
  const { code, errors, life } = await live(folder, options);
  expect(code, errors).toBe(0);
  return { contents: contentsOf(join(folder, 'results')), operations: life.operations() };
}

/** Starts the plain command on what a fault has left behind: it succeeds at once, and all bytes are the expected ones. */
export async function makesGood(
  folder: string,
  expected: Readonly<Record<string, string>>,
  options: Options = {},
): Promise<void> {
  const { code, errors } = await live(folder, { ...options, fault: undefined });
  expect(code, errors).toBe(0);
  sameContents(folder, expected);
}

export function sameContents(folder: string, expected: Readonly<Record<string, string>>): void {
  expect(contentsOf(join(folder, 'results'))).toEqual(expected);
}

/** States of all processes in a group: letters as in /proc. */
export function statesIn(group: number): string[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, , its] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(its) === group && state !== 'Z' ? [state!] : [];
    } catch {
      return []; // ended meanwhile
    }
  });
}

/** A second Ctrl-C within 0.2 s of the first one is taken for the same one. */
export async function untilSecondCounts(life: Life): Promise<void> {
  await until(() => (life.errors.includes('Ctrl-C again to quit now') ? true : undefined));
  await setTimeout(210);
}

/** Nothing where there is no such file. */
export function read(folder: string, name: string): string {
  return existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '';
}
