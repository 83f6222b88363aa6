import type { Dataset } from '../datasets/dataset.ts';
import type { TensorData } from '../engines/engine.ts';
import { UserError } from '../errors.ts';
import type { ProgramSettings } from './program.ts';

export interface ResidentData {
  readonly description: ProgramSettings['data'];
  readonly feeds: { readonly 'data/inputs': TensorData; readonly 'data/labels': Uint8Array };
}

/**
 * The training examples and behind them the test examples, as the arrays that the program keeps.
 * @throws UserError when a label is none of the classes.
 */
export function residentData({ name, train, test, classes }: Dataset): ResidentData {
  const { data, shape, scale } = train.inputs;
  const labels = new Uint8Array(train.examples + test.examples);
  labels.set(train.labels);
  labels.set(test.labels, train.examples);
  // Engines take labels on trust.
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new UserError(
      `The data set ${name} has ${classes} classes, but an example with the label ${labels[wrong]}: fetch it again.`,
    );
  }
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
