import {
  apply,
  type DType,
  type Node,
  type OpDefinition,
  type Shape,
  sizeOf,
} from '../../../src/graph/node.ts';
import { type OpName, ops } from '../../../src/graph/ops/index.ts';
import { uniforms } from '../../../src/graph/philox.ts';

/** One op (or two) on given inputs: what every engine must compute like the reference. */
export interface Case {
  readonly op: OpName;
  /** Says what is special about the case; names of one op are all different. */
  readonly name: string;
  readonly inputs: readonly Input[];
  readonly build: (inputs: readonly Node[]) => Node;
  readonly tolerance: Tolerance;
  /** Inputs whose gradients are checked. */
  readonly gradient?: readonly number[];
  /** The right result where it can be worked out by hand. */
  readonly expected?: readonly number[];
}

export interface Input {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly values: readonly number[];
  /** Kept in a variable instead of fed. */
  readonly stored?: boolean;
}

/** How far an engine of float32 may be from the reference, relative to the largest magnitude of the result. */
export interface Tolerance {
  readonly relative: number;
  readonly reason: string;
}

/** Copies, masks and single operations that IEEE 754 rounds correctly: the reference rounded to float32. */
export const exact: Tolerance = { relative: 0, reason: 'correctly rounded or copied' };
export const rounded: Tolerance = { relative: 1e-6, reason: 'a few float32 roundings of 6e-8 each' };
export const accumulated: Tolerance = {
  relative: 3e-6,
  reason: 'sums of up to a few hundred products in another order',
};
export const transcendental: Tolerance = {
  relative: 3e-6,
  reason: 'polynomials instead of a correctly rounded exp and log',
};

let draws = 0;

/** Floats in [low, high), as float32 holds them; `away` keeps their magnitude at least that large, beyond kinks. */
export function uniform(shape: Shape, low = -1, high = 1, { away = 0 } = {}): Input {
  const random = uniforms(sizeOf(shape), { seed: 7, stream: 'data', draw: draws++ }, 0);
  const values = [...random].map((u) => {
    const x = low + (high - low) * u;
    return Math.fround(Math.abs(x) < away ? (x < 0 ? -away : away) : x);
  });
  return { shape, dtype: 'float', values };
}

/** Whole numbers in [0, below). */
export function whole(shape: Shape, below: number, dtype: 'int32' | 'uint8' = 'int32'): Input {
  const random = uniforms(sizeOf(shape), { seed: 7, stream: 'data', draw: draws++ }, 0);
  return { shape, dtype, values: [...random].map((u) => Math.floor(u * below)) };
}

export const given = (shape: Shape, values: readonly number[], dtype: DType = 'float'): Input => ({
  shape,
  dtype,
  values: dtype === 'float' ? values.map(Math.fround) : values,
});

/** A node of an op that has no builder, such as the gradient of another op. */
export const node = (op: OpName, inputs: readonly Node[], attributes: unknown = {}): Node =>
  apply(ops[op] as unknown as OpDefinition, inputs, attributes);
