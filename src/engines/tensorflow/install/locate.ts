import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installsIn, readInstall, storeFolder } from './store.ts';

export interface LocatedTensorFlow {
  readonly kind: 'store' | 'official';
  /** A folder whose `node_modules` has the package, so that it resolves from any file in it. */
  readonly folder: string;
  readonly flavour: 'cpu' | 'cuda' | 'unknown';
  /** Versions; 'unknown' where an official install does not tell. */
  readonly tensorflow: string;
  readonly tfjs: string;
}

/**
 * The TensorFlow to use: the folder that `ADAM_REPRO_TENSORFLOW` names, else the install of the store that was made or
 * asked for last, else an official install of @tensorflow/tfjs-node-gpu that resolves from the current folder or from
 * this package and has its own libtensorflow. `null` where there is none.
 */
export function locateTensorFlow(environment: NodeJS.ProcessEnv = process.env): LocatedTensorFlow | null {
  const { ADAM_REPRO_TENSORFLOW: named } = environment;
  if (named) return inStore(resolve(named));
  const [install] = installsIn(storeFolder(environment));
  if (install !== undefined) return inStore(install.folder);
  const official = findOfficial();
  return official === null || official.lacks !== null ? null : official.located;
}

function inStore(folder: string): LocatedTensorFlow | null {
  const record = readInstall(folder);
  if (record === null) return null;
  const { tensorflow, tfjs, cuda } = record;
  return { kind: 'store', folder, flavour: cuda ? 'cuda' : 'cpu', tensorflow, tfjs };
}

export interface OfficialInstall {
  readonly located: LocatedTensorFlow;
  /** What keeps it from working, as a clause; `null` where it is complete. */
  readonly lacks: string | null;
}

/** The package as npm installs it, complete or not, seen from `folders`. */
export function findOfficial(
  folders: readonly string[] = [process.cwd(), dirname(fileURLToPath(import.meta.url))],
): OfficialInstall | null {
  for (const from of folders) {
    const require = createRequire(join(from, 'x.js'));
    let file: string;
    try {
      file = require.resolve('@tensorflow/tfjs-node-gpu/package.json');
    } catch {
      continue;
    }
    const folder = dirname(file);
    const { version: tfjs } = require(file) as { version: string };
    const libraries = namesIn(join(folder, 'deps', 'lib'));
    const versioned = libraries
      .map((name) => /^libtensorflow\.(?:so\.)?(\d+\.\d+\.\d+)/.exec(name)?.[1])
      .find((version) => version !== undefined);
    const hasBinding = namesIn(join(folder, 'lib')).some((name) =>
      existsSync(join(folder, 'lib', name, 'tfjs_binding.node')),
    );
    const hasLibrary = libraries.some((name) => /^(lib)?tensorflow\./.test(name));
    return {
      located: {
        kind: 'official',
        folder: resolve(folder, '..', '..', '..'),
        flavour: 'unknown',
        tensorflow: versioned ?? 'unknown',
        tfjs,
      },
      lacks: !hasLibrary
        ? 'its libtensorflow was not downloaded'
        : !hasBinding
          ? 'its binding is missing'
          : null,
    };
  }
  return null;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

export interface LoadOptions {
  /** Threads of one operation and of operations side by side. Unset: 1. */
  readonly threads?: number;
  /** oneDNN's kernels in place of TensorFlow's own. Unset: yes. */
  readonly oneDnn?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * The package's module, typed as the caller wants it. TensorFlow reads its settings from the environment of the process
 * at this moment, once: they hold until the process ends.
 */
export function loadBinding<Module = unknown>(
  located: LocatedTensorFlow,
  { threads = 1, oneDnn = true, environment = process.env }: LoadOptions = {},
): Module {
  const settings: Readonly<Record<string, string>> = {
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: String(threads),
    TF_ENABLE_ONEDNN_OPTS: environment.TF_ENABLE_ONEDNN_OPTS ?? (oneDnn ? '1' : '0'),
    // A desktop's GPU stays usable for the desktop.
    TF_FORCE_GPU_ALLOW_GROWTH: environment.TF_FORCE_GPU_ALLOW_GROWTH ?? 'true',
    // The papers' arithmetic is float32; TF32 keeps 10 of its 23 bits.
    NVIDIA_TF32_OVERRIDE: environment.NVIDIA_TF32_OVERRIDE ?? '0',
    ...(environment.ADAM_REPRO_DEBUG ? {} : { TF_CPP_MIN_LOG_LEVEL: '3' }),
  };
  Object.assign(process.env, settings);
  const require = createRequire(join(located.folder, 'x.js'));
  const util = require('node:util') as { isNullOrUndefined?: (value: unknown) => boolean };
  // tfjs-node-gpu 4.22 calls it, and Node 23 took it away.
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  return require('@tensorflow/tfjs-node-gpu') as Module;
}
