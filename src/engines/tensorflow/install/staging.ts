import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../../errors.ts';
import { makeFolders } from '../../../make-folders.ts';
import { systemErrorCode } from '../../../system-error.ts';
import { readInstall } from './store.ts';

/** After this time (milliseconds) a staging folder is taken for left over whoever made it. */
const abandonedAfter = 24 * 3600 * 1000;

/**
 * Gives `use` an own empty folder in the store and removes it afterwards; also removes such folders left by processes
 * that died, before and after. Failures of the file system come out as `UserError`, one sentence each.
 */
export async function withStaging<T>(store: string, use: (staging: string) => Promise<T>): Promise<T> {
  const staging = join(store, temporaryName());
  try {
    makeFolders(store);
    await sweep(store);
    await mkdir(staging);
    return await use(staging);
  } catch (error) {
    throw explain(error, store);
  } finally {
    await rm(staging, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
    await sweep(store).catch(() => {});
  }
}

/**
 * Gives the finished folder its name. Where a complete install has that name by now, of another process, that one
 * stays; an incomplete one is removed.
 */
export async function publish(store: string, finished: string, name: string): Promise<void> {
  const target = join(store, name);
  for (;;) {
    try {
      await rename(finished, target);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
      if (readInstall(target) !== null) return;
      await discard(store, target);
    }
  }
}

/** Removes a folder; first from its name, in one step, so that nobody ever sees half of it. */
export async function discard(store: string, folder: string): Promise<void> {
  const doomed = join(store, temporaryName());
  try {
    await rename(folder, doomed);
  } catch (error) {
    // Somebody else was faster.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw explain(error, store);
  }
  await rm(doomed, { recursive: true, force: true, maxRetries: 3 });
}

/** Process ids mean something on their own machine only, so the name carries a short hash of the host's. */
function prefix(): string {
  return `.tmp-${createHash('sha256').update(hostname()).digest('hex').slice(0, 8)}-`;
}

function temporaryName(): string {
  return `${prefix()}${process.pid}-${randomBytes(4).toString('hex')}`;
}

async function sweep(store: string): Promise<void> {
  const own = prefix();
  for (const name of await readdir(store)) {
    if (!/^\.tmp-[0-9a-f]{8}-\d+-[0-9a-f]{8}$/.test(name)) continue;
    const path = join(store, name);
    const dead = name.startsWith(own) && !isAlive(Number.parseInt(name.slice(own.length), 10));
    const age = async () => Date.now() - (await stat(path)).mtimeMs;
    // Another process may be sweeping too: what is gone already is no failure.
    if (dead || (await age().catch(() => 0)) > abandonedAfter) {
      // A tool that outlived its installer may still write there: what remains goes with the next sweep.
      await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
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

function explain(error: unknown, store: string): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error;
  const { path, message } = error as NodeJS.ErrnoException;
  const code = systemErrorCode(error);
  const elsewhere = 'set ADAM_REPRO_STORE to another folder';
  const sentence = (problem: string, remedy: string): UserError =>
    new UserError(`TensorFlow cannot be stored: ${problem}; ${remedy}.`, { cause: error });
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return sentence(`the disk of ${store} is full`, `free some space or ${elsewhere}`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return sentence(`the folder ${store} cannot be written (${code})`, `allow it or ${elsewhere}`);
    case 'ENOTDIR':
    case 'EEXIST':
      return sentence(`${path ?? store} is not a folder`, `move it away or ${elsewhere}`);
    default:
      return sentence(message, `see to that or ${elsewhere}`);
  }
}
