import { AsyncLocalStorage } from 'node:async_hooks';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from './errors.ts';

/**
 * The exports of a user's .ts, .js or .mjs file. Its `import ... from 'adam-repro'` is this package, wherever the file
 * lies and whether or not the package is installed beside it.
 *
 * @param path as the user wrote it, relative to the current folder.
 * @throws UsageError if the file is missing, has a syntax error, or fails or ends the process while it is loaded.
 */
export async function importUserFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  const file = resolve(path);
  if (!/\.[cm]?[jt]s$/.test(file)) {
    throw new UsageError(`${path} is no program file: name a .ts, .js or .mjs file.`);
  }
  if (!existsSync(file)) throw new UsageError(`${path} does not exist: check the path.`);
  const { createJiti } = await import('jiti');
  const self = import.meta.url;
  const entry = fileURLToPath(new URL(self.endsWith('.ts') ? './index.ts' : './index.js', self));
  const jiti = createJiti(self, { alias: { 'adam-repro': entry }, fsCache: false, interopDefault: false });
  try {
    return await keepingAlive(() => jiti.import<Record<string, unknown>>(file));
  } catch (cause) {
    throw new UsageError(`${path} cannot be loaded: ${reason(cause)}`, { cause });
  }
}

const inUserFile = new AsyncLocalStorage<true>();
let guarded = false;

/** Runs a user's code; `process.exit` throws in it, and nowhere else: a signal may end the process meanwhile. */
function keepingAlive<T>(run: () => Promise<T>): Promise<T> {
  if (!guarded) {
    guarded = true;
    const original = process.exit;
    process.exit = (code) => {
      if (inUserFile.getStore()) throw new Error('it calls process.exit, which would end adam-repro');
      return original.call(process, code);
    };
  }
  return inUserFile.run(true, run);
}

/** The first line of an error, and where a syntax error stands: the loader gives that on the second line. */
function reason(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const [first = 'it throws an error without a message', second = ''] = message
    .split('\n')
    .filter((l) => l.trim());
  const place = /:(\d+):(\d+)$/.exec(second);
  return place ? `${first.trim()} (line ${place[1]}, column ${place[2]})` : first;
}
