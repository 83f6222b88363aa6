import { permutation } from '../graph/philox.ts';

/** Row numbers and weights of one batch, always of the full batch size; the arrays are reused. */
export interface Batch {
  readonly rows: Int32Array;
  readonly weights: Float32Array;
  /** How many of the rows are examples; the rest is padding with weight 0. */
  examples: number;
}

export const newBatch = (size: number): Batch => ({
  rows: new Int32Array(size),
  weights: new Float32Array(size),
  examples: 0,
});

export const batchCount = (examples: number, batchSize: number): number => Math.ceil(examples / batchSize);

/** The order of the training examples in an epoch (from 0): the same for all runs of one seed. */
export const epochOrder = (examples: number, seed: number, epoch: number): Int32Array =>
  permutation(examples, seed, epoch);

/**
 * Fills a batch with the rows order[number * size ...]; each example weighs `weight(examples in the batch)`. A partial
 * last batch is padded with row 0, so that every example of every epoch counts and shapes stay fixed.
 */
export function fillBatch(
  batch: Batch,
  order: Int32Array,
  number: number,
  weight: (examples: number) => number,
): void {
  const size = batch.rows.length;
  const rows = order.subarray(number * size, (number + 1) * size);
  batch.examples = rows.length;
  batch.rows.fill(0);
  batch.rows.set(rows);
  batch.weights.fill(0);
  batch.weights.fill(weight(rows.length), 0, rows.length);
}
