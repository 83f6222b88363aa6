import { createHash, type Hash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import { makeFolders } from '../../make-folders.ts';
import { systemErrorCode } from '../../system-error.ts';
import { type DataFile, type DataSource, isPublished } from '../data-files.ts';

/** After this time (milliseconds) a staging folder is taken for left over whoever made it. */
const ABANDONED_AFTER = 24 * 3600 * 1000;

/**
 * Gives `use` an own empty folder beside `<folder>/<source.name>`, on the same file system so that files can be
 * renamed out of it, and removes it afterwards; also removes such folders left by processes that died.
 * Failures of the file system come out as `UserError`, one sentence each.
 */
export async function withStaging(
  folder: string,
  source: DataSource,
  use: (staging: string) => Promise<void>,
): Promise<void> {
  const staging = join(folder, `${prefix(source)}-${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    makeFolders(folder);
    await sweep(folder, source);
    await mkdir(staging);
    await use(staging);
  } catch (error) {
    throw explain(error, folder, source);
  } finally {
    await rm(staging, { recursive: true, force: true }).catch(() => {});
  }
}

/** New files that grow piece by piece in a staging folder, each with its checksum. */
export class StagedFiles {
  readonly #staging: string;
  readonly #growing = new Map<string, { handle: FileHandle; hash: Hash; bytes: number }>();

  constructor(staging: string) {
    this.#staging = staging;
  }

  async append(name: string, data: Uint8Array): Promise<void> {
    let file = this.#growing.get(name);
    if (file === undefined) {
      file = { handle: await open(join(this.#staging, name), 'wx'), hash: createHash('sha256'), bytes: 0 };
      this.#growing.set(name, file);
    }
    file.hash.update(data);
    file.bytes += data.length;
    await file.handle.writeFile(data);
  }

  /** They are on the disk then. */
  async finish(): Promise<DataFile[]> {
    const files: DataFile[] = [];
    for (const [name, { handle, hash, bytes }] of this.#growing) {
      await handle.sync();
      files.push({ name, bytes, sha256: hash.digest('hex') });
    }
    return files;
  }

  async close(): Promise<void> {
    for (const { handle } of this.#growing.values()) await handle.close();
  }
}

/** What `publish` takes: a file's bytes, or `staged` where it lies in the staging folder, whole and on the disk. */
export type Content = Uint8Array | 'staged';

/**
 * Gives files, verified by the caller, their names in `<folder>/<source.name>/`. Each is whole and on the disk before.
 * Two processes doing this at once rename the same bytes to the same names, so either order is right.
 */
export async function publish(
  folder: string,
  source: DataSource,
  contents: ReadonlyMap<string, Content>,
  staging: string,
): Promise<void> {
  const target = join(folder, source.name);
  await mkdir(target, { recursive: true });
  for (const file of source.files) {
    const data = contents.get(file.name);
    if (data === undefined) continue;
    const whole = join(staging, file.name);
    if (data !== 'staged') await writeWhole(whole, data);
    // Another process may have been faster; Windows refuses to replace a file that is being read.
    const existing = await readFile(join(target, file.name)).catch(() => null);
    if (existing !== null && isPublished(existing, file)) continue;
    await rename(whole, join(target, file.name));
  }
  await syncFolder(target);
}

async function writeWhole(path: string, data: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(data);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the renames durable; Windows has no such call for folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Process ids mean something on their own machine only, so the name carries a short hash of the host's. */
function prefix(source: DataSource): string {
  const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
  return `.${source.name}-${host}`;
}

/** Removes the staging folders that processes have left which died, or which began a day ago. */
export async function sweep(folder: string, source: DataSource): Promise<void> {
  const own = `${prefix(source)}-`;
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`.${source.name}-`)) continue;
    const path = join(folder, name);
    const dead = name.startsWith(own) && !isAlive(Number.parseInt(name.slice(own.length), 10));
    const age = async () => Date.now() - (await stat(path)).mtimeMs;
    // Another process may be sweeping too: what is gone already is no failure.
    if (dead || (await age().catch(() => 0)) > ABANDONED_AFTER) {
      await rm(path, { recursive: true, force: true }).catch(() => {});
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: alive, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function explain(error: unknown, folder: string, source: DataSource): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error;
  const { path, message } = error as NodeJS.ErrnoException;
  const code = systemErrorCode(error);
  const sentence = (problem: string, remedy: string) =>
    new UserError(`${source.title} cannot be stored: ${problem}; ${remedy}.`, { cause: error });
  const elsewhere = 'set ADAM_REPRO_DATA to another folder';
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT': {
      const files = [...source.files, ...(source.packing?.from ?? [])];
      const bytes = files.reduce((sum, file) => sum + file.bytes, source.npm.bytes);
      const megabytes = Math.ceil(bytes / 1e6);
      return sentence(
        `the disk of ${folder} is full and ${megabytes} MB are needed`,
        `free some or ${elsewhere}`,
      );
    }
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return sentence(`the folder ${folder} cannot be written (${code})`, `allow it or ${elsewhere}`);
    case 'ENOTDIR':
    case 'EEXIST':
      return sentence(`${path ?? folder} is not a folder`, `move it away or ${elsewhere}`);
    case 'EISDIR':
    case 'ENOTEMPTY':
      return sentence(`a folder has the name of a file in ${join(folder, source.name)}`, 'move it away');
    default:
      return sentence(message, `see to that or ${elsewhere}`);
  }
}
