import { tensorflow } from '../../../src/engines/tensorflow/index.ts';
import { conformance } from '../conformance/conformance.ts';
import { optimizerConformance } from '../conformance/optimizers.ts';
import { withTensorFlow } from './required.ts';

withTensorFlow('ops and optimizers', () => {
  conformance(tensorflow);
  optimizerConformance(tensorflow);
});
