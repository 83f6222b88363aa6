import { type Node, type Shape, sizeOf } from '../../graph/node.ts';
import type { AttributesOf, OpName } from '../../graph/ops/index.ts';
import { streams } from '../../graph/philox.ts';
import { convolutionKernels } from './convolution-kernels.ts';
import type { Call, ComputedKernel, Kernel } from './kernel-calls.ts';
import { sparseKernels } from './sparse-kernels.ts';

/** Which functions of the kernels' module compute each op. */

const product = (shape: Shape, from: number, to?: number): number => sizeOf(shape.slice(from, to));
const floatBytes = 4;
const bytesPerElement = (node: Node): number => (node.dtype === 'uint8' ? 1 : 4);
const input = (node: Node<unknown>, i: number): Node => node.inputs[i]!;

/** f(x, out, size) */
const unary = (name: string): ComputedKernel<unknown> => ({
  inPlace: [0],
  calls: (node, { inputs: [x], output }) => [[name, x!, output, sizeOf(node.shape)]],
});
/** f(x or y, g, out, size) */
const unaryGradient = (name: string): ComputedKernel<unknown> => ({
  inPlace: [1, 0],
  calls: (node, { inputs: [x, g], output }) => [[name, x!, g!, output, sizeOf(node.shape)]],
});
/** f(a, b, out, outer, inner, shortFirst): the shorter operand is repeated `outer` times. */
const binary = (name: string): ComputedKernel<unknown> => ({
  inPlace: [0, 1],
  calls: (node, { inputs: [a, b], output }) => {
    const [sizeA, sizeB] = [sizeOf(input(node, 0).shape), sizeOf(input(node, 1).shape)];
    const inner = Math.min(sizeA, sizeB);
    return [[name, a!, b!, output, Math.max(sizeA, sizeB) / inner, inner, Number(sizeA < sizeB)]];
  },
});

/** f(logits, labels, [g,] out, rows, classes, labelBytes) */
const perExample = (name: string): ComputedKernel<unknown> => ({
  calls: (node, { inputs, output }) => {
    const [rows, classes] = input(node, 0).shape as [number, number];
    return [[name, ...inputs, output, rows, classes, bytesPerElement(input(node, 1))]];
  },
});
/** f(...inputs, out, size) */
const perElement = (name: string): ComputedKernel<unknown> => ({
  calls: (node, { inputs, output }) => [[name, ...inputs, output, sizeOf(node.shape)]],
});

const random = (name: string): ComputedKernel<AttributesOf<'randomUniform'>> => ({
  calls: ({ shape, attributes: { key } }, { inputs: [step], output }) => [
    [name, output, sizeOf(shape), key.seed, streams[key.stream], key.draw, { int32At: step! }],
  ],
});

/** matmul's m, n, k and transposes. */
function matmulSizes(node: Node<AttributesOf<'matmul'>>): number[] {
  const { transposeA, transposeB } = node.attributes;
  const [m, n] = node.shape as [number, number];
  return [m, n, input(node, 0).shape[transposeA ? 0 : 1]!, Number(transposeA), Number(transposeB)];
}

/** A copy of `size` positions of an axis, from position `from` of one array to position `to` of another. */
function copyAxis(
  source: { at: number; shape: Shape; from: number },
  target: { at: number; shape: Shape; to: number },
  axis: number,
  size: number,
): Call {
  const inner = product(source.shape, axis + 1) * floatBytes;
  return [
    'copyBlocks',
    source.at + source.from * inner,
    target.at + target.to * inner,
    product(source.shape, 0, axis),
    size * inner,
    source.shape[axis]! * inner,
    target.shape[axis]! * inner,
  ];
}

export const kernels: { readonly [Name in OpName]: Kernel<AttributesOf<Name>> } = {
  variable: 'stored',
  feed: 'stored',
  constant: 'stored',
  reshape: 'alias',
  add: binary('add'),
  subtract: binary('subtract'),
  multiply: binary('multiply'),
  divide: binary('divide'),
  negate: unary('negate'),
  square: unary('square'),
  sqrt: unary('sqrt'),
  exp: unary('exp'),
  log: unary('log'),
  relu: unary('relu'),
  reluGradient: unaryGradient('reluGradient'),
  sigmoid: unary('sigmoid'),
  sigmoidGradient: unaryGradient('sigmoidGradient'),
  tanh: unary('tanh'),
  tanhGradient: unaryGradient('tanhGradient'),
  softplus: unary('softplus'),
  softplusGradient: unaryGradient('softplusGradient'),
  matmul: {
    workspace: (node) => ['matmulScratch', ...matmulSizes(node)],
    calls: (node, { inputs: [a, b], output, workspace }) => [
      ['matmul', a!, b!, output, ...matmulSizes(node), workspace],
    ],
  },
  slice: {
    calls: (node, { inputs: [x], output }) => {
      const { axis, start, size } = node.attributes;
      const source = { at: x!, shape: input(node, 0).shape, from: start };
      return [copyAxis(source, { at: output, shape: node.shape, to: 0 }, axis, size)];
    },
  },
  pad: {
    calls: (node, { inputs: [x], output }) => {
      const { axis, before } = node.attributes;
      const source = { at: x!, shape: input(node, 0).shape, from: 0 };
      const target = { at: output, shape: node.shape, to: before };
      return [['fill', output, 0, sizeOf(node.shape)], copyAxis(source, target, axis, source.shape[axis]!)];
    },
  },
  concat: {
    calls: (node, { inputs, output }) => {
      const { axis } = node.attributes;
      let to = 0;
      return inputs.map((at, i) => {
        const { shape } = input(node, i);
        const call = copyAxis(
          { at, shape, from: 0 },
          { at: output, shape: node.shape, to },
          axis,
          shape[axis]!,
        );
        to += shape[axis]!;
        return call;
      });
    },
  },
  sum: {
    calls: (node, { inputs: [x], output }) => {
      const { from, to } = node.attributes;
      const { shape } = input(node, 0);
      return [['sum', x!, output, product(shape, 0, from), product(shape, from, to), product(shape, to)]];
    },
  },
  expand: {
    calls: (node, { inputs: [x], output }) => {
      const { from, to, shape } = node.attributes;
      return [['expand', x!, output, product(shape, 0, from), product(shape, from, to), product(shape, to)]];
    },
  },
  softmaxCrossEntropy: perExample('softmaxCrossEntropy'),
  softmaxCrossEntropyGradient: perExample('softmaxCrossEntropyGradient'),
  misclassified: perExample('misclassified'),
  sigmoidCrossEntropy: perElement('sigmoidCrossEntropy'),
  sigmoidCrossEntropyGradient: perElement('sigmoidCrossEntropyGradient'),
  ...convolutionKernels,
  ...sparseKernels,
  randomUniform: random('randomUniform'),
  randomNormal: random('randomNormal'),
  dropoutMask: {
    calls: (node, at) => {
      const { rate } = node.attributes;
      const [call] = random('dropoutMask').calls(node, at);
      return [[...call!, rate, 1 / (1 - rate)]];
    },
  },
  gather: {
    calls: (node, { inputs: [data, rows], output }) => {
      const [count] = node.shape as [number];
      const { scale } = node.attributes;
      const source = input(node, 0);
      const width = product(source.shape, 1);
      if (scale === null)
        return [['gatherRows', data!, rows!, output, count, width * bytesPerElement(source)]];
      const name = { uint8: 'gatherScaled', int32: 'gatherScaledInt', float: 'gatherScaledFloat' }[
        source.dtype
      ];
      return [[name, data!, rows!, output, count, width, scale]];
    },
  },
};
