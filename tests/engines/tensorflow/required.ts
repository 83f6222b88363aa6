import { describe } from 'vitest';
import { tensorflow } from '../../../src/engines/tensorflow/index.ts';

const state = await tensorflow.availability();
/** Continuous integration sets it: there a missing TensorFlow is a failure. */
const isRequired = process.env.ADAM_REPRO_REQUIRE_TENSORFLOW === '1';

/** Tests that need TensorFlow; without it they are skipped, and the title says why. */
export function withTensorFlow(title: string, tests: () => void): void {
  const skipped = !state.ok && !isRequired;
  describe.skipIf(skipped)(state.ok || isRequired ? title : `${title} (skipped: ${state.reason})`, tests);
}
