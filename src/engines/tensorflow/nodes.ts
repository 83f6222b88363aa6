import type { Node, Shape } from '../../graph/node.ts';
import type { AttributesOf, OpName } from '../../graph/ops/index.ts';
import type { RandomArray } from '../../graph/ops/random.ts';
import { streams } from '../../graph/philox.ts';
import { attribute, type Tensor, type TensorType, tensorType } from './graphdef.ts';
import type { Attributes } from './proto.ts';
import type { Storage } from './storage.ts';

/** Where the nodes of one signature are written. */
export interface Scope {
  /** A node without side effects; the same one is written once. */
  op(op: string, inputs: readonly Tensor[], attributes?: Attributes): Tensor;
  /** The tensor that holds a node's value. */
  value(node: Node): Tensor;
  /** Rows of a variable, without reading all of it; null for a node that is no variable. */
  rows(node: Node, rows: Tensor): { readonly tensor: Tensor; readonly storage: Storage } | null;
}

/** Writes an op of the graph as nodes of TensorFlow. */
export type Emit<Name extends OpName = OpName> = (scope: Scope, node: Node<AttributesOf<Name>>) => Tensor;

const T = { T: attribute.type('float') };

export const ints = (scope: Scope, values: readonly number[], shape?: Shape): Tensor =>
  scope.op('Const', [], { dtype: attribute.type('int32'), value: attribute.int32(values, shape) });
export const float = (scope: Scope, value: number, shape?: Shape): Tensor =>
  scope.op('Const', [], { dtype: attribute.type('float'), value: attribute.filled(value, shape) });
export const cast = (scope: Scope, x: Tensor, from: TensorType, to: TensorType): Tensor =>
  scope.op('Cast', [x], { SrcT: attribute.type(from), DstT: attribute.type(to) });
export const reshape = (scope: Scope, x: Tensor, type: TensorType, shape: Shape): Tensor =>
  scope.op('Reshape', [x, ints(scope, shape)], { T: attribute.type(type) });

const inputsOf = (scope: Scope, node: Node): Tensor[] => node.inputs.map((x) => scope.value(x));

/** One op of TensorFlow with the same inputs, in the given order. */
const direct =
  (op: string, order?: readonly number[]): Emit =>
  (scope, node) => {
    const inputs = inputsOf(scope, node);
    return scope.op(op, order ? order.map((i) => inputs[i]!) : inputs, T);
  };

/** [b] as [b, 1]. */
const column = (scope: Scope, x: Node): Tensor => reshape(scope, scope.value(x), 'float', [x.shape[0]!, 1]);

/** Loss [b] (output 0) and softmax minus one-hot [b, c] (output 1), which TensorFlow computes together. */
const crossEntropy = (scope: Scope, logits: Node, labels: Node): Tensor =>
  scope.op('SparseSoftmaxCrossEntropyWithLogits', [scope.value(logits), scope.value(labels)], {
    ...T,
    Tlabels: attribute.type('int32'),
  });

const windows = (
  { stride, padding }: { stride: number; padding: 'same' | 'valid' },
  size?: number,
): Attributes => ({
  ...T,
  strides: attribute.wholes([1, stride, stride, 1]),
  padding: attribute.text(padding.toUpperCase()),
  ...(size !== undefined && { ksize: attribute.wholes([1, size, size, 1]) }),
});

/** Indices int64 [b * e, 2] and values [b * e] of a sparse matrix; entries behind a row's end add 0 times column 0. */
function sparseEntries(scope: Scope, columns: Node, values: Node): { indices: Tensor; values: Tensor } {
  const [rows, entries] = columns.shape as [number, number];
  const count = rows * entries;
  const flat = reshape(scope, scope.value(columns), 'int32', [count]);
  const int32 = { T: attribute.type('int32') };
  const rowOf = ints(
    scope,
    Array.from({ length: count }, (_, i) => Math.floor(i / entries)),
  );
  const column = scope.op('Maximum', [flat, ints(scope, [0], [])], int32);
  const pairs = scope.op('Pack', [rowOf, column], {
    ...int32,
    N: attribute.whole(2),
    axis: attribute.whole(1),
  });
  const there = scope.op('GreaterEqual', [flat, ints(scope, [0], [])], int32);
  const flatValues = reshape(scope, scope.value(values), 'float', [count]);
  return {
    indices: cast(scope, pairs, 'int32', 'int64'),
    values: scope.op('SelectV2', [there, flatValues, float(scope, 0)], T),
  };
}

const sparseProduct = (
  scope: Scope,
  entries: { indices: Tensor; values: Tensor },
  shape: readonly [number, number],
  dense: Tensor,
  transposed: boolean,
): Tensor =>
  scope.op(
    'SparseTensorDenseMatMul',
    [entries.indices, entries.values, cast(scope, ints(scope, shape), 'int32', 'int64'), dense],
    { ...T, Tindices: attribute.type('int64'), adjoint_a: attribute.flag(transposed) },
  );

