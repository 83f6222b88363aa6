import { misfit } from '../graph-error.ts';
import { apply, defineOp, type Node } from '../node.ts';
import type { PhiloxKey } from '../philox.ts';
import { sparseDropoutOp, sparseMatmul } from './sparse.ts';

/**
 * A matrix of sparse rows as one node, so that a model need not know its parts. No engine computes it, and no op has it
 * as its input: the functions that take one build ops on its parts.
 */
const sparseRowsOp = defineOp<3, { width: number }>({
  name: 'sparseRows',
  shape: ([, , offsets], { width }) => [offsets.shape[0]! - 1, width],
  gradient: 'none',
  composite: true,
});
/**
 * The matrix [b, width] with these entries: columns int32 [entries], values [entries], offsets int32 [b + 1] as in
 * sparse.ts. Only `matmul` (as the first factor), `dropout` and a `reshape` to its own shape take it; every other op
 * throws GraphError.
 */
export const sparseRows = (columns: Node, values: Node, offsets: Node, width: number): Node =>
  apply(sparseRowsOp, [columns, values, offsets], { width });

/** Whether a node is a sparse matrix `[rows, columns]`, as the data set imdb gives it. */
export const isSparseRows = (x: Node): boolean => x.definition.composite === true;

const partsOf = (x: Node): readonly [columns: Node, values: Node, offsets: Node] =>
  x.inputs as unknown as readonly [Node, Node, Node];

export function sparseProduct(x: Node, weights: Node): Node {
  const width = x.shape[1]!;
  if (weights.shape[0] !== width)
    misfit('matmul', [x, weights], `the inner sizes differ (${width} and ${weights.shape[0]})`);
  return sparseMatmul(...partsOf(x), weights);
}

export function sparseRowsDropout(x: Node, rate: number, key: PhiloxKey, step: Node): Node {
  const [columns, values, offsets] = partsOf(x);
  const kept = apply(sparseDropoutOp, [values, offsets, step], { rate, key });
  return sparseRows(columns, kept, offsets, x.shape[1]!);
}
