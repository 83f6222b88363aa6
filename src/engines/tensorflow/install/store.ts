import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** Raised when the layout of an install changes, so that one made by an older version is not taken for a new one. */
export const layout = 1;

/** `python`: the TensorFlow of a Python environment, linked. */
export type Flavour = 'cpu' | 'cuda' | 'python';

/** What `install.json` says of an install; the file is written last, so its folder is complete where it is there. */
export interface InstallRecord {
  readonly layout: number;
  readonly flavour: Flavour;
  /** Versions. */
  readonly tensorflow: string;
  readonly tfjs: string;
  /** Whether the library is a CUDA build. */
  readonly cuda: boolean;
  /** The files it was made of, with their SHA-256; empty for a linked TensorFlow. */
  readonly wheels: Readonly<Record<string, string>>;
  /** The linked `site-packages` folder. */
  readonly python?: string;
  /** First line of the compiler's `--version`. */
  readonly compiler: string;
  /** What the finished binding did in a process of its own. */
  readonly selfTest?: SelfTestResult;
}

export interface SelfTestResult {
  /** Such as `CPU` or `GPU (NVIDIA ...)`. */
  readonly device: string;
  readonly checks: readonly string[];
}

/** An install in the store. */
export interface Install {
  readonly folder: string;
  readonly record: InstallRecord;
}

/**
 * Absolute path of the folder that holds installed engines: `ADAM_REPRO_STORE` where it is set and not empty, else the
 * user's folder for program data (`$XDG_DATA_HOME` or `~/.local/share`; `%LOCALAPPDATA%` on Windows). It need not exist.
 */
export function storeFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { ADAM_REPRO_STORE, XDG_DATA_HOME, LOCALAPPDATA } = environment;
  if (ADAM_REPRO_STORE) return resolve(ADAM_REPRO_STORE);
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'adam-repro', 'data');
  // The XDG specification says of a relative path that it is to be ignored.
  const base =
    XDG_DATA_HOME && isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : join(homedir(), '.local', 'share');
  return join(base, 'adam-repro');
}

/** `suffix` tells linked environments apart. */
export function installName(tensorflow: string, flavour: Flavour, suffix = ''): string {
  return `tensorflow-${tensorflow}-${flavour}${suffix}-${layout}`;
}

/** The library and the binding of an install, relative to its folder. */
export const library = join('tensorflow', 'libtensorflow_cc.so.2');
export const framework = join('tensorflow', 'libtensorflow_framework.so.2');
export const tfjsPackage = join('node_modules', '@tensorflow', 'tfjs-node-gpu');
export const binding = join(tfjsPackage, 'lib', 'napi-v8', 'tfjs_binding.node');

/** The record of a folder of the store; `null` for anything but a complete install of this layout. */
export function readInstall(folder: string): InstallRecord | null {
  try {
    const record = JSON.parse(readFileSync(join(folder, 'install.json'), 'utf8')) as InstallRecord;
    // existsSync follows links: a linked environment may have been removed since.
    const complete = [library, framework, binding].every((file) => existsSync(join(folder, file)));
    return record.layout === layout && complete ? record : null;
  } catch {
    return null;
  }
}

/** The complete installs of a store, the one that was installed or asked for last in front. */
export function installsIn(store: string): Install[] {
  return installNames(store)
    .map((name) => join(store, name))
    .map((folder) => ({ folder, record: readInstall(folder), time: lastAsked(folder) }))
    .sort((a, b) => b.time - a.time)
    .flatMap(({ folder, record }) => (record === null ? [] : [{ folder, record }]));
}

/** Folders of installs, complete or not, of any layout. */
export function installNames(store: string): string[] {
  try {
    return readdirSync(store).filter((name) => /^tensorflow-/.test(name));
  } catch {
    return [];
  }
}

function lastAsked(folder: string): number {
  return statSync(join(folder, 'install.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
