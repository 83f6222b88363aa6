import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileState } from '../data-files.ts';

/**
 * A file of float32 rows without a header, with the sha256 of every block of rows in a file beside it, `<name>.sha256`:
 * so the first rows can be read, and verified, without the others.
 */
export interface RowFile {
  readonly name: string;
  readonly rows: number;
  /** Numbers in a row. */
  readonly width: number;
  /** Rows of a block; the last one may have fewer. */
  readonly blockRows: number;
}

const digest = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex');
const blockCount = ({ rows, blockRows }: RowFile): number => Math.ceil(rows / blockRows);
const bytesOf = (numbers: Float32Array): Buffer =>
  Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/**
 * Writes the file from its blocks in order, in `staging`, and then gives both files their names in `target`, the
 * checksums last.
 */
export async function writeRows(
  target: string,
  file: RowFile,
  staging: string,
  block: (first: number, rows: number) => Promise<Float32Array>,
): Promise<void> {
  const digests: string[] = [];
  await written(join(staging, file.name), async (handle) => {
    for (let first = 0; first < file.rows; first += file.blockRows) {
      const bytes = bytesOf(await block(first, Math.min(file.blockRows, file.rows - first)));
      digests.push(digest(bytes));
      await handle.writeFile(bytes);
    }
  });
  const list = digests.join('\n');
  await written(join(staging, `${file.name}.sha256`), (handle) =>
    handle.writeFile(`${list}\n${digest(list)}\n`),
  );
  for (const name of [file.name, `${file.name}.sha256`])
    await rename(join(staging, name), join(target, name));
}

/** A new file that is on the disk when this is done. */
async function written(path: string, write: (handle: FileHandle) => Promise<void>): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await write(handle);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Reads and verifies the first rows, as many as fit into `into`, which is whole only where this gives `ok`. */
export async function readRows(target: string, file: RowFile, into: Float32Array): Promise<FileState> {
  const digests = await readDigests(target, file);
  if (typeof digests === 'string') return digests;
  let handle: FileHandle;
  try {
    handle = await open(join(target, file.name), 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing';
    throw error;
  }
  const bytes = bytesOf(into);
  const blockBytes = file.blockRows * file.width * 4;
  const fileBytes = file.rows * file.width * 4;
  try {
    for (let at = 0, block = 0; at < bytes.length; at += blockBytes, block++) {
      const size = Math.min(blockBytes, fileBytes - at);
      const whole = at + size <= bytes.length;
      // A block that is needed in part is still read as a whole, to be verified.
      const data = whole ? bytes.subarray(at, at + size) : Buffer.alloc(size);
      const { bytesRead } = await handle.read(data, 0, size, at);
      if (bytesRead < size || digest(data) !== digests[block]) return 'damaged';
      if (!whole) data.copy(bytes, at);
    }
  } finally {
    await handle.close();
  }
  return 'ok';
}

async function readDigests(target: string, file: RowFile): Promise<readonly string[] | FileState> {
  const text = await readFile(join(target, `${file.name}.sha256`), 'utf8').catch(() => null);
  if (text === null) return 'missing';
  const lines = text.split('\n');
  const digests = lines.slice(0, blockCount(file));
  const right = lines.length === digests.length + 2 && lines.at(-2) === digest(digests.join('\n'));
  return right ? digests : 'damaged';
}
