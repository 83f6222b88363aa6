import { type Node, sizeOf } from '../../graph/node.ts';
import type { AttributesOf, OpName } from '../../graph/ops/index.ts';
import type { TensorData } from '../engine.ts';
import { convolutionKernels } from './convolution.ts';
import { randomKernels } from './random.ts';
import { sparseKernels } from './sparse.ts';

/**
 * The executable definition of every op: plain float64 loops, no cleverness. `out` holds zeros when a kernel starts;
 * arrays are row-major.
 */
export type Kernel<Name extends OpName = OpName> = (
  node: Node<AttributesOf<Name>>,
  inputs: readonly TensorData[],
  out: TensorData,
) => void;

const unary =
  (f: (x: number) => number): Kernel =>
  (_, [x], out) => {
    for (let i = 0; i < out.length; i++) out[i] = f(x![i]!);
  };

/** The shorter operand repeats: it has the longer one's last axes. */
const binary =
  (f: (a: number, b: number) => number): Kernel =>
  (_, [a, b], out) => {
    for (let i = 0; i < out.length; i++) out[i] = f(a![i % a!.length]!, b![i % b!.length]!);
  };

const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** exp(x - largest) of one row of logits into `row`, and the sum. */
function exponentials(
  logits: TensorData,
  start: number,
  row: Float64Array,
): { largest: number; sum: number } {
  let largest = -Infinity;
  for (let c = 0; c < row.length; c++) largest = Math.max(largest, logits[start + c]!);
  let sum = 0;
  for (let c = 0; c < row.length; c++) {
    row[c] = Math.exp(logits[start + c]! - largest);
    sum += row[c]!;
  }
  return { largest, sum };
}

/** A shape seen as [outer, the axes from..to, inner]. */
function blocks(shape: readonly number[], from: number, to: number): [number, number, number] {
  return [sizeOf(shape.slice(0, from)), sizeOf(shape.slice(from, to)), sizeOf(shape.slice(to))];
}

