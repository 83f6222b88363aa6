import { describe } from 'vitest';
import { tensorflow } from '../../../src/engines/tensorflow/index.ts';
import { conformance } from '../conformance/conformance.ts';
import { optimizerConformance } from '../conformance/optimizers.ts';

const state = await tensorflow.availability();
const isRequired = process.env.ADAM_REPRO_REQUIRE_TENSORFLOW === '1';
const title = state.ok || isRequired ? 'installed' : `skipped: ${state.reason}; ${state.remedy}`;

describe.skipIf(!state.ok && !isRequired)(title, () => {
  conformance(tensorflow);
  optimizerConformance(tensorflow);
});
