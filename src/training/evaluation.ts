import type { Executable } from '../engines/engine.ts';
import { batchCount, fillBatch, newBatch } from './batches.ts';

export interface Evaluation {
  /** Mean cost of an example, without dropout. */
  readonly cost: number;
  /** Misclassified fraction; undefined for a model that does not classify. */
  readonly error: number | undefined;
}

/**
 * A full pass over the rows from..from+examples-1 of the resident data; `pause` is awaited between batches with the
 * number of examples done, and ends the pass, to `undefined`, by returning false.
 */
export async function evaluate(
  executable: Executable,
  { from, examples, batchSize }: { from: number; examples: number; batchSize: number },
  pause: (done: number) => Promise<boolean>,
): Promise<Evaluation | undefined> {
  const order = Int32Array.from({ length: examples }, (_, i) => from + i);
  const batch = newBatch(batchSize);
  const step = new Int32Array(1);
  let cost = 0;
  let error: number | undefined;
  for (let number = 0; number < batchCount(examples, batchSize); number++) {
    fillBatch(batch, order, number, () => 1);
    step[0] = number;
    const sums = executable.run('evaluate', { rows: batch.rows, weights: batch.weights, step });
    cost += sums.cost![0]!;
    if (sums.error) error = (error ?? 0) + sums.error[0]!;
    if (!(await pause(Math.min((number + 1) * batchSize, examples)))) return undefined;
  }
  return { cost: cost / examples, error: error === undefined ? undefined : error / examples };
}
