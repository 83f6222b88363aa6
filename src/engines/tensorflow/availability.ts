import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Availability } from '../engine.ts';
import { loadedTensorFlow } from './binding.ts';
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
  const device = (usesGpu ? gpuName() : null) ?? 'CPU';
  const variant = `TensorFlow ${tensorflow}${flavour === 'unknown' ? '' : ` (${flavour})`}`;
  return { ok: true, device, variant };
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
