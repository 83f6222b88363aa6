import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Availability } from '../engine.ts';
import { loadedTensorFlow, threadsOf } from './binding.ts';
import { locateTensorFlow } from './install/locate.ts';

/**
 * Whether TensorFlow is there, without loading it: an install counts only after its self-test. The device is what
 * TensorFlow uses once it has been loaded, and before that what it should find.
 */
export function availability(): Availability {
  const located = locateTensorFlow();
  if (located === null) {
    return {
      ok: false,
      reason: 'TensorFlow is not installed',
      remedy: 'run "adam-repro engine install tensorflow", or use --engine wasm',
    };
  }
  const { tensorflow, flavour } = located;
  const usesGpu = loadedTensorFlow()?.backend().isUsingGpuDevice ?? flavour !== 'cpu';
  const gpu = usesGpu ? gpuName() : null;
  const tf32 = gpu !== null && process.env.NVIDIA_TF32_OVERRIDE === '1' ? ', TF32' : '';
  const variant = `TensorFlow ${tensorflow}${flavour === 'unknown' ? '' : ` (${flavour}${tf32})`}`;
  return { ok: true, device: gpu ?? 'CPU', gpu: gpu !== null, variant, threads: threadsOf(process.env) };
}

/** The first GPU by the name its driver gives it; null without a driver. */
function gpuName(folder = '/proc/driver/nvidia/gpus'): string | null {
  try {
    const [first] = readdirSync(folder);
    const text = readFileSync(join(folder, first!, 'information'), 'utf8');
    return /^Model:\s*(.+)$/m.exec(text)?.[1]?.trim() ?? null;
  } catch {
    return null;
  }
}
