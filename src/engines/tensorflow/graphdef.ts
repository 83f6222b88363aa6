import type { DType, Shape } from '../../graph/node.ts';
import type { Attributes, AttrValue, NodeDef, ShapeProto, TensorInfo } from './proto.ts';

/** TensorFlow's numbers of the types that are used (tensorflow/core/framework/types.proto). */
const typeNumbers = {
  float: 1,
  int32: 3,
  uint8: 4,
  int64: 9,
  bool: 10,
  resource: 20,
  uint64: 23,
} as const;
export type TensorType = keyof typeof typeNumbers;

/** Inside a graph bytes are int32, which every op takes; only big data sets are stored as bytes. */
export const tensorType = (dtype: DType): 'float' | 'int32' => (dtype === 'float' ? 'float' : 'int32');

const shapeProto = (shape: Shape): ShapeProto => ({ dim: shape.map((size) => ({ size })) });

const bytes = (data: ArrayBufferView): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** Values of attributes. */
export const attribute = {
  type: (type: TensorType): AttrValue => ({ type: typeNumbers[type] }),
  types: (types: readonly TensorType[]): AttrValue => ({ list: { type: types.map((t) => typeNumbers[t]) } }),
  shape: (shape: Shape): AttrValue => ({ shape: shapeProto(shape) }),
  text: (text: string): AttrValue => ({ s: Buffer.from(text) }),
  flag: (b: boolean): AttrValue => ({ b }),
  whole: (i: number): AttrValue => ({ i }),
  wholes: (i: readonly number[]): AttrValue => ({ list: { i } }),
  function: (name: string): AttrValue => ({ func: { name } }),
  /** A float array filled with one number. */
  filled: (value: number, shape: Shape = []): AttrValue => ({
    tensor: { dtype: typeNumbers.float, tensorShape: shapeProto(shape), floatVal: [value] },
  }),
  int32: (values: readonly number[], shape: Shape = [values.length]): AttrValue => ({
    tensor: {
      dtype: typeNumbers.int32,
      tensorShape: shapeProto(shape),
      tensorContent: bytes(Int32Array.from(values)),
    },
  }),
  uint64: (values: readonly bigint[]): AttrValue => ({
    tensor: {
      dtype: typeNumbers.uint64,
      tensorShape: shapeProto([values.length]),
      tensorContent: bytes(BigUint64Array.from(values)),
    },
  }),
};

export const typeNumber = (type: TensorType): number => typeNumbers[type];

/** A node's output: `name`, or `name:index` for any but the first. */
export type Tensor = string;

export const tensorInfo = (tensor: Tensor, type: TensorType, shape: Shape): TensorInfo => ({
  name: `${tensor}:0`,
  dtype: typeNumbers[type],
  tensorShape: shapeProto(shape),
});

/** The name of the node that a tensor comes from. */
export const nodeOf = (tensor: Tensor): string => tensor.split(':', 1)[0]!;

/** The nodes of one graph, named by number: a program's own names need not be names for TensorFlow. */
export class GraphBuilder {
  readonly nodes: NodeDef[] = [];

  /** Adds a node that runs after the nodes that `after` names. */
  add(op: string, inputs: readonly Tensor[], attr: Attributes, after: Iterable<string> = []): Tensor {
    const name = `n${this.nodes.length}`;
    this.nodes.push({ name, op, input: [...inputs, ...[...after].map((n) => `^${n}`)], attr });
    return name;
  }
}
