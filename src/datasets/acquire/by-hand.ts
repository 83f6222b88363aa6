import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type DataFile, isPublished } from '../data-files.ts';

/** What was found of files that the user put beside the target names as `<name>.gz`. */
export interface ByHand {
  /** The verified content by file name, unpacked. */
  readonly contents: Map<string, Buffer>;
  /** Names of `.gz` files that do not unpack to the published file. */
  readonly refused: string[];
}

/** Unpacks and verifies `<target>/<name>.gz` for each of `files`; the `.gz` files stay as they are. */
export async function readByHand(target: string, files: readonly DataFile[]): Promise<ByHand> {
  const contents = new Map<string, Buffer>();
  const refused: string[] = [];
  for (const file of files) {
    const packed = await readFile(join(target, `${file.name}.gz`)).catch(() => null);
    if (packed === null) continue;
    // The limit keeps a wrong file from filling the memory.
    const data = await promisify(gunzip)(packed, { maxOutputLength: file.bytes }).catch(() => null);
    if (data !== null && isPublished(data, file)) contents.set(file.name, data);
    else refused.push(`${file.name}.gz`);
  }
  return { contents, refused };
}
