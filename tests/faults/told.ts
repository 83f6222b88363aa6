import { join } from 'node:path';
import { expect } from 'vitest';
import { type Ended, type Life, sameContents } from './processes.ts';

/** What is to be true of a program's end where one of its file operations failed. */

/** Whether the program says that not all is done: by its exit code, or of one of its runs. */
export function gaveUp({ code, output }: Ended): boolean {
  if (code !== 0) return true;
  const last = output.trim().split('\n').at(-1)!;
  const { states = [] } = JSON.parse(last || '{}') as { states?: { status: string }[] };
  return states.some(({ status }) => status === 'failed');
}

/**
 * Files and folders that were relied on although their fsync had failed. A file whose bytes may be lost must be removed,
 * for another try may only seem to succeed: the system takes the pages for written. A folder is synchronised again.
 */
export function reliedOn(operations: readonly string[]): string[] {
  const failure = 'failed fsync ';
  return operations.flatMap((operation, i) => {
    if (!operation.startsWith(failure)) return [];
    const path = operation.slice(failure.length);
    const remedy = operations.includes(`write ${path}`) ? 'unlink' : 'fsync';
    return operations.includes(`${remedy} ${path}`, i + 1) ? [] : [path];
  });
}

/** The error was told, with the path, and not all taken for done; or everything is there as if there had been none. */
export function toldOrMadeGood(
  folder: string,
  contents: Readonly<Record<string, string>>,
  ended: Ended & { life: Life },
  name: string,
): void {
  const said = ended.output + ended.errors;
  if (gaveUp(ended)) {
    expect(said).toContain(`(${name})`);
    expect(said).toContain(join(folder, 'results'));
    return;
  }
  expect(ended.code, said).toBe(0);
  sameContents(folder, contents);
  expect(reliedOn(ended.life.operations()), said).toEqual([]);
}
