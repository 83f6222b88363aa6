import { misfit } from '../graph-error.ts';
import { apply, defineOp, type Node, type Shape, sameShape, sizeOf } from '../node.ts';
import { multiply } from './elementwise.ts';
import { isSparseRows } from './sparse-rows.ts';

/** Rearranging, reducing and repeating: sums run over a contiguous range of axes. */

export const reshapeOp = defineOp<1, { shape: Shape }>({
  name: 'reshape',
  shape: ([x], { shape }) =>
    sizeOf(shape) === sizeOf(x.shape)
      ? shape
      : misfit('reshape', [x], `[${shape}] has another number of elements`),
  dtype: ([x]) => x.dtype,
  gradient: ({ inputs: [x] }, g) => [reshape(g, x.shape)],
});
/** The same elements in another shape of as many; a sparse matrix keeps its own. */
export const reshape = (x: Node, shape: Shape): Node =>
  isSparseRows(x) && sameShape(x.shape, shape) ? x : apply(reshapeOp, [x], { shape });

/** `size` indices of one axis, from `start`. */
export interface Slice {
  readonly axis: number;
  readonly start: number;
  readonly size: number;
}
export const sliceOp = defineOp<1, Slice>({
  name: 'slice',
  shape: ([x], { axis, start, size }) => {
    if (start < 0 || start + size > (x.shape[axis] ?? 0))
      misfit('slice', [x], `axis ${axis} has no range ${start}..${start + size}`);
    return x.shape.with(axis, size);
  },
  gradient: ({ inputs: [x], attributes: { axis, start, size } }, g) => [
    apply(padOp, [g], { axis, before: start, after: x.shape[axis]! - start - size }),
  ],
});
/** The part start..start+size of one axis. */
export const slice = (x: Node, axis: number, start: number, size: number): Node =>
  apply(sliceOp, [x], { axis, start, size });

export const padOp = defineOp<1, { axis: number; before: number; after: number }>({
  name: 'pad',
  shape: ([x], { axis, before, after }) => x.shape.with(axis, x.shape[axis]! + before + after),
  gradient: ({ inputs: [x], attributes: { axis, before } }, g) => [slice(g, axis, before, x.shape[axis]!)],
});

export const concatOp = defineOp<number, { axis: number }>({
  name: 'concat',
  shape: (inputs, { axis }) => {
    const first = inputs[0]!;
    for (const x of inputs) {
      if (
        x.shape.length !== first.shape.length ||
        x.shape.some((n, i) => i !== axis && n !== first.shape[i])
      ) {
        misfit('concat', inputs, `the shapes differ outside axis ${axis}`);
      }
    }
    return first.shape.with(
      axis,
      inputs.reduce((sum, x) => sum + x.shape[axis]!, 0),
    );
  },
  gradient: ({ inputs, attributes: { axis } }, g) => {
    let start = 0;
    return inputs.map((x) => {
      const piece = slice(g, axis, start, x.shape[axis]!);
      start += x.shape[axis]!;
      return piece;
    });
  },
});
/** Arrays one behind the other along `axis`; their shapes differ in that axis alone. */
export const concat = (inputs: readonly Node[], axis: number): Node => apply(concatOp, inputs, { axis });

/** Neighbouring axes. */
export interface AxisRange {
  /** First summed axis. */
  readonly from: number;
  /** First axis behind the summed ones. */
  readonly to: number;
}

export const sumOp = defineOp<1, AxisRange>({
  name: 'sum',
  shape: ([x], { from, to }) => [...x.shape.slice(0, from), ...x.shape.slice(to)],
  gradient: ({ inputs: [x], attributes }, g) => [apply(expandOp, [g], { ...attributes, shape: x.shape })],
});
/** Sums over the axes from..to-1, which the shape loses; over all of them by default. */
export const sum = (x: Node, from = 0, to = x.shape.length): Node => apply(sumOp, [x], { from, to });
/** The mean over the axes from..to-1, which the shape loses; over all of them by default. */
export function mean(x: Node, from = 0, to = x.shape.length): Node {
  const total = sum(x, from, to);
  return multiply(total, 1 / sizeOf(x.shape.slice(from, to)));
}

export const expandOp = defineOp<1, AxisRange & { shape: Shape }>({
  name: 'expand',
  shape: ([x], { from, to, shape }) =>
    [...shape.slice(0, from), ...shape.slice(to)].join() === x.shape.join()
      ? shape
      : misfit('expand', [x], `it is not [${shape}] without the axes ${from}..${to - 1}`),
  gradient: ({ attributes: { from, to } }, g) => [sum(g, from, to)],
});
/** Repeats x along new axes from..to-1 of `shape`: the reverse of `sum`. */
export const expand = (x: Node, shape: Shape, from: number, to: number): Node =>
  apply(expandOp, [x], { shape, from, to });
