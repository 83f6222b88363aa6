import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileBinding } from './compile-binding.ts';
import { fetchPackages, tfjsVersion } from './fetch-packages.ts';
import { type LibrarySource, linkedSource, wheelSource } from './library-source.ts';
import type { Report } from './progress.ts';
import { checkPlatform, checkSpace, findCompiler, findNpm, hasGpuDriver } from './requirements.ts';
import { runSelfTest } from './run-self-test.ts';
import { discard, publish, withStaging } from './staging.ts';
import { type Install, type InstallRecord, installNames, layout, readInstall, storeFolder } from './store.ts';
import type { ToolOptions } from './tool.ts';
import { type WheelSet, wheelsFor } from './wheels.ts';

export interface InstallOptions extends ToolOptions {
  /** Downloads a flavour, or links the TensorFlow of `python`, unset that of the active environment. */
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
  const { source: wanted, environment, report } = options;
  const store = storeFolder(environment);
  const linked = typeof wanted === 'object';
  if (!linked) checkPlatform(wanted);
  const source = linked
    ? await linkedSource(wanted.python, options)
    : wheelSource(wanted, options.wheels ?? wheelsFor(wanted)!);
  const folder = join(store, source.name);
  const present = readInstall(folder);
  if (present !== null) {
    const now = new Date();
    await utimes(join(folder, 'install.json'), now, now);
    return { folder, record: present, already: true };
  }

  if (linked) checkPlatform('cpu');
  const fetchLibrary = await source.prepare(options);
  const compiler = await findCompiler(options);
  const npm = await findNpm(options);
  await checkSpace(store, packagesBytes + source.bytes);
  if (source.cuda && !hasGpuDriver()) {
    const text =
      'No NVIDIA driver was found on this machine: TensorFlow for CUDA installs and runs on the CPU until there is one.';
    report({ type: 'note', text });
  }

  const record = await withStaging(store, async (staging) => {
    const target = join(staging, 'engine');
    const scratch = join(staging, 'scratch');
    await mkdir(target);
    await mkdir(scratch);
    const places = { target, scratch };
    await bothOrNeither(options.signal, [
      (signal) => fetchLibrary(places, { ...options, signal }),
      (signal) => fetchPackages(target, { ...options, npm, signal }),
    ]);
    await compileBinding(
      { folder: target, scratch, include: source.include(scratch) },
      { ...options, compiler },
    );
    const untested = recordOf(source, compiler.version);
    await writeRecord(target, untested);
    report({ type: 'started', stage: 'self-test', text: 'self-test: a matrix product and training steps' });
    const selfTest = await (options.selfTest ?? runSelfTest)(target, options);
    report({ type: 'finished', stage: 'self-test' });
    const tested = { ...untested, selfTest };
    await writeRecord(target, tested);
    options.signal?.throwIfAborted();
    await publish(store, target, source.name);
    return tested;
  });
  return { folder, record, already: false };
}

/** Removes every install, complete or not, and returns their names. */
export async function removeTensorFlow(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const store = storeFolder(environment);
  const names = installNames(store);
  if (names.length === 0) return names;
  return withStaging(store, async () => {
    for (const name of names) await discard(store, join(store, name));
    return names;
  });
}

function recordOf(
  { flavour, version, cuda, wheels, python }: LibrarySource,
  compiler: string,
): InstallRecord {
  return {
    layout,
    flavour,
    tensorflow: version,
    tfjs: tfjsVersion,
    cuda,
    wheels: Object.fromEntries(wheels.map((wheel) => [`${wheel.name} ${wheel.version}`, wheel.sha256])),
    ...(python === undefined ? {} : { python }),
    compiler,
  };
}

const writeRecord = (folder: string, record: InstallRecord): Promise<void> =>
  writeFile(join(folder, 'install.json'), `${JSON.stringify(record, null, 2)}\n`);

/** Runs all side by side; where one fails the others are stopped, and its error is thrown when they have ended. */
async function bothOrNeither(
  signal: AbortSignal | undefined,
  works: readonly ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const failure = new AbortController();
  const together = signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]);
  await Promise.allSettled(works.map((work) => work(together).catch((error) => failure.abort(error))));
  together.throwIfAborted();
}
