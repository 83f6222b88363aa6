/** The kernels' module: all pointers are byte addresses, all sizes numbers of elements unless they are named bytes. */

/** First address that the module leaves to its user. */
export const heapBase: usize = __heap_base;

export {
  conv2d, conv2dFilterGradient, conv2dFilterGradientScratch, conv2dInputGradient, conv2dInputGradientScratch,
  conv2dScratch,
} from './convolution';
export { gatherRows, gatherScaled, gatherScaledFloat, gatherScaledInt } from './data';
export {
  add, divide, exp, log, multiply, negate, relu, reluGradient, sigmoid, sigmoidGradient, softplus, softplusGradient,
  sqrt, square, subtract, tanh, tanhGradient,
} from './elementwise';
export { matmul, matmulScratch } from './gemm';
export { copyBlocks, expand, fill } from './layout';
export {
  misclassified, sigmoidCrossEntropy, sigmoidCrossEntropyGradient, softmaxCrossEntropy, softmaxCrossEntropyGradient,
} from './loss';
export { maxPool, maxPoolGradient } from './pooling';
export { dropoutMask, randomNormal, randomUniform } from './random';
export { sum } from './reduction';
export { raggedGather, raggedOffsets, sparseDropout, sparseMatmul, sparseMatmulGradient } from './sparse';
