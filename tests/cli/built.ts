import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const bin = join(root, 'bin', 'adam-repro.js');

if (!existsSync(join(root, 'dist', 'cli', 'main.js'))) {
  throw new Error('These tests run the built program, and dist/ is missing: run `npm run build` first.');
}

/** The environment of a user without any of the settings that the tests are about. */
export function cleanEnvironment(changes: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const about = /^(npm_|NO_COLOR$|FORCE_COLOR$|CLICOLOR|TERM$|COLUMNS$|ADAM_REPRO_|VITEST|NODE_OPTIONS$)/i;
  const rest = Object.entries(process.env).filter(([name]) => !about.test(name));
  return { ...Object.fromEntries(rest), XDG_CACHE_HOME: temporaryCache(), ...changes };
}

let cache: string | undefined;
/** Step times that tests measure are not the user's. */
function temporaryCache(): string {
  cache ??= temporaryFolder();
  return cache;
}

const temporaryFolders: string[] = [];
afterAll(() => {
  for (const folder of temporaryFolders) rmSync(folder, { recursive: true, force: true });
});

/** Gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'adam-repro cli-'));
  temporaryFolders.push(folder);
  return folder;
}

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

export interface Where {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs the built program to its end, without a terminal. */
export function adamRepro(args: readonly string[], { cwd, env = {} }: Where): Ended {
  const options = { cwd, env: cleanEnvironment(env), encoding: 'utf8' } as const;
  const { stdout, stderr, status } = spawnSync(process.execPath, [bin, ...args], options);
  return { stdout, stderr, status };
}

/** Starts it; the caller deals with its streams and signals. */
export function startAdamRepro(args: readonly string[], { cwd, env = {} }: Where): ChildProcess {
  return spawn(process.execPath, [bin, ...args], { cwd, env: cleanEnvironment(env) });
}

export interface TinySpec {
  readonly name?: string;
  readonly file?: string;
  readonly epochs?: number;
  /** Learning rate of `sgd`. */
  readonly lr?: number;
  /** The optimizer that stands first. */
  readonly first?: 'adam' | 'sgd';
}

/** Writes a spec that needs no download and trains in well under a second. */
export function writeTinySpec(
  folder: string,
  { name = 'tiny', file, epochs = 2, lr = 0.1, first = 'adam' }: TinySpec = {},
): void {
  const optimizers = ['  adam: { lr: 0.01 }', `  sgd: { lr: ${lr} }`];
  writeFileSync(
    join(folder, file ?? `${name}.yaml`),
    `name: ${name}
title: Tiny
data: { name: synthetic, trainExamples: 256, testExamples: 64 }
model: { type: logistic-regression, initialization: zeros }
training: { batchSize: 64, epochs: ${epochs} }
evaluation: { every: 1 }
optimizers:
${(first === 'adam' ? optimizers : optimizers.reverse()).join('\n')}
`,
  );
}
