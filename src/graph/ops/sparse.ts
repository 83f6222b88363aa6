import { misfit } from '../graph-error.ts';
import { apply, defineOp, type Node } from '../node.ts';
import type { PhiloxKey } from '../philox.ts';

/**
 * Sparse rows. Their entries stand one behind the other, in arrays that are large enough for any batch; row i has the
 * entries offsets[i] .. offsets[i + 1] - 1, and what stands behind the last row's is not looked at.
 */

const checkRows = (op: string, inputs: readonly Node[], offsets: Node, rows: Node): void => {
  if (offsets.dtype !== 'int32' || offsets.shape.length !== 1 || offsets.shape[0]! < 2) {
    misfit(op, inputs, 'the offsets must be int32 [rows + 1]');
  }
  if (rows.dtype !== 'int32' || rows.shape.length !== 1) {
    misfit(op, inputs, 'the row numbers must be int32 with one axis');
  }
};

export const raggedOffsetsOp = defineOp<2>({
  name: 'raggedOffsets',
  shape: ([offsets, rows]) => {
    checkRows('raggedOffsets', [offsets, rows], offsets, rows);
    return [rows.shape[0]! + 1];
  },
  dtype: () => 'int32',
  gradient: 'none',
});
/** The offsets, int32 of shape [b + 1], of the rows with the numbers `rows` [b], put one behind the other. */
export const raggedOffsets = (offsets: Node, rows: Node): Node => apply(raggedOffsetsOp, [offsets, rows], {});

export const raggedGatherOp = defineOp<3, { capacity: number }>({
  name: 'raggedGather',
  shape: ([data, offsets, rows], { capacity }) => {
    checkRows('raggedGather', [data, offsets, rows], offsets, rows);
    if (data.shape.length !== 1) misfit('raggedGather', [data, offsets, rows], 'the data must have one axis');
    return [capacity];
  },
  dtype: ([data]) => data.dtype,
  gradient: 'none',
});
/** The entries [capacity] of these rows of `data` [entries], one row behind the other, shape [capacity]; 0 behind the last one. */
export const raggedGather = (data: Node, offsets: Node, rows: Node, capacity: number): Node =>
  apply(raggedGatherOp, [data, offsets, rows], { capacity });

/** The share of the elements to drop, and the key of the stream that draws them. */
export interface SparseDropout {
  readonly rate: number;
  readonly key: PhiloxKey;
}
/**
 * (values [entries], offsets, step int32 [1]) -> the values as `dropout` leaves them; 0 behind the last row's. The number
 * of an entry in the batch names its random number.
 */
export const sparseDropoutOp = defineOp<3, SparseDropout>({
  name: 'sparseDropout',
  shape: ([values, offsets, step]) => {
    checkRows('sparseDropout', [values, offsets, step], offsets, step);
    return values.shape;
  },
  gradient: 'none',
});

export const sparseMatmulOp = defineOp<4>({
  name: 'sparseMatmul',
  shape: ([columns, values, offsets, weights]) => {
    const inputs = [columns, values, offsets, weights];
    checkRows('sparseMatmul', inputs, offsets, columns);
    if (values.shape.join() !== columns.shape.join()) {
      misfit('sparseMatmul', inputs, 'columns and values must have one shape [entries]');
    }
    if (weights.shape.length !== 2) misfit('sparseMatmul', inputs, 'the weights must have two axes');
    return [offsets.shape[0]! - 1, weights.shape[1]!];
  },
  gradient: ({ inputs: [columns, values, offsets, weights] }, g) => [
    null,
    null,
    null,
    apply(sparseMatmulGradientOp, [columns, values, offsets, g], { rows: weights.shape[0]! }),
  ],
});
/**
 * Sparse rows times a dense matrix: result[i] = sum over row i's entries e of values[e] * weights[columns[e]].
 * columns: int32 [entries]; values: [entries]; offsets: int32 [b + 1]; weights: [d, n]; result [b, n].
 * Only the weights get a gradient.
 */
export const sparseMatmul = (columns: Node, values: Node, offsets: Node, weights: Node): Node =>
  apply(sparseMatmulOp, [columns, values, offsets, weights], {});

/** (columns, values, offsets, g [b, n]) -> the dense gradient [rows, n] of the weights. */
export const sparseMatmulGradientOp = defineOp<4, { rows: number }>({
  name: 'sparseMatmulGradient',
  shape: ([, , , g], { rows }) => [rows, g.shape[1]!],
  gradient: 'none',
});
