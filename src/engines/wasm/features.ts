import { setFlagsFromString } from 'node:v8';
import { f32x4Const, functionModule, instruction } from './wasm-binary.ts';

/** Which kernels this JavaScript engine can run: `relaxed-simd` has a fused multiply-add. */
export type Variant = 'simd' | 'relaxed-simd';

/** The environment variable that forces the plain kernels: `ADAM_REPRO_WASM=simd`. */
export const variantVariable = 'ADAM_REPRO_WASM';

export type Features = { readonly variant: Variant } | { readonly missing: string; readonly remedy: string };

const drop = 0x1a;
const zero = f32x4Const(0);
const probe = (body: readonly number[]): Uint8Array =>
  functionModule({ name: 'probe', parameters: 0, i32Locals: 0, v128Locals: 0, body });
const simdProbe = probe([...zero, drop]);
const relaxedProbe = probe([...zero, ...zero, ...zero, ...instruction.f32x4RelaxedMultiplyAdd, drop]);

/**
 * Asks the JavaScript engine. Node 20 and 21 know relaxed SIMD but have it behind a flag, which may be set at run
 * time as long as nothing that needs it has been compiled; Node 22 has it on.
 */
export function detectFeatures(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  validate: (bytes: Uint8Array) => boolean = WebAssembly.validate,
): Features {
  if (!validate(simdProbe)) {
    return {
      missing: 'this JavaScript engine or processor runs no WebAssembly SIMD',
      remedy: 'use Node 20.19 or later on a processor with SSE4.1 or NEON, or --engine reference',
    };
  }
  if (environment[variantVariable] === 'simd') return { variant: 'simd' };
  if (!validate(relaxedProbe) && needsFlag()) setFlagsFromString('--experimental-wasm-relaxed-simd');
  return { variant: validate(relaxedProbe) ? 'relaxed-simd' : 'simd' };
}

function needsFlag(): boolean {
  const major = Number(process.versions.node.split('.')[0]);
  return major === 20 || major === 21;
}
