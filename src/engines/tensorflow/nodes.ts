import { type Node, type Shape, sameShape } from '../../graph/node.ts';
import type { AttributesOf, OpName } from '../../graph/ops/index.ts';
import { convolutionEmits } from './convolution.ts';
import { attribute, type Tensor, tensorType } from './graphdef.ts';
import { randomEmits } from './random.ts';
import { cast, direct, type Emit, float, inputsOf, ints, reshape, type Scope, T } from './scope.ts';
import { sparseEmits } from './sparse.ts';

/** [b] as [b, 1]. */
const column = (scope: Scope, x: Node): Tensor => reshape(scope, scope.value(x), 'float', [x.shape[0]!, 1]);

/** Loss [b] (output 0) and softmax minus one-hot [b, c] (output 1), which TensorFlow computes together. */
const crossEntropy = (scope: Scope, logits: Node, labels: Node): Tensor =>
  scope.op('SparseSoftmaxCrossEntropyWithLogits', [scope.value(logits), scope.value(labels)], {
    ...T,
    Tlabels: attribute.type('int32'),
  });

/**
 * The value of an `expand` with axes of size 1 where it repeats, for an op that repeats its operand by itself; any
 * other node's value.
 */
function repeated(scope: Scope, node: Node, shape: Shape): Tensor {
  if (node.op !== 'expand' || !sameShape(node.shape, shape)) return scope.value(node);
  const [x] = node.inputs as [Node];
  if (x.op === 'constant') return float(scope, (x as Node<AttributesOf<'constant'>>).attributes.value, shape);
  const { from, to } = (node as Node<AttributesOf<'expand'>>).attributes;
  const thin = shape.map((size, i) => (i >= from && i < to ? 1 : size));
  return reshape(scope, scope.value(x), 'float', thin);
}

const product: Emit<'multiply'> = (scope, { inputs, shape }) => {
  const [a, b] = inputs as [Node, Node];
  // At least one operand must have the result's shape.
  const left = b.op === 'expand' || !sameShape(b.shape, shape) ? scope.value(a) : repeated(scope, a, shape);
  const right = sameShape(a.shape, shape) ? repeated(scope, b, shape) : scope.value(b);
  return scope.op('Mul', [left, right], T);
};

const matmul = (scope: Scope, inputs: readonly Tensor[], transposeA: boolean, transposeB: boolean): Tensor =>
  scope.op('MatMul', inputs, {
    ...T,
    transpose_a: attribute.flag(transposeA),
    transpose_b: attribute.flag(transposeB),
  });

/** Columns of a product that count as few. */
const fewColumns = 16;

/**
 * A transposed times B. TensorFlow copies A into blocks first, which takes longer than the product where B has few
 * columns (the weight gradient of logistic regression); the transposed product copies only B, and has the same sums.
 */
const matrixProduct: Emit<'matmul'> = (scope, node) => {
  const { transposeA, transposeB } = node.attributes;
  const [a, b] = inputsOf(scope, node) as [Tensor, Tensor];
  const [rows, columns] = node.shape as [number, number];
  if (!transposeA || transposeB || columns > fewColumns || columns >= rows) {
    return matmul(scope, [a, b], transposeA, transposeB);
  }
  const transposed = matmul(scope, [b, a], true, false);
  return scope.op('Transpose', [transposed, ints(scope, [1, 0])], { ...T, Tperm: attribute.type('int32') });
};

