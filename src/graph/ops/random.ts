import { apply, defineOp, type Node, type Shape } from '../node.ts';
import type { PhiloxKey } from '../philox.ts';
import { multiply } from './elementwise.ts';
import { isSparseRows, sparseRowsDropout } from './sparse-rows.ts';

/** Random arrays. The input is a feed int32 [1], the step; with the key it names the numbers (see philox.ts). */

/** A shape, and the key of the stream that fills it. */
export interface RandomArray {
  readonly shape: Shape;
  readonly key: PhiloxKey;
}

export const randomUniformOp = defineOp<1, RandomArray>({
  name: 'randomUniform',
  shape: (_, a) => a.shape,
  gradient: 'none',
});
/** An array of a shape, uniform in [0, 1), multiples of 2^-23. */
export const randomUniform = (shape: Shape, key: PhiloxKey, step: Node): Node =>
  apply(randomUniformOp, [step], { shape, key });

export const randomNormalOp = defineOp<1, RandomArray>({
  name: 'randomNormal',
  shape: (_, a) => a.shape,
  gradient: 'none',
});
/** An array of a shape, standard normal, by Box and Muller's method. */
export const randomNormal = (shape: Shape, key: PhiloxKey, step: Node): Node =>
  apply(randomNormalOp, [step], { shape, key });

export const dropoutMaskOp = defineOp<1, RandomArray & { rate: number }>({
  name: 'dropoutMask',
  shape: (_, a) => a.shape,
  gradient: 'none',
});
/**
 * For each element of a shape 0 with probability `rate` (where the uniform number is below the rate rounded to float32),
 * else 1/(1-rate).
 */
export const dropoutMask = (shape: Shape, rate: number, key: PhiloxKey, step: Node): Node =>
  apply(dropoutMaskOp, [step], { shape, rate, key });

/** Each element is 0 with probability `rate`, the others are multiplied by 1/(1-rate); x may be `sparseRows`. */
export const dropout = (x: Node, rate: number, key: PhiloxKey, step: Node): Node => {
  if (rate === 0) return x;
  if (isSparseRows(x)) return sparseRowsDropout(x, rate, key, step);
  return multiply(x, dropoutMask(x.shape, rate, key, step));
};
