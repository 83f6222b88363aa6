import type { Node, Shape } from '../../graph/node.ts';
import type { AttributesOf, OpName } from '../../graph/ops/index.ts';
import { attribute, type Tensor, type TensorType } from './graphdef.ts';
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

/** The type attribute of most ops. */
export const T = { T: attribute.type('float') };

export const ints = (scope: Scope, values: readonly number[], shape?: Shape): Tensor =>
  scope.op('Const', [], { dtype: attribute.type('int32'), value: attribute.int32(values, shape) });
export const float = (scope: Scope, value: number, shape?: Shape): Tensor =>
  scope.op('Const', [], { dtype: attribute.type('float'), value: attribute.filled(value, shape) });
export const cast = (scope: Scope, x: Tensor, from: TensorType, to: TensorType): Tensor =>
  scope.op('Cast', [x], { SrcT: attribute.type(from), DstT: attribute.type(to) });
export const reshape = (scope: Scope, x: Tensor, type: TensorType, shape: Shape): Tensor =>
  scope.op('Reshape', [x, ints(scope, shape)], { T: attribute.type(type) });

export const inputsOf = (scope: Scope, node: Node): Tensor[] => node.inputs.map((x) => scope.value(x));

/** One op of TensorFlow with the same inputs, in the given order. */
export const direct =
  (op: string, order?: readonly number[]): Emit =>
  (scope, node) => {
    const inputs = inputsOf(scope, node);
    return scope.op(op, order ? order.map((i) => inputs[i]!) : inputs, T);
  };
