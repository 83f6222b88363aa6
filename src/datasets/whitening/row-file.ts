import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile, rename, stat } from 'node:fs/promises';
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

/** The name of the file with the checksums. */
export const checksumsName = ({ name }: Pick<RowFile, 'name'>): string => `${name}.sha256`;

const digest = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex');
const blockCount = ({ rows, blockRows }: RowFile): number => Math.ceil(rows / blockRows);
const blockBytes = ({ blockRows, width }: RowFile): number => blockRows * width * 4;
const fileBytes = ({ rows, width }: RowFile): number => rows * width * 4;
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
  await written(join(staging, checksumsName(file)), (handle) =>
    handle.writeFile(`${list}\n${digest(list)}\n`),
  );
  for (const name of [file.name, checksumsName(file)]) await rename(join(staging, name), join(target, name));
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

/**
 * Whether the file and its checksums are there, the file as long as it has to be and the list of checksums right. The
 * rows are not read: who uses them verifies them.
 */
export async function checkRows(target: string, file: RowFile): Promise<FileState> {
  const digests = await readDigests(target, file);
  if (typeof digests === 'string') return digests;
  const found = await stat(join(target, file.name)).catch(absent);
  if (found === undefined) return 'missing';
  return found.size === fileBytes(file) ? 'ok' : 'damaged';
}

/** Reads all rows, a block at a time, and compares them with their checksums. */
export async function verifyRows(target: string, file: RowFile): Promise<FileState> {
  // One is read while the other is compared.
  const buffers = [Buffer.alloc(blockBytes(file)), Buffer.alloc(blockBytes(file))] as const;
  return verifyBlocks(target, file, fileBytes(file), (at, size) =>
    buffers[(at / blockBytes(file)) % 2 === 0 ? 0 : 1].subarray(0, size),
  );
}

/** Reads and verifies the first rows, as many as fit into `into`, which is whole only where this gives `ok`. */
export async function readRows(target: string, file: RowFile, into: Float32Array): Promise<FileState> {
  const bytes = bytesOf(into);
  let part: { at: number; data: Buffer } | undefined;
  const state = await verifyBlocks(target, file, bytes.length, (at, size) => {
    if (at + size <= bytes.length) return bytes.subarray(at, at + size);
    // A block that is needed in part is still read as a whole, to be verified.
    part = { at, data: Buffer.alloc(size) };
    return part.data;
  });
  part?.data.copy(bytes, part.at);
  return state;
}

/** Reads the blocks of the first `needed` bytes to where `place` says; each is hashed while the next one is read. */
async function verifyBlocks(
  target: string,
  file: RowFile,
  needed: number,
  place: (at: number, size: number) => Buffer,
): Promise<FileState> {
  const digests = await readDigests(target, file);
  if (typeof digests === 'string') return digests;
  const handle = await open(join(target, file.name), 'r').catch(absent);
  if (handle === undefined) return 'missing';
  const step = blockBytes(file);
  const read = async (block: number): Promise<Buffer | null> => {
    const at = block * step;
    const size = Math.min(step, fileBytes(file) - at);
    const data = place(at, size);
    const { bytesRead } = await handle.read(data, 0, size, at);
    return bytesRead < size ? null : data;
  };
  try {
    const blocks = Math.ceil(needed / step);
    let next = blocks > 0 ? read(0) : undefined;
    for (let block = 0; next !== undefined; block++) {
      const data: Buffer | null = await next;
      next = block + 1 < blocks ? read(block + 1) : undefined;
      if (data !== null && digest(data) === digests[block]) continue;
      await next;
      return 'damaged';
    }
  } finally {
    await handle.close();
  }
  return 'ok';
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

async function readDigests(target: string, file: RowFile): Promise<readonly string[] | FileState> {
  const text = await readFile(join(target, checksumsName(file)), 'utf8').catch(() => null);
  if (text === null) return 'missing';
  const lines = text.split('\n');
  const digests = lines.slice(0, blockCount(file));
  const right = lines.length === digests.length + 2 && lines.at(-2) === digest(digests.join('\n'));
  return right ? digests : 'damaged';
}
