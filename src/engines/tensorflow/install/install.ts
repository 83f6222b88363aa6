import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileBinding } from './compile-binding.ts';
import { fetchLibrary } from './fetch-library.ts';
import { fetchPackages, tfjsVersion } from './fetch-packages.ts';
import type { Report } from './progress.ts';
import { findPythonTensorFlow, type PythonTensorFlow } from './python-environment.ts';
import { checkPlatform, checkSpace, findCompiler, findNpm, findPip, hasGpuDriver } from './requirements.ts';
import { runSelfTest } from './run-self-test.ts';
import { discard, publish, withStaging } from './staging.ts';
import {
  framework,
  type Install,
  type InstallRecord,
  installName,
  installNames,
  layout,
  library,
  readInstall,
  storeFolder,
} from './store.ts';
import type { ToolOptions } from './tool.ts';
import { tensorflowVersion, totalBytes, type WheelSet, wheelsFor } from './wheels.ts';

export interface InstallOptions extends ToolOptions {
  /** `from-python` links the TensorFlow of `python`, or of the active environment. */
  readonly source: 'cpu' | 'cuda' | { readonly python: string | undefined };
  readonly report: Report;
  /** Replaced in tests. */
  readonly wheels?: WheelSet;
  readonly selfTest?: typeof runSelfTest;
}

export interface Installed extends Install {
  /** Whether it was there before. */
  readonly already: boolean;
}

/** What the packages of npm take, as they lie on the disk. */
const packagesBytes = 350e6;

/**
 * Brings TensorFlow and the binding into the store, or finds them there, and makes this install the one that is used.
 * Looks for everything it needs before it begins; works in a temporary folder, which gets its name when the self-test
 * has passed. Throws `UserError`, or the reason of an aborted signal.
 */
export async function installTensorFlow(options: InstallOptions): Promise<Installed> {
  const { source, environment, report } = options;
  const store = storeFolder(environment);
  const linked = typeof source === 'object' ? await findPythonTensorFlow(source.python, options) : undefined;
  const flavour = typeof source === 'object' ? 'python' : source;
  const name =
    linked === undefined
      ? installName(tensorflowVersion, flavour)
      : installName(linked.version, flavour, `-${digest(linked.sitePackages)}`);
  const folder = join(store, name);
  const present = readInstall(folder);
  if (present !== null) {
    const now = new Date();
    await utimes(join(folder, 'install.json'), now, now);
    return { folder, record: present, already: true };
  }

  checkPlatform(flavour);
  const wheels = typeof source === 'object' ? undefined : (options.wheels ?? wheelsFor(source));
  const python = wheels === undefined ? undefined : await findPip(options);
  const compiler = await findCompiler(options);
  const npm = await findNpm(options);
  await checkSpace(store, wheels === undefined ? packagesBytes : neededBytes(wheels));
  if (flavour === 'cuda' && !hasGpuDriver()) {
    report({
      type: 'note',
      text: 'No NVIDIA driver was found on this machine: TensorFlow for CUDA installs and runs on the CPU until there is one.',
    });
  }

  const record = await withStaging(store, async (staging) => {
    const target = join(staging, 'engine');
    const scratch = join(staging, 'scratch');
    await mkdir(target);
    await mkdir(scratch);
    await bothOrNeither(options.signal, [
      (signal) =>
        wheels === undefined
          ? linkLibrary(linked!, target)
          : fetchLibrary(wheels, { target, scratch }, { ...options, python: python!, signal }),
      (signal) => fetchPackages(target, { ...options, npm, signal }),
    ]);
    const include = linked ? join(linked.sitePackages, 'tensorflow', 'include') : join(target, 'include');
    await compileBinding({ folder: target, scratch, include }, { ...options, compiler });
    if (!linked) await discard(scratch, include);

    const untested: InstallRecord = {
      layout,
      flavour,
      tensorflow: linked?.version ?? tensorflowVersion,
      tfjs: tfjsVersion,
      cuda: linked?.cuda ?? flavour === 'cuda',
      wheels: Object.fromEntries((wheels?.wheels ?? []).map((w) => [`${w.name} ${w.version}`, w.sha256])),
      ...(linked === undefined ? {} : { python: linked.sitePackages }),
      compiler: compiler.version,
    };
    await writeRecord(target, untested);
    report({ type: 'started', stage: 'self-test', text: 'self-test: loading the binding, a matrix product' });
    const selfTest = await (options.selfTest ?? runSelfTest)(target, options);
    report({ type: 'finished', stage: 'self-test' });
    const tested = { ...untested, selfTest };
    await writeRecord(target, tested);
    options.signal?.throwIfAborted();
    await publish(store, target, name);
    return tested;
  });
  return { folder, record, already: false };
}

/** Space on the store's disk at the fullest moment, pip's own cache included. */
export function neededBytes(set: WheelSet): number {
  const largest = Math.max(...set.wheels.map(({ download }) => download));
  return packagesBytes + totalBytes(set, 'unpacked') + 2 * largest + totalBytes(set, 'download');
}

/** Removes every install, complete or not, and returns their names. */
export async function removeTensorFlow(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const store = storeFolder(environment);
  const names = installNames(store);
  if (names.length > 0) await withStaging(store, async () => void 0);
  for (const name of names) await discard(store, join(store, name));
  return names;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

const writeRecord = (folder: string, record: InstallRecord): Promise<void> =>
  writeFile(join(folder, 'install.json'), `${JSON.stringify(record, null, 2)}\n`);

async function linkLibrary({ sitePackages }: PythonTensorFlow, target: string): Promise<void> {
  await mkdir(join(target, 'tensorflow'));
  for (const file of [library, framework]) await symlink(join(sitePackages, file), join(target, file));
  const nvidia = join(sitePackages, 'nvidia');
  if (existsSync(nvidia)) await symlink(nvidia, join(target, 'nvidia'));
}

/** Runs all side by side; where one fails the others are stopped, and its error is thrown when they have ended. */
async function bothOrNeither(
  signal: AbortSignal | undefined,
  works: readonly ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const controller = new AbortController();
  const together = signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]);
  const results = await Promise.allSettled(
    works.map((work) =>
      work(together).catch((error: unknown) => {
        controller.abort(error);
        throw error;
      }),
    ),
  );
  signal?.throwIfAborted();
  if (controller.signal.aborted) throw controller.signal.reason;
  void results;
}
