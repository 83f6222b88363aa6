import type { Dataset } from '../datasets/dataset.ts';
import type { TensorData } from '../engines/engine.ts';
import type { ProgramSettings } from './program.ts';

export interface ResidentData {
  readonly description: ProgramSettings['data'];
  readonly feeds: { readonly 'data/inputs': TensorData; readonly 'data/labels': Uint8Array };
}

/** The training examples and behind them the test examples, as the arrays that the program keeps. */
export function residentData({ train, test, classes }: Dataset): ResidentData {
  const { data, shape, scale } = train.inputs;
  const labels = new Uint8Array(train.examples + test.examples);
  labels.set(train.labels);
  labels.set(test.labels, train.examples);
  const inputs =
    data instanceof Uint8Array
      ? new Uint8Array(data.length + test.inputs.data.length)
      : new Float32Array(data.length + test.inputs.data.length);
  inputs.set(data);
  inputs.set(test.inputs.data, data.length);
  const dtype = data instanceof Uint8Array ? 'uint8' : 'float';
  return {
    description: { examples: labels.length, shape, dtype, scale, classes },
    feeds: { 'data/inputs': inputs, 'data/labels': labels },
  };
}
