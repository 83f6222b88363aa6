import { apply, type DType, defineOp, type Node, type Shape } from '../node.ts';

/** Nodes without inputs: what a program stores, what the host feeds, and constants. */

/** What a leaf of the graph is called, its shape and its element type. */
export interface Named {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
}

export const variableOp = defineOp<0, Named>({
  name: 'variable',
  shape: (_, a) => a.shape,
  dtype: (_, a) => a.dtype,
  gradient: () => [],
});
/**
 * A stored array of a shape: a parameter, a slot of optimizer state or a resident data set. Read before any update of the
 * step.
 */
export const variable = (name: string, shape: Shape, dtype: DType = 'float'): Variable =>
  apply(variableOp, [], { name, shape, dtype });
/** An array that keeps its values from step to step: a parameter, a state slot, or the training data. */
export type Variable = Node<Named>;

export const feedOp = defineOp<0, Named>({
  name: 'feed',
  shape: (_, a) => a.shape,
  dtype: (_, a) => a.dtype,
  gradient: () => [],
});
/** An array of a shape that the host passes with every call. */
export const feed = (name: string, shape: Shape, dtype: DType = 'float'): Feed =>
  apply(feedOp, [], { name, shape, dtype });
/** An array that is given anew with every call, such as the row numbers of a batch. */
export type Feed = Node<Named>;

export const constantOp = defineOp<0, { value: number; shape: Shape }>({
  name: 'constant',
  shape: (_, a) => a.shape,
  gradient: () => [],
});
/** An array of a shape filled with one number; a scalar without a shape. */
export const constant = (value: number, shape: Shape = []): Node => apply(constantOp, [], { value, shape });