export const emits: { readonly [Name in OpName]: Emit<Name> | 'leaf' } = {
  variable: 'leaf',
  feed: 'leaf',
  constant: (scope, { attributes: { value, shape } }) => float(scope, value, shape),

  add: (scope, node) => {
    const [a, b] = node.inputs as [Node, Node];
    const isBias = b.shape.length === 1 && a.shape.length >= 2;
    return scope.op(isBias ? 'BiasAdd' : 'AddV2', inputsOf(scope, node), T);
  },
  subtract: direct('Sub'),
  multiply: product,
  divide: direct('RealDiv'),
  negate: direct('Neg'),
  square: direct('Square'),
  sqrt: direct('Sqrt'),
  exp: direct('Exp'),
  log: direct('Log'),
  relu: direct('Relu'),
  reluGradient: direct('ReluGrad', [1, 0]),
  sigmoid: direct('Sigmoid'),
  sigmoidGradient: direct('SigmoidGrad'),
  tanh: direct('Tanh'),
  tanhGradient: direct('TanhGrad'),
  softplus: direct('Softplus'),
  softplusGradient: direct('SoftplusGrad', [1, 0]),

  matmul: matrixProduct,
  reshape: (scope, { inputs: [x], shape, dtype }) =>
    reshape(scope, scope.value(x!), tensorType(dtype), shape),
  slice: (scope, { inputs: [x], shape, attributes: { axis, start }, dtype }) =>
    scope.op(
      'Slice',
      [
        scope.value(x!),
        ints(
          scope,
          shape.map((_, i) => (i === axis ? start : 0)),
        ),
        ints(scope, shape),
      ],
      { T: attribute.type(tensorType(dtype)), Index: attribute.type('int32') },
    ),
  pad: (scope, { inputs: [x], shape, attributes: { axis, before, after } }) => {
    const paddings = shape.flatMap((_, i) => (i === axis ? [before, after] : [0, 0]));
    return scope.op('Pad', [scope.value(x!), ints(scope, paddings, [shape.length, 2])], T);
  },
  concat: (scope, node) =>
    scope.op('ConcatV2', [...inputsOf(scope, node), ints(scope, [node.attributes.axis], [])], {
      ...T,
      N: attribute.whole(node.inputs.length),
    }),
  sum: (scope, { inputs: [x], attributes: { from, to } }) => {
    const rank = x!.shape.length;
    if (from === 0 && to === rank - 1 && rank >= 2) return scope.op('BiasAddGrad', [scope.value(x!)], T);
    const axes = ints(
      scope,
      Array.from({ length: to - from }, (_, i) => from + i),
    );
    return scope.op('Sum', [scope.value(x!), axes], { ...T, Tidx: attribute.type('int32') });
  },
  expand: (scope, node) => {
    const thin = repeated(scope, node, node.shape);
    if (node.inputs[0]!.op === 'constant') return thin;
    return scope.op('BroadcastTo', [thin, ints(scope, node.shape)], { ...T, Tidx: attribute.type('int32') });
  },

  softmaxCrossEntropy: (scope, { inputs: [logits, labels] }) => crossEntropy(scope, logits!, labels!),
  softmaxCrossEntropyGradient: (scope, { inputs: [logits, labels, g] }) =>
    scope.op('Mul', [`${crossEntropy(scope, logits!, labels!)}:1`, column(scope, g!)], T),
  misclassified: (scope, { inputs: [logits, labels] }) => {
    const predicted = scope.op('ArgMax', [scope.value(logits!), ints(scope, [1], [])], {
      ...T,
      output_type: attribute.type('int32'),
    });
    const wrong = scope.op('NotEqual', [predicted, scope.value(labels!)], { T: attribute.type('int32') });
    return cast(scope, wrong, 'bool', 'float');
  },
  sigmoidCrossEntropy: (scope, { inputs: [logits, targets] }) => {
    // max(x, 0) - x t - log(max(p, 1 - p)) with p = sigmoid(x), which the gradient needs too: half the time of the op
    // Softplus, and in error by 1e-7 at most.
    const [x, t] = [scope.value(logits!), scope.value(targets!)];
    const p = scope.op('Sigmoid', [x], T);
    const larger = scope.op('Maximum', [p, scope.op('Sub', [float(scope, 1), p], T)], T);
    const linear = scope.op('Sub', [scope.op('Relu', [x], T), scope.op('Mul', [x, t], T)], T);
    return scope.op('Sub', [linear, scope.op('Log', [larger], T)], T);
  },
  sigmoidCrossEntropyGradient: (scope, { inputs: [logits, targets, g], shape }) => {
    const probability = scope.op('Sigmoid', [scope.value(logits!)], T);
    const slope = scope.op('Sub', [probability, scope.value(targets!)], T);
    return scope.op('Mul', [slope, repeated(scope, g!, shape)], T);
  },

  gather: (scope, { inputs: [data, rows], attributes: { scale } }) => {
    const numbers = scope.value(rows!);
    const inData = scope.rows(data!, numbers);
    const from = inData?.storage.type ?? tensorType(data!.dtype);
    const tensor =
      inData?.tensor ??
      scope.op('GatherV2', [scope.value(data!), numbers, ints(scope, [0], [])], {
        Tparams: attribute.type(from),
        Tindices: attribute.type('int32'),
        Taxis: attribute.type('int32'),
      });
    if (scale === null) return from === 'uint8' ? cast(scope, tensor, from, 'int32') : tensor;
    if (inData?.storage.scale === scale) return tensor;
    const floats = from === 'float' ? tensor : cast(scope, tensor, from, 'float');
    return scope.op('Mul', [floats, float(scope, scale)], T);
  },

  ...sparseEmits,
  ...convolutionEmits,
  ...randomEmits,
};
