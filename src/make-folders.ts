import * as nodeFiles from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes the folder and those above it where they are missing; returns those it made, the outermost first. Throws the
 * operating system's error, ENOTDIR where something that is no folder is in the way.
 *
 * One at a time: where a folder is there and the system says ENOENT to whatever is to be made in it, as in /proc and
 * below automounted folders, Node.js with `recursive` tries for ever.
 */
export function makeFolders(
  folder: string,
  files: Pick<typeof nodeFiles, 'mkdirSync' | 'statSync'> = nodeFiles,
): string[] {
  if (isFolder(folder, files)) return [];
  const parent = dirname(folder);
  const made = parent === folder ? [] : makeFolders(parent, files);
  try {
    files.mkdirSync(folder);
  } catch (error) {
    // Another process may have been faster.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && isFolder(folder, files)) return made;
    throw error;
  }
  return [...made, folder];
}

function isFolder(path: string, files: Pick<typeof nodeFiles, 'statSync'>): boolean {
  try {
    return files.statSync(path).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
