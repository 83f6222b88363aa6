import * as nodeFiles from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../errors.ts';
import { makeFolders } from '../make-folders.ts';
import { systemErrorCode } from '../system-error.ts';

/** The file operations that results are made of; tests put faults between them. */
export type FileSystem = Pick<
  typeof nodeFiles,
  | 'closeSync'
  | 'fsyncSync'
  | 'ftruncateSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readFileSync'
  | 'readSync'
  | 'readdirSync'
  | 'renameSync'
  | 'rmdirSync'
  | 'statSync'
  | 'unlinkSync'
  | 'utimesSync'
  | 'writeSync'
>;

export const realFileSystem: FileSystem = nodeFiles;

/** What was to be done: to read, or to write so many bytes. */
interface Attempted {
  readonly reading?: boolean;
  readonly bytes?: number;
}

/** A file or folder could not be written or read; the message says why in one sentence. */
export class FileError extends UserError {
  readonly code: string;
  constructor(path: string, code: string, cause: unknown, attempt: Attempted = {}) {
    super(sentence(path, code, attempt), { cause });
    this.name = 'FileError';
    this.code = code;
  }
}

function sentence(path: string, code: string, { reading = false, bytes }: Attempted): string {
  if (reading && code !== 'EISDIR') {
    return `${path} cannot be read (${code}): make it readable or remove it, and run the same command again.`;
  }
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT': {
      const needed = bytes === undefined ? 'some space' : `at least ${bytes} bytes`;
      return `${path} cannot be written, no space is left (${code}): free ${needed} and run the same command again, nothing finished is lost.`;
    }
    case 'EFBIG':
      return `${path} cannot be written, it exceeds the limit on file sizes (EFBIG): raise it (ulimit -f) and run the same command again, nothing finished is lost.`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `${path} cannot be written, the folder is read-only for you (${code}): make it writable or choose another results folder.`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `${path} cannot be made, something that is no folder is in its place (${code}): remove that or choose another results folder.`;
    case 'EISDIR':
      return `${path} is no file, a folder is in its place (EISDIR): remove that or choose another results folder.`;
    default:
      return `${path} cannot be written (${code}): see to the disk and run the same command again, nothing finished is lost.`;
  }
}

/** Runs `write`; an operating system's error becomes a `FileError` with this path, anything else passes. */
export function naming<T>(path: string, write: () => T, bytes?: number): T {
  try {
    return write();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined || error instanceof UserError) throw error;
    throw new FileError(path, code, error, { ...(bytes !== undefined && { bytes }) });
  }
}

/** The result of `read`, `undefined` where the file or folder is not there. */
export function ifThere<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

export function isThere(files: FileSystem, path: string): boolean {
  return ifThere(() => files.statSync(path)) !== undefined;
}

/** A file's bytes, `undefined` where it is not there. Throws `FileError` where it cannot be read. */
export function readWhole(files: FileSystem, path: string): Buffer | undefined {
  try {
    return ifThere(() => files.readFileSync(path));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    throw new FileError(path, code, error, { reading: true });
  }
}

/** Opens, lets `use` work and closes, whatever happens. */
function withFile(files: FileSystem, path: string, flags: string, use: (descriptor: number) => void): void {
  const descriptor = files.openSync(path, flags, 0o666);
  try {
    use(descriptor);
  } finally {
    files.closeSync(descriptor);
  }
}

function writeAll(files: FileSystem, descriptor: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += files.writeSync(descriptor, bytes, done, bytes.length - done, position + done);
  }
}

/** Writes a new file and waits until it is on the disk. Throws `FileError`, also where the file exists. */
export function writeNewFile(files: FileSystem, path: string, chunks: readonly Uint8Array[]): void {
  naming(path, () => writeChunks(files, path, chunks, true), lengthOf(chunks));
}

const lengthOf = (chunks: readonly Uint8Array[]) => chunks.reduce((sum, chunk) => sum + chunk.length, 0);

function writeChunks(files: FileSystem, path: string, chunks: readonly Uint8Array[], durable: boolean): void {
  withFile(files, path, 'wx', (descriptor) => {
    let position = 0;
    for (const chunk of chunks) {
      writeAll(files, descriptor, chunk, position);
      position += chunk.length;
    }
    if (durable) files.fsyncSync(descriptor);
  });
}

/** Writes at `position` of an existing file, cuts off what stood behind, and waits until it is on the disk. */
export function writeTail(files: FileSystem, path: string, position: number, bytes: Uint8Array): void {
  const write = (descriptor: number) => {
    writeAll(files, descriptor, bytes, position);
    files.ftruncateSync(descriptor, position + bytes.length);
    files.fsyncSync(descriptor);
  };
  naming(path, () => withFile(files, path, 'r+', write), bytes.length);
}

/**
 * Puts a file in place in one step: readers see the old content or the new one, whole. `temporary` is a name in the
 * same folder that nobody else uses. What is not durable may be lost or empty after a power loss.
 */
export function replaceFile(
  files: FileSystem,
  path: string,
  temporary: string,
  chunks: readonly Uint8Array[],
  durable = true,
): void {
  const staged = join(dirname(path), temporary);
  try {
    const put = () => {
      writeChunks(files, staged, chunks, durable);
      files.renameSync(staged, path);
    };
    naming(path, put, lengthOf(chunks));
  } catch (error) {
    try {
      files.unlinkSync(staged);
    } catch {
      // Not there, or swept later: the first error is the one to report.
    }
    throw error;
  }
  if (durable) syncFolder(files, dirname(path));
}

/** Makes renames and new names in a folder survive a power loss, where the system can do that. */
export function syncFolder(files: FileSystem, folder: string): void {
  if (process.platform === 'win32') return; // folders cannot be opened there
  naming(folder, () => withFile(files, folder, 'r', (descriptor) => files.fsyncSync(descriptor)));
}

/** Makes the folder and those above it where they are missing, and waits until their names are on the disk. */
export function makeFolder(files: FileSystem, folder: string): void {
  // A power loss that took one of these names would take everything below with it.
  for (const made of naming(folder, () => makeFolders(folder, files))) syncFolder(files, dirname(made));
}

/** Names in a folder, sorted; none where the folder is missing. */
export function namesIn(files: FileSystem, folder: string): string[] {
  return (ifThere(() => files.readdirSync(folder)) ?? []).sort();
}

/** Removes a file, or a folder with everything in it; what is gone already does not matter. */
export function remove(files: FileSystem, path: string): void {
  const isFolder = ifThere(() => files.statSync(path))?.isDirectory();
  if (isFolder === undefined) return;
  if (isFolder) for (const name of namesIn(files, path)) remove(files, join(path, name));
  naming(path, () => ifThere(() => (isFolder ? files.rmdirSync(path) : files.unlinkSync(path))));
}

/**
 * Renames a folder to a name that must be free; false where it is taken, or where the folder itself is gone. A folder
 * with something in it is never replaced by a rename.
 */
export function renameFolder(files: FileSystem, from: string, to: string): boolean {
  try {
    files.renameSync(from, to);
    return true;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOENT') return false;
    if (code === 'EPERM' && isThere(files, to)) return false; // Windows
    throw code === undefined ? error : new FileError(to, code, error);
  }
}
