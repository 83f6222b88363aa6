import * as realFiles from 'node:fs';
import { dirname } from 'node:path';
import { type FileSystem, realFileSystem } from '../../src/results/file-system.ts';

/** The process ends here: nothing of it is executed any more. */
export class Crash extends Error {}

export type CrashPoint = 'before' | 'half' | 'after';

export type Fault =
  | { readonly type: 'none' }
  /** `powerLoss`: what was not yet synchronised with the disk is lost as well. */
  | { readonly type: 'crash'; readonly at: number; readonly point: CrashPoint; readonly powerLoss?: boolean }
  /** From that operation on (`lasting`) or at that one only, with half of a write done. */
  | { readonly type: 'error'; readonly at: number; readonly code: string; readonly lasting: boolean };

const changing = [
  'mkdirSync',
  'renameSync',
  'unlinkSync',
  'rmdirSync',
  'writeSync',
  'ftruncateSync',
  'fsyncSync',
  'utimesSync',
] as const;
/** What a full disk refuses. */
const growing: readonly string[] = ['mkdirSync', 'writeSync', 'openSync'];

/** The real file operations with a fault at the `at`-th one that changes something (counted from 1). */
export class FaultyFiles {
  operations = 0;
  readonly files: FileSystem;
  readonly #fault: Fault;
  #dead = false;
  readonly #open = new Map<number, string>();
  /** Length that is safe on the disk, of files written since. */
  readonly #unsynced = new Map<string, number>();
  /** Undoes a rename that is not yet safe on the disk; by the folder that must be synchronised. */
  #renames: { folder: string; undo: () => void }[] = [];

  constructor(fault: Fault = { type: 'none' }) {
    this.#fault = fault;
    this.files = new Proxy(realFileSystem, {
      get: (target, name: keyof FileSystem) => {
        const real = target[name] as (...parameters: unknown[]) => unknown;
        return (...parameters: unknown[]) => {
          if (this.#dead) throw new Crash();
          const changes =
            (changing as readonly string[]).includes(name) || (name === 'openSync' && parameters[1] === 'wx');
          return changes ? this.#change(name, real, parameters) : this.#read(name, real, parameters);
        };
      },
    });
  }

  #read(name: string, real: (...parameters: unknown[]) => unknown, parameters: unknown[]): unknown {
    const result = real(...parameters);
    if (name === 'openSync') this.#open.set(result as number, String(parameters[0]));
    return result;
  }

  #change(name: string, real: (...parameters: unknown[]) => unknown, parameters: unknown[]): unknown {
    this.operations++;
    const fault = this.#fault;
    if (fault.type === 'error') {
      const refuses = fault.code !== 'ENOSPC' || growing.includes(name);
      const due = fault.lasting ? this.operations >= fault.at : this.operations === fault.at;
      if (due && refuses) {
        if (name === 'writeSync') this.#half(parameters);
        throw Object.assign(new Error(`${fault.code}: injected`), { code: fault.code });
      }
    }
    if (fault.type !== 'crash' || this.operations !== fault.at) return this.#apply(name, real, parameters);
    if (fault.point === 'half' && name === 'writeSync') this.#half(parameters);
    try {
      if (fault.point === 'after') this.#apply(name, real, parameters);
    } catch {
      // What fails by itself changes nothing.
    }
    this.#die(fault.powerLoss ?? false);
    throw new Crash();
  }

  #half([descriptor, bytes, offset, length, position]: unknown[]): void {
    const half = Math.floor((length as number) / 2);
    realFiles.writeSync(
      descriptor as number,
      bytes as Uint8Array,
      offset as number,
      half,
      position as number,
    );
  }

  #apply(name: string, real: (...parameters: unknown[]) => unknown, parameters: unknown[]): unknown {
    if (name === 'fsyncSync') {
      this.#synced(this.#open.get(parameters[0] as number)!);
      return undefined; // the tests need no real disk
    }
    if (name === 'renameSync') this.#remember(String(parameters[0]), String(parameters[1]));
    if (name === 'writeSync') {
      const path = this.#open.get(parameters[0] as number)!;
      if (!this.#unsynced.has(path)) this.#unsynced.set(path, realFiles.statSync(path).size);
    }
    const result = real(...parameters);
    if (name === 'openSync') this.#open.set(result as number, String(parameters[0]));
    return result;
  }

  #synced(path: string): void {
    this.#unsynced.delete(path);
    this.#renames = this.#renames.filter(({ folder }) => folder !== path);
  }

  #remember(from: string, to: string): void {
    const length = this.#unsynced.get(from);
    if (length !== undefined) {
      this.#unsynced.delete(from);
      this.#unsynced.set(to, length);
    }
    const before = realFiles.statSync(to, { throwIfNoEntry: false })?.isFile()
      ? realFiles.readFileSync(to)
      : undefined;
    const undo = () => {
      if (!realFiles.existsSync(to)) return;
      realFiles.renameSync(to, from);
      if (before) realFiles.writeFileSync(to, before);
    };
    this.#renames.push({ folder: dirname(to), undo });
  }

  #die(powerLoss: boolean): void {
    this.#dead = true;
    for (const descriptor of this.#open.keys()) {
      try {
        realFiles.closeSync(descriptor);
      } catch {
        // closed before
      }
    }
    if (!powerLoss) return;
    for (const [path, length] of this.#unsynced) {
      if (realFiles.existsSync(path)) realFiles.truncateSync(path, length);
    }
    for (const { undo } of this.#renames.reverse()) undo();
  }
}
