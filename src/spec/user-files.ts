import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

/** What is wrong with the path of a user's file, as a clause; undefined where there is such a file. */
export function fileProblem(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return `no such file: ${file}`;
  return stats.isFile() ? undefined : `not a file, but a folder or a device: ${file}`;
}

export function fileDigest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
