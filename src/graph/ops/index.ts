import type { Shape } from '../node.ts';
import * as convolution from './convolution.ts';
import * as data from './data.ts';
import * as elementwise from './elementwise.ts';
import * as layout from './layout.ts';
import * as leaves from './leaves.ts';
import * as linear from './linear.ts';
import * as loss from './loss.ts';
import * as random from './random.ts';
import * as sparse from './sparse.ts';

/** Every op by name. Engines keep a kernel for each in a `Record<OpName, Kernel>`, so that none can be forgotten. */
export const ops = {
  variable: leaves.variableOp,
  feed: leaves.feedOp,
  constant: leaves.constantOp,
  add: elementwise.addOp,
  subtract: elementwise.subtractOp,
  multiply: elementwise.multiplyOp,
  divide: elementwise.divideOp,
  negate: elementwise.negateOp,
  square: elementwise.squareOp,
  sqrt: elementwise.sqrtOp,
  exp: elementwise.expOp,
  log: elementwise.logOp,
  relu: elementwise.reluOp,
  reluGradient: elementwise.reluGradientOp,
  sigmoid: elementwise.sigmoidOp,
  sigmoidGradient: elementwise.sigmoidGradientOp,
  tanh: elementwise.tanhOp,
  tanhGradient: elementwise.tanhGradientOp,
  softplus: elementwise.softplusOp,
  softplusGradient: elementwise.softplusGradientOp,
  matmul: linear.matmulOp,
  reshape: layout.reshapeOp,
  slice: layout.sliceOp,
  pad: layout.padOp,
  concat: layout.concatOp,
  sum: layout.sumOp,
  expand: layout.expandOp,
  softmaxCrossEntropy: loss.softmaxCrossEntropyOp,
  softmaxCrossEntropyGradient: loss.softmaxCrossEntropyGradientOp,
  misclassified: loss.misclassifiedOp,
  sigmoidCrossEntropy: loss.sigmoidCrossEntropyOp,
  sigmoidCrossEntropyGradient: loss.sigmoidCrossEntropyGradientOp,
  conv2d: convolution.conv2dOp,
  conv2dInputGradient: convolution.conv2dInputGradientOp,
  conv2dFilterGradient: convolution.conv2dFilterGradientOp,
  maxPool: convolution.maxPoolOp,
  maxPoolGradient: convolution.maxPoolGradientOp,
  randomUniform: random.randomUniformOp,
  randomNormal: random.randomNormalOp,
  dropoutMask: random.dropoutMaskOp,
  gather: data.gatherOp,
  raggedOffsets: sparse.raggedOffsetsOp,
  raggedGather: sparse.raggedGatherOp,
  sparseDropout: sparse.sparseDropoutOp,
  sparseMatmul: sparse.sparseMatmulOp,
  sparseMatmulGradient: sparse.sparseMatmulGradientOp,
} as const;

/** The name of an op of the graph. */
export type OpName = keyof typeof ops;

/** The attributes of an op's nodes. */
export type AttributesOf<Name extends OpName> = (typeof ops)[Name] extends {
  readonly shape: (inputs: never, attributes: infer A) => Shape;
}
  ? A
  : never;

export { conv2d, maxPool } from './convolution.ts';
export { gather } from './data.ts';
export {
  add,
  addBias,
  divide,
  exp,
  log,
  multiply,
  negate,
  relu,
  sigmoid,
  softplus,
  sqrt,
  square,
  subtract,
  tanh,
} from './elementwise.ts';
export { concat, expand, mean, reshape, slice, sum } from './layout.ts';
export { constant, type Feed, feed, type Variable, variable } from './leaves.ts';
export { matmul } from './linear.ts';
export { misclassified, sigmoidCrossEntropy, softmaxCrossEntropy } from './loss.ts';
export { dropout, dropoutMask, randomNormal, randomUniform } from './random.ts';
export { raggedGather, raggedOffsets, sparseMatmul } from './sparse.ts';
export { isSparseRows, sparseRows } from './sparse-rows.ts';
