import { misfit } from '../graph-error.ts';
import { apply, defineOp, type Node } from '../node.ts';

/** Rows of a resident data set. */

export const gatherOp = defineOp<2, { scale: number | null }>({
  name: 'gather',
  shape: ([data, rows]) =>
    rows.dtype === 'int32' && rows.shape.length === 1
      ? [rows.shape[0]!, ...data.shape.slice(1)]
      : misfit('gather', [data, rows], 'the row numbers must be int32 with one axis'),
  dtype: ([data], { scale }) => (scale === null ? data.dtype : 'float'),
  gradient: 'none',
});
/**
 * The rows of `data` [n, ...] with the numbers `rows` (int32 [b]); shape [b, ...].
 * With a scale, whole numbers become floats multiplied by it (1/255: pixels in [0, 1]).
 */
export const gather = (data: Node, rows: Node, scale: number | null = null): Node =>
  apply(gatherOp, [data, rows], { scale });
