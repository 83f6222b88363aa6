import { readFile } from 'node:fs/promises';
import { UserError } from '../../errors.ts';
import type { Program } from '../../graph/program.ts';
import type { Engine, Executable } from '../engine.ts';
import { compileExecutable } from './executable.ts';
import { detectFeatures, type Variant, variantVariable } from './features.ts';

const files: Record<Variant, string> = { simd: 'kernels.wasm', 'relaxed-simd': 'kernels-relaxed.wasm' };
/** The build's folder, seen from here: the same for src/engines/wasm and dist/engines/wasm. */
const folder = new URL('../../../dist/engines/wasm/', import.meta.url);

const modules = new Map<Variant, Promise<WebAssembly.Module>>();
function kernelModule(variant: Variant): Promise<WebAssembly.Module> {
  const known = modules.get(variant) ?? readFile(new URL(files[variant], folder)).then(WebAssembly.compile);
  modules.set(variant, known);
  return known;
}

/**
 * A program on the kernels without fused multiply-add, which give the same bits on every machine: for what is computed
 * once and kept.
 * @throws UserError where this machine runs no WebAssembly SIMD.
 */
export async function compilePortable(program: Program): Promise<Executable> {
  const features = detectFeatures({ [variantVariable]: 'simd' });
  if ('missing' in features) throw new UserError(`${features.missing}: ${features.remedy}.`);
  return compileExecutable(program, await kernelModule('simd'));
}

/** SIMD kernels on one processor core, with memory planned from the graph: the engine that works everywhere. */
export const wasm: Engine = {
  name: 'wasm',
  async availability() {
    const features = detectFeatures();
    if ('missing' in features) return { ok: false, reason: features.missing, remedy: features.remedy };
    try {
      await kernelModule(features.variant);
    } catch (error) {
      const reason = `its kernels cannot be loaded (${error instanceof Error ? error.message : error})`;
      return { ok: false, reason, remedy: 'run "npm run build" in the package folder, or install it again' };
    }
    return { ok: true, device: 'CPU, one core', gpu: false, variant: features.variant, threads: 1 };
  },
  async compile(program) {
    const state = await wasm.availability();
    if (!state.ok) throw new UserError(`The wasm engine is not available: ${state.reason}; ${state.remedy}.`);
    return compileExecutable(program, await kernelModule(state.variant as Variant));
  },
};
