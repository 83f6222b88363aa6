import { misfit } from '../graph-error.ts';
import { apply, defineOp, type Node, type Shape } from '../node.ts';
import { isSparseRows, sparseProduct } from './sparse-rows.ts';

/** Products of matrices. */

/** Which factor of a product of matrices is read with rows and columns exchanged. */
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
/** The product [m, k] x [k, n], either one transposed on request; the first one may be `sparseRows`. */
export const matmul = (a: Node, b: Node, transposes: Partial<Transposes> = {}): Node => {
  if (isSparseRows(a) && !transposes.transposeA && !transposes.transposeB) return sparseProduct(a, b);
  return apply(matmulOp, [a, b], { transposeA: false, transposeB: false, ...transposes });
};
