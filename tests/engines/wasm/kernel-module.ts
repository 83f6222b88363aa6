import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { describe } from 'vitest';

/** Loads the kernels for their tests, and a memory where every array lies between guard words. */

const root = path.resolve(import.meta.dirname, '../../..');
const sources = path.join(root, 'src/engines/wasm/assembly');
const built = path.join(root, 'dist/engines/wasm');

const modified = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

async function folderOfModules(): Promise<string> {
  const newest = Math.max(...readdirSync(sources).map((file) => modified(path.join(sources, file))));
  const files = ['kernels.wasm', 'kernels-relaxed.wasm'].map((file) => path.join(built, file));
  if (files.every((file) => modified(file) > newest)) return built;
  const folder = mkdtempSync(path.join(tmpdir(), 'kernels-'));
  // @ts-expect-error: a build script without types; loaded only when it is needed, for it brings the compiler along
  const { buildKernels } = await import('../../../scripts/build-kernels.mjs');
  await buildKernels(folder);
  return folder;
}

// Node 20 and 21 know the relaxed instructions behind a flag only, which later versions warn about.
if (Number(process.versions.node.split('.')[0]) < 22) setFlagsFromString('--experimental-wasm-relaxed-simd');
const folder = await folderOfModules();
const variants = ['kernels.wasm', 'kernels-relaxed.wasm']
  .map((file) => ({ file, code: readFileSync(path.join(folder, file)) }))
  .filter(({ code }) => WebAssembly.validate(code));

type Kernel = (...args: number[]) => number;
type Numbers = Float32Array | Int32Array | Uint8Array;
interface NumbersConstructor<T extends Numbers> {
  new (buffer: ArrayBuffer, offset: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
}

const guard = 0xab;
const guardBytes = 64;

/** One instance of the module. `put` lays arrays out one after the other; `intact` looks at the bytes between them. */
export class KernelModule {
  readonly memory: WebAssembly.Memory;
  readonly kernels: Record<string, Kernel>;
  readonly heapBase: number;
  #end: number;
  #guards: number[] = [];

  constructor(code: Uint8Array<ArrayBuffer>) {
    this.memory = new WebAssembly.Memory({ initial: 256 });
    const instance = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory: this.memory } });
    this.kernels = instance.exports as Record<string, Kernel>;
    this.heapBase = (instance.exports.heapBase as WebAssembly.Global).value as number;
    this.#end = this.heapBase;
  }

  /** Forgets all arrays. */
  clear(): void {
    this.#end = this.heapBase;
    this.#guards = [];
  }

  floats(values: ArrayLike<number>): Float32Array {
    return this.#put(Float32Array, values);
  }

  /** An array to be written: full of NaN, so that an element forgotten by a kernel shows. */
  output(size: number): Float32Array {
    return this.#put(Float32Array, new Float32Array(size).fill(Number.NaN));
  }

  ints(values: ArrayLike<number>): Int32Array {
    return this.#put(Int32Array, values);
  }

  uint8s(values: ArrayLike<number>): Uint8Array {
    return this.#put(Uint8Array, values);
  }

  /** Calls a kernel; an array stands for its address. */
  run(name: string, ...args: (number | Numbers)[]): number {
    const kernel = this.kernels[name];
    if (!kernel) throw new Error(`no kernel ${name}`);
    return kernel(...args.map((arg) => (typeof arg === 'number' ? arg : arg.byteOffset)));
  }

  /** Whether nothing was written between the arrays. */
  intact(): boolean {
    const bytes = new Uint8Array(this.memory.buffer);
    return this.#guards.every((start) => bytes.subarray(start, start + guardBytes).every((b) => b === guard));
  }

  #put<T extends Numbers>(type: NumbersConstructor<T>, values: ArrayLike<number>): T {
    const start = Math.ceil(this.#end / 64) * 64 + guardBytes;
    const array = new type(this.memory.buffer as ArrayBuffer, start, values.length);
    array.set(values);
    this.#end = start + array.byteLength + guardBytes;
    for (const at of [start - guardBytes, start + array.byteLength]) {
      new Uint8Array(this.memory.buffer, at, guardBytes).fill(guard);
      this.#guards.push(at);
    }
    return array;
  }
}

/** Runs the tests once for each variant of the module that this Node can load. */
export function describeVariants(tests: (module: KernelModule) => void): void {
  for (const { file, code } of variants) describe(file, () => tests(new KernelModule(code)));
}

/** `size` numbers in [-1, 1), the same in every run: a multiplicative generator is plenty for test data. */
export function numbers(size: number, seed = 1): Float32Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 0x800000 - 1;
  });
}

/** The distance of two floats in units in the last place of `expected`, at least of the smallest normal number. */
export function ulps(actual: number, expected: number): number {
  const rounded = Math.fround(expected);
  if (Object.is(actual, rounded) || (Number.isNaN(actual) && Number.isNaN(rounded))) return 0;
  if (!Number.isFinite(actual) || !Number.isFinite(rounded)) return Number.POSITIVE_INFINITY;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(expected))), -126);
  return Math.abs(actual - expected) / 2 ** (exponent - 23);
}

/** The largest of f(i) for i below `size`. */
export function worst(size: number, f: (i: number) => number): number {
  let most = 0;
  for (let i = 0; i < size; i++) {
    const value = f(i);
    if (!(value <= most)) most = value;
  }
  return most;
}