/** Philox with the key and the counter of philox.ts: both are two words of 64 bits, lower half first. */
function random(scope: Scope, op: string, { shape, key }: RandomArray, step: Node): Tensor {
  const words = scope.op(
    'ConcatV2',
    [ints(scope, [0, 0]), scope.value(step), ints(scope, [key.draw]), ints(scope, [0], [])],
    {
      T: attribute.type('int32'),
      N: attribute.whole(3),
    },
  );
  const counter = scope.op('Bitcast', [reshape(scope, words, 'int32', [2, 2])], {
    T: attribute.type('int32'),
    type: attribute.type('uint64'),
  });
  const keyWords = (BigInt(streams[key.stream]) << 32n) | BigInt(key.seed >>> 0);
  const keyTensor = scope.op('Const', [], {
    dtype: attribute.type('uint64'),
    value: attribute.uint64([keyWords]),
  });
  const philox = ints(scope, [1], []);
  return scope.op(op, [ints(scope, shape), keyTensor, counter, philox], { dtype: attribute.type('float') });
}

/** The shape with the axes from..to-1 set to 1. */
const kept = (shape: Shape, from: number, to: number): Shape =>
  shape.map((size, i) => (i >= from && i < to ? 1 : size));

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
  multiply: direct('Mul'),
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

  matmul: (scope, node) =>
    scope.op('MatMul', inputsOf(scope, node), {
      ...T,
      transpose_a: attribute.flag(node.attributes.transposeA),
      transpose_b: attribute.flag(node.attributes.transposeB),
    }),
  sparseMatmul: (scope, { inputs }) => {
    const [columns, values, weights] = inputs as [Node, Node, Node];
    const shape = [columns.shape[0]!, weights.shape[0]!] as const;
    return sparseProduct(scope, sparseEntries(scope, columns, values), shape, scope.value(weights), false);
  },
  sparseMatmulGradient: (scope, { inputs, attributes }) => {
    const [columns, values, g] = inputs as [Node, Node, Node];
    const shape = [columns.shape[0]!, attributes.rows] as const;
    return sparseProduct(scope, sparseEntries(scope, columns, values), shape, scope.value(g), true);
  },

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
  expand: (scope, { inputs: [x], shape, attributes: { from, to } }) => {
    if (x!.op === 'constant')
      return float(scope, (x as Node<AttributesOf<'constant'>>).attributes.value, shape);
    const thin = reshape(scope, scope.value(x!), 'float', kept(shape, from, to));
    return scope.op('BroadcastTo', [thin, ints(scope, shape)], { ...T, Tidx: attribute.type('int32') });
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
    const [x, t] = [scope.value(logits!), scope.value(targets!)];
    return scope.op('Sub', [scope.op('Softplus', [x], T), scope.op('Mul', [x, t], T)], T);
  },
  sigmoidCrossEntropyGradient: (scope, { inputs: [logits, targets, g] }) => {
    const probability = scope.op('Sigmoid', [scope.value(logits!)], T);
    const slope = scope.op('Sub', [probability, scope.value(targets!)], T);
    return scope.op('Mul', [slope, scope.value(g!)], T);
  },

  conv2d: (scope, node) => scope.op('Conv2D', inputsOf(scope, node), windows(node.attributes)),
  conv2dInputGradient: (scope, { inputs: [filter, g], attributes }) =>
    scope.op(
      'Conv2DBackpropInput',
      [ints(scope, attributes.shape), scope.value(filter!), scope.value(g!)],
      windows(attributes),
    ),
  conv2dFilterGradient: (scope, { inputs: [x, g], attributes }) =>
    scope.op(
      'Conv2DBackpropFilter',
      [scope.value(x!), ints(scope, attributes.shape), scope.value(g!)],
      windows(attributes),
    ),
  maxPool: (scope, node) =>
    scope.op('MaxPool', inputsOf(scope, node), windows(node.attributes, node.attributes.size)),
  maxPoolGradient: (scope, { inputs: [x, g], attributes }) => {
    const sizes = windows(attributes, attributes.size);
    const pooled = scope.op('MaxPool', [scope.value(x!)], sizes);
    return scope.op('MaxPoolGrad', [scope.value(x!), pooled, scope.value(g!)], sizes);
  },

  randomUniform: (scope, { inputs: [step], attributes }) =>
    random(scope, 'StatelessRandomUniformV2', attributes, step!),
  randomNormal: (scope, { inputs: [step], attributes }) =>
    random(scope, 'StatelessRandomNormalV2', attributes, step!),
  dropoutMask: (scope, { inputs: [step], attributes }) => {
    const uniform = random(scope, 'StatelessRandomUniformV2', attributes, step!);
    const keep = scope.op('GreaterEqual', [uniform, float(scope, attributes.rate)], T);
    const factor = float(scope, 1 / (1 - attributes.rate));
    return scope.op('Mul', [cast(scope, keep, 'bool', 'float'), factor], T);
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
};
