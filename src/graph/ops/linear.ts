import { misfit } from '../graph-error.ts';
import { apply, defineOp, type Node, type Shape } from '../node.ts';

/** Products of matrices, dense and with sparse rows. */

export interface Transposes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const oriented = (shape: Shape, transpose: boolean): readonly [number, number] =>
  transpose ? [shape[1]!, shape[0]!] : [shape[0]!, shape[1]!];

export const matmulOp = defineOp<2, Transposes>({
  name: 'matmul',
  shape: ([a, b], t) => {
    if (a.shape.length !== 2 || b.shape.length !== 2)
      misfit('matmul', [a, b], 'both inputs must have two axes');
    if (a.dtype !== 'float' || b.dtype !== 'float') misfit('matmul', [a, b], 'the inputs must be floats');
    const [m, k] = oriented(a.shape, t.transposeA);
    const [k2, n] = oriented(b.shape, t.transposeB);
    return k === k2 ? [m, n] : misfit('matmul', [a, b], `the inner sizes differ (${k} and ${k2})`);
  },
  gradient: ({ inputs: [a, b], attributes: { transposeA: ta, transposeB: tb } }, g) => [
    ta ? matmul(b, g, { transposeA: tb, transposeB: true }) : matmul(g, b, { transposeB: !tb }),
    tb ? matmul(g, a, { transposeA: true, transposeB: ta }) : matmul(a, g, { transposeA: !ta }),
  ],
});
/** The product [m, k] x [k, n], either one transposed on request. */
export const matmul = (a: Node, b: Node, transposes: Partial<Transposes> = {}): Node =>
  apply(matmulOp, [a, b], { transposeA: false, transposeB: false, ...transposes });

export const sparseMatmulOp = defineOp<3>({
  name: 'sparseMatmul',
  shape: ([columns, values, weights]) => {
    const inputs = [columns, values, weights];
    if (columns.dtype !== 'int32') misfit('sparseMatmul', inputs, 'the columns must be int32');
    if (columns.shape.length !== 2 || values.shape.join() !== columns.shape.join()) {
      misfit('sparseMatmul', inputs, 'columns and values must have one shape [rows, entries]');
    }
    if (weights.shape.length !== 2) misfit('sparseMatmul', inputs, 'the weights must have two axes');
    return [columns.shape[0]!, weights.shape[1]!];
  },
  gradient: ({ inputs: [columns, values, weights] }, g) => [
    null,
    null,
    apply(sparseMatmulGradientOp, [columns, values, g], { rows: weights.shape[0]! }),
  ],
});
/**
 * Sparse rows times a dense matrix: result[b] = sum over e of values[b, e] * weights[columns[b, e]].
 * columns: int32 [b, e], entries behind a row's last one are -1; values: [b, e]; weights: [d, n]; result [b, n].
 * Only the weights get a gradient.
 */
export const sparseMatmul = (columns: Node, values: Node, weights: Node): Node =>
  apply(sparseMatmulOp, [columns, values, weights], {});

/** (columns, values, g [b, n]) -> the dense gradient [rows, n] of the weights. */
export const sparseMatmulGradientOp = defineOp<3, { rows: number }>({
  name: 'sparseMatmulGradient',
  shape: ([, , g], { rows }) => [rows, g.shape[1]!],
  gradient: 'none',
});
