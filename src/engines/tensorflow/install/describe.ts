import { join } from 'node:path';
import { UserError } from '../../../errors.ts';
import { findOfficial, locateTensorFlow } from './locate.ts';
import { folderBytes } from './progress.ts';
import { checkPlatform, findCompiler, findNpm, findPip } from './requirements.ts';
import { type Flavour, installNames, readInstall, storeFolder } from './store.ts';

/** One TensorFlow on this machine, working or not. */
export interface InstallDescription {
  readonly kind: 'store' | 'official';
  readonly folder: string;
  readonly state: 'in use' | 'ready' | 'incomplete';
  readonly flavour: Flavour | 'unknown';
  readonly tensorflow: string;
  readonly tfjs: string;
  /** On disk; of a linked TensorFlow only what is the install's own. */
  readonly bytes: number;
  /** What is wrong, as a clause. */
  readonly problem?: string;
}

/** All of them, those of the store first. */
export function describeInstalls(environment: NodeJS.ProcessEnv): InstallDescription[] {
  const store = storeFolder(environment);
  const used = locateTensorFlow(environment)?.folder;
  const stored = installNames(store).map((name): InstallDescription => {
    const folder = join(store, name);
    const record = readInstall(folder);
    const { flavour, tensorflow, tfjs } = record ?? { flavour: 'unknown', tensorflow: '?', tfjs: '?' };
    return {
      kind: 'store',
      folder,
      state: record === null ? 'incomplete' : folder === used ? 'in use' : 'ready',
      flavour,
      tensorflow,
      tfjs,
      bytes: folderBytes(folder),
      ...(record === null
        ? { problem: 'made by another version, or its files or the linked environment are gone' }
        : {}),
    };
  });
  const official = findOfficial();
  if (official === null) return stored;
  const { located, lacks } = official;
  const { kind, folder, flavour, tensorflow, tfjs } = located;
  const state = lacks !== null ? 'incomplete' : folder === used ? 'in use' : 'ready';
  const problem = lacks === null ? {} : { problem: lacks };
  return [...stored, { kind, folder, state, flavour, tensorflow, tfjs, bytes: 0, ...problem }];
}

/** What `engine install tensorflow` would use, or what it lacks. */
export async function installRequirements(
  environment: NodeJS.ProcessEnv,
): Promise<{ found: readonly string[]; missing: readonly string[] }> {
  const options = { environment };
  const results = await Promise.allSettled([
    (async () => checkPlatform('cpu'))(),
    findPip(options).then((python) => `pip of ${python}`),
    findCompiler(options).then(({ version }) => version),
    findNpm(options).then(() => 'npm'),
  ]);
  const found: string[] = [];
  const missing: string[] = [];
  for (const result of results) {
    if (result.status === 'fulfilled') {
      if (result.value !== undefined) found.push(result.value);
    } else if (result.reason instanceof UserError) missing.push(result.reason.message.replace(/\.$/, ''));
    else throw result.reason;
  }
  return { found, missing };
}
