import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type DataFile, type DataSource, isPublished } from '../data-files.ts';
import { tarballName } from './npm-package.ts';

/** What was found of files that the user put beside the target names as `<name>.gz`. */
export interface ByHand {
  /** The verified content by file name, unpacked. */
  readonly contents: Map<string, Uint8Array>;
  /** Names of `.gz` files that do not unpack to the published file. */
  readonly refused: string[];
}

/** Unpacks and verifies `<target>/<name>.gz` for each of `files`; the `.gz` files stay as they are. */
export async function readByHand(target: string, files: readonly DataFile[]): Promise<ByHand> {
  const contents = new Map<string, Uint8Array>();
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

/** The path of the data set's package, as `npm pack` names it, where the user put one into `target`. */
export async function findTarball(target: string, { npm }: DataSource): Promise<string | undefined> {
  const path = join(target, tarballName(npm));
  const found = await access(path).then(
    () => true,
    () => false,
  );
  return found ? path : undefined;
}
