/** Inputs row after row. */
export interface DenseInputs {
  /** Shape [examples, ...shape], row-major; uint8 inputs are multiplied by `scale` in the training graph. */
  readonly data: Uint8Array | Float32Array;
  readonly shape: readonly number[];
  readonly scale: number;
}

/** Rows of whole numbers that are mostly 0; an example's entries are offsets[i] .. offsets[i + 1] - 1. */
export interface SparseInputs {
  /** Shape [examples + 1]; starts at 0. */
  readonly offsets: Int32Array;
  /** Ascending within a row, below `width`. */
  readonly columns: Uint16Array;
  /** The value of each entry. */
  readonly counts: Uint8Array;
  /** How many columns there are. */
  readonly width: number;
}

export type Inputs = DenseInputs | SparseInputs;

/** One split of a data set: inputs row after row, one label per row. */
export interface Split<I extends Inputs = Inputs> {
  readonly examples: number;
  readonly inputs: I;
  /** Class numbers, shape [examples]. */
  readonly labels: Uint8Array;
}

export interface Dataset<I extends Inputs = Inputs> {
  readonly name: string;
  readonly classes: number;
  readonly train: Split<I>;
  readonly test: Split<I>;
  /** sha256 of every source file, by file name: recorded in `run.json`. */
  readonly checksums: Readonly<Record<string, string>>;
}

export const isSparse = (inputs: Inputs): inputs is SparseInputs => 'columns' in inputs;

/** The first `examples` rows of a split, without copying. */
export function firstExamples<I extends Inputs>({ inputs, labels }: Split<I>, examples: number): Split<I> {
  const first: Inputs = isSparse(inputs) ? firstSparse(inputs, examples) : firstDense(inputs, examples);
  return { examples, inputs: first as I, labels: labels.subarray(0, examples) };
}

function firstDense(inputs: DenseInputs, examples: number): DenseInputs {
  const width = inputs.shape.reduce((a, b) => a * b, 1);
  return { ...inputs, data: inputs.data.subarray(0, examples * width) };
}

function firstSparse({ offsets, columns, counts, width }: SparseInputs, examples: number): SparseInputs {
  const entries = offsets[examples]!;
  return {
    offsets: offsets.subarray(0, examples + 1),
    columns: columns.subarray(0, entries),
    counts: counts.subarray(0, entries),
    width,
  };
}
