import { afterAll, beforeAll, describe, vi } from 'vitest';
import { variantVariable } from '../../../src/engines/wasm/features.ts';
import { wasm } from '../../../src/engines/wasm/index.ts';
import { conformance } from './conformance.ts';
import { optimizerConformance } from './optimizers.ts';

// Where relaxed SIMD is missing both blocks test the same kernels.
describe.each(['relaxed-simd', 'simd'])('%s', (variant) => {
  beforeAll(() => {
    vi.stubEnv(variantVariable, variant);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });
  conformance(wasm);
  optimizerConformance(wasm);
});
