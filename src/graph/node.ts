import { GraphError } from './graph-error.ts';

/** Sizes by axis; [] is a scalar. */
export type Shape = readonly number[];
/** `float` is float32 on the fast engines and float64 on the reference engine. */
export type DType = 'float' | 'int32' | 'uint8';

/** One operation of a static graph. Nodes are immutable; a node is identified by the object itself. */
export interface Node<Attributes = unknown> {
  readonly op: string;
  readonly inputs: readonly Node[];
  readonly attributes: Attributes;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly definition: OpDefinition;
}

/** So many of `T`; any number where the count is not known. */
type Tuple<Count extends number, T> = number extends Count
  ? readonly T[]
  : Count extends 0
    ? readonly []
    : Count extends 1
      ? readonly [T]
      : Count extends 2
        ? readonly [T, T]
        : Count extends 3
          ? readonly [T, T, T]
          : readonly [T, T, T, T];

/** The nodes that an op takes, by their count. */
type Inputs<Count extends number> = Tuple<Count, Node>;

/** What an op is: its shape rule and, beside it, its gradient rule. */
export interface OpDefinition<Count extends number = number, Attributes = unknown> {
  readonly name: string;
  readonly shape: (inputs: Inputs<Count>, attributes: Attributes) => Shape;
  readonly dtype: (inputs: Inputs<Count>, attributes: Attributes) => DType;
  /**
   * The gradients of the loss with respect to each input, given the one with respect to the result; null where none
   * flows. `'none'` says that the op cannot be differentiated, which is an error only on a path to a parameter.
   * A rule is plain mathematics: the walk in autodiff.ts sums what was broadcast and adds up what meets.
   */
  readonly gradient:
    | 'none'
    | ((
        node: { inputs: Inputs<Count>; attributes: Attributes; output: Node },
        g: Node,
      ) => Tuple<Count, Node | null>);
  /** Of a node that only stands for its inputs together: no op takes it, and no engine computes it. */
  readonly composite?: boolean;
}

/** Declares an op with `Count` inputs, 0 to 4, or any number of them (`number`). */
export function defineOp<Count extends number, Attributes = Record<string, never>>(definition: {
  name: string;
  shape: OpDefinition<Count, Attributes>['shape'];
  dtype?: OpDefinition<Count, Attributes>['dtype'];
  gradient: OpDefinition<Count, Attributes>['gradient'];
  composite?: boolean;
}): OpDefinition<Count, Attributes> {
  return { dtype: () => 'float', ...definition };
}

/** Makes a node, with its shape worked out by the op's own rule. */
export function apply<Count extends number, Attributes>(
  definition: OpDefinition<Count, Attributes>,
  inputs: Inputs<Count>,
  attributes: Attributes,
): Node<Attributes> {
  if (inputs.some((x) => x.definition.composite)) {
    const detail = 'it has no rule for sparse rows, which only matmul and dropout take';
    throw new GraphError({ code: 'bad-shape', op: definition.name, inputs, detail });
  }
  const shape = definition.shape(inputs, attributes);
  if (shape.some((size) => !Number.isInteger(size) || size < 1)) {
    throw new GraphError({
      code: 'bad-shape',
      op: definition.name,
      inputs,
      detail: `the result would have shape [${shape}]`,
    });
  }
  return {
    op: definition.name,
    inputs,
    attributes,
    shape,
    dtype: definition.dtype(inputs, attributes),
    definition: definition as unknown as OpDefinition,
  };
}

export const sizeOf = (shape: Shape): number => shape.reduce((a, b) => a * b, 1);

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);
