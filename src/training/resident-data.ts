import { type Dataset, type DenseInputs, isSparse, type SparseInputs } from '../datasets/dataset.ts';
import type { TensorData } from '../engines/engine.ts';
import { UserError } from '../errors.ts';
import type { DataDescription, InputsDescription } from './data-nodes.ts';

export interface ResidentData {
  readonly description: DataDescription;
  /** By the names of the variables in data-nodes.ts. */
  readonly feeds: Readonly<Record<string, TensorData>>;
}

interface ResidentInputs {
  readonly inputs: InputsDescription;
  readonly feeds: Readonly<Record<string, TensorData>>;
}

/**
 * The training examples and behind them the test examples, as the arrays that the program keeps.
 * @throws UserError when a label is none of the classes.
 */
export function residentData({ name, train, test, classes }: Dataset): ResidentData {
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
  const { inputs, feeds } = isSparse(train.inputs)
    ? sparse(train.inputs, test.inputs as SparseInputs)
    : dense(train.inputs, test.inputs as DenseInputs);
  return {
    description: { examples: labels.length, classes, inputs },
    feeds: { ...feeds, 'data/labels': labels },
  };
}

function dense({ data, shape, scale }: DenseInputs, test: DenseInputs): ResidentInputs {
  const inputs = adjoining(data, test.data) ?? joined(data, test.data);
  const dtype = data instanceof Uint8Array ? 'uint8' : 'float';
  return { inputs: { kind: 'dense', shape, dtype, scale }, feeds: { 'data/inputs': inputs } };
}

/** Two arrays that lie one behind the other in memory as one, without a copy. */
function adjoining<A extends Uint8Array | Float32Array>(first: A, second: A): A | undefined {
  if (first.buffer !== second.buffer || first.byteOffset + first.byteLength !== second.byteOffset) return;
  const make = first.constructor as new (buffer: ArrayBufferLike, from: number, length: number) => A;
  return new make(first.buffer, first.byteOffset, first.length + second.length);
}

function joined(first: Uint8Array | Float32Array, second: Uint8Array | Float32Array) {
  const length = first.length + second.length;
  const both = first instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function sparse(train: SparseInputs, test: SparseInputs): ResidentInputs {
  const before = train.columns.length;
  const offsets = new Int32Array(train.offsets.length + test.offsets.length - 1);
  offsets.set(train.offsets);
  for (const [i, offset] of test.offsets.entries()) offsets[train.offsets.length - 1 + i] = before + offset;
  const columns = new Int32Array(before + test.columns.length);
  columns.set(train.columns);
  columns.set(test.columns, before);
  const values = new Float32Array(columns.length);
  values.set(train.counts);
  values.set(test.counts, before);
  let longestRow = 0;
  for (let i = 1; i < offsets.length; i++) longestRow = Math.max(longestRow, offsets[i]! - offsets[i - 1]!);
  return {
    inputs: { kind: 'sparse', width: train.width, entries: columns.length, longestRow },
    feeds: { 'data/offsets': offsets, 'data/columns': columns, 'data/values': values },
  };
}
