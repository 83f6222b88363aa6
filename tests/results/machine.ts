import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type FileSystem, realFileSystem } from '../../src/results/file-system.ts';
import { isAlive, type ProcessIdentity, type System } from '../../src/results/system.ts';

/** A machine whose processes live and die as a test wants. */
export class Machine {
  readonly #living = new Set<number>();
  #processes = 0;
  /** What its clock says, in ms. */
  time = 0;

  start(files: FileSystem = realFileSystem): System & { readonly self: ProcessIdentity } {
    const pid = ++this.#processes;
    this.#living.add(pid);
    const self = { host: 'here', boot: 'boot', pid, processStart: String(1000 + pid) };
    return {
      files,
      self,
      now: () => this.time,
      isAlive: (other, signOfLife) =>
        other.host === 'here'
          ? this.#living.has(other.pid) && other.processStart === String(1000 + other.pid)
          : isAlive(self, other, signOfLife, Date.now()),
    };
  }

  kill({ self }: System): void {
    this.#living.delete(self.pid);
  }
}

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A new folder that is removed after the file's tests; in memory where the system has such a place. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'adam-repro-'));
  made.push(folder);
  return folder;
}

/** Every file below a folder with its bytes as text, side files with their names only. */
export function contentsOf(folder: string): Record<string, string> {
  const contents: Record<string, string> = {};
  for (const name of (readdirSync(folder, { recursive: true }) as string[]).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) contents[name] = '(folder)';
    else if (/(timing\.json|runs\.csv)$/.test(name)) contents[name] = '(side file)';
    else contents[name] = readFileSync(path, 'latin1');
  }
  return contents;
}

/** Everything in a folder, and the folder itself, each with its bytes, its number and the time of its last change. */
export function stateOf(folder: string): (string | number)[][] {
  const names = ['.', ...(readdirSync(folder, { recursive: true }) as string[]).sort()];
  return names.map((name) => {
    const path = join(folder, name);
    const stat = statSync(path);
    return [
      name,
      stat.isFile() ? readFileSync(path, 'latin1') : '',
      stat.ino,
      stat.mode,
      stat.mtimeMs,
      stat.ctimeMs,
    ];
  });
}
