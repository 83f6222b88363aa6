/** One split of a data set: inputs row after row, one label per row. */
export interface Split {
  readonly examples: number;
  /** Shape [examples, ...shape], row-major; uint8 inputs are multiplied by `scale` in the training graph. */
  readonly inputs: {
    readonly data: Uint8Array | Float32Array;
    readonly shape: readonly number[];
    readonly scale: number;
  };
  /** Class numbers, shape [examples]. */
  readonly labels: Uint8Array;
}

export interface Dataset {
  readonly name: string;
  readonly classes: number;
  readonly train: Split;
  readonly test: Split;
  /** sha256 of every source file, by file name: recorded in `run.json`. */
  readonly checksums: Readonly<Record<string, string>>;
}

/** The first `examples` rows of a split, without copying. */
export function firstExamples(split: Split, examples: number): Split {
  const width = split.inputs.shape.reduce((a, b) => a * b, 1);
  return {
    examples,
    inputs: { ...split.inputs, data: split.inputs.data.subarray(0, examples * width) },
    labels: split.labels.subarray(0, examples),
  };
}