export const kernels: { readonly [Name in OpName]: Kernel<Name> | 'leaf' } = {
  variable: 'leaf',
  feed: 'leaf',
  constant: ({ attributes }, _, out) => out.fill(attributes.value),

  add: binary((a, b) => a + b),
  subtract: binary((a, b) => a - b),
  multiply: binary((a, b) => a * b),
  divide: binary((a, b) => a / b),
  negate: unary((x) => -x),
  square: unary((x) => x * x),
  sqrt: unary(Math.sqrt),
  exp: unary(Math.exp),
  log: unary(Math.log),
  relu: unary((x) => Math.max(x, 0)),
  reluGradient: binary((y, g) => (y > 0 ? g : 0)),
  sigmoid: unary(sigmoid),
  sigmoidGradient: binary((y, g) => g * y * (1 - y)),
  tanh: unary(Math.tanh),
  tanhGradient: binary((y, g) => g * (1 - y * y)),
  softplus: unary(softplus),
  softplusGradient: binary((x, g) => g * sigmoid(x)),

  matmul: ({ inputs, shape, attributes: { transposeA, transposeB } }, [a, b], out) => {
    const [m, n] = shape as [number, number];
    const [aRows, aColumns] = inputs[0]!.shape as [number, number];
    const bColumns = inputs[1]!.shape[1]!;
    const inner = transposeA ? aRows : aColumns;
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let total = 0;
        for (let k = 0; k < inner; k++) {
          const left = transposeA ? a![k * aColumns + i]! : a![i * aColumns + k]!;
          total += left * (transposeB ? b![j * bColumns + k]! : b![k * bColumns + j]!);
        }
        out[i * n + j] = total;
      }
    }
  },

  reshape: (_, [x], out) => out.set(x!),
  slice: ({ inputs, attributes: { axis, start, size } }, [x], out) => {
    const [outer, length, inner] = blocks(inputs[0]!.shape, axis, axis + 1);
    for (let o = 0; o < outer; o++) {
      const from = (o * length + start) * inner;
      out.set(x!.subarray(from, from + size * inner), o * size * inner);
    }
  },
  pad: ({ inputs, attributes: { axis, before, after } }, [x], out) => {
    const [outer, length, inner] = blocks(inputs[0]!.shape, axis, axis + 1);
    for (let o = 0; o < outer; o++) {
      const row = x!.subarray(o * length * inner, (o + 1) * length * inner);
      out.set(row, (o * (before + length + after) + before) * inner);
    }
  },
  concat: ({ inputs, shape, attributes: { axis } }, arrays, out) => {
    const [outer, total, inner] = blocks(shape, axis, axis + 1);
    let start = 0;
    inputs.forEach((input, i) => {
      const width = input.shape[axis]! * inner;
      for (let o = 0; o < outer; o++) {
        out.set(arrays[i]!.subarray(o * width, (o + 1) * width), o * total * inner + start);
      }
      start += width;
    });
  },
  sum: ({ inputs, attributes: { from, to } }, [x], out) => {
    const [outer, middle, inner] = blocks(inputs[0]!.shape, from, to);
    for (let o = 0; o < outer; o++) {
      for (let m = 0; m < middle; m++) {
        for (let i = 0; i < inner; i++) out[o * inner + i]! += x![(o * middle + m) * inner + i]!;
      }
    }
  },
  expand: ({ shape, attributes: { from, to } }, [x], out) => {
    const [outer, middle, inner] = blocks(shape, from, to);
    for (let o = 0; o < outer; o++) {
      for (let m = 0; m < middle; m++) {
        for (let i = 0; i < inner; i++) out[(o * middle + m) * inner + i] = x![o * inner + i]!;
      }
    }
  },

  softmaxCrossEntropy: ({ inputs }, [logits, labels], out) => {
    const row = new Float64Array(inputs[0]!.shape[1]!);
    for (let r = 0; r < out.length; r++) {
      const { largest, sum } = exponentials(logits!, r * row.length, row);
      // A label that is no class has no logit: NaN.
      const atLabel = logits!.subarray(r * row.length, (r + 1) * row.length)[labels![r]!] ?? Number.NaN;
      out[r] = Math.log(sum) + largest - atLabel;
    }
  },
  softmaxCrossEntropyGradient: ({ shape }, [logits, labels, g], out) => {
    const row = new Float64Array(shape[1]!);
    for (let r = 0; r < shape[0]!; r++) {
      const { sum } = exponentials(logits!, r * row.length, row);
      for (let c = 0; c < row.length; c++) {
        out[r * row.length + c] = (row[c]! / sum - (labels![r] === c ? 1 : 0)) * g![r]!;
      }
    }
  },
  misclassified: ({ inputs }, [logits, labels], out) => {
    const classes = inputs[0]!.shape[1]!;
    for (let r = 0; r < out.length; r++) {
      const row = logits!.subarray(r * classes, (r + 1) * classes);
      let best = 0;
      for (let c = 1; c < classes; c++) if (row[c]! > row[best]!) best = c;
      out[r] = best === labels![r] ? 0 : 1;
    }
  },
  sigmoidCrossEntropy: binary((x, t) => softplus(x) - x * t),
  sigmoidCrossEntropyGradient: (_, [x, t, g], out) => {
    for (let i = 0; i < out.length; i++) out[i] = (sigmoid(x![i]!) - t![i]!) * g![i]!;
  },

  gather: ({ attributes: { scale } }, [data, rows], out) => {
    const width = out.length / rows!.length;
    for (let r = 0; r < rows!.length; r++) {
      for (let i = 0; i < width; i++) out[r * width + i] = data![rows![r]! * width + i]! * (scale ?? 1);
    }
  },

  ...convolutionKernels,
  ...randomKernels,
  ...sparseKernels,
};
