import type { Shape } from '../../graph/node.ts';
import { type PoolAttributes, window1d } from '../../graph/ops/convolution.ts';
import type { OpName } from '../../graph/ops/index.ts';
import type { TensorData } from '../engine.ts';
import type { Kernel } from './kernels.ts';

type ConvolutionOp =
  | 'conv2d'
  | 'conv2dInputGradient'
  | 'conv2dFilterGradient'
  | 'maxPool'
  | 'maxPoolGradient';

/**
 * Calls `visit` for every product of a convolution with the flat positions of the image value, the filter value and
 * the result: the forward pass and both gradients are the same sum with the roles exchanged.
 */
function eachProduct(
  image: Shape,
  filter: Shape,
  { stride, padding }: { stride: number; padding: 'same' | 'valid' },
  visit: (image: number, filter: number, result: number) => void,
): void {
  const [n, h, w, c] = image as [number, number, number, number];
  const [kh, kw, , out] = filter as [number, number, number, number];
  const rows = window1d(h, kh, stride, padding);
  const columns = window1d(w, kw, stride, padding);
  for (let b = 0; b < n; b++) {
    for (let y = 0; y < rows.output; y++) {
      for (let x = 0; x < columns.output; x++) {
        for (let i = 0; i < kh; i++) {
          const yy = y * stride - rows.before + i;
          if (yy < 0 || yy >= h) continue;
          for (let j = 0; j < kw; j++) {
            const xx = x * stride - columns.before + j;
            if (xx < 0 || xx >= w) continue;
            for (let p = 0; p < c; p++) {
              for (let q = 0; q < out; q++) {
                visit(
                  ((b * h + yy) * w + xx) * c + p,
                  ((i * kw + j) * c + p) * out + q,
                  ((b * rows.output + y) * columns.output + x) * out + q,
                );
              }
            }
          }
        }
      }
    }
  }
}

/** Calls `visit` for each window with the flat positions of the result and of the first maximum. */
function eachMaximum(
  shape: Shape,
  { size, stride, padding }: PoolAttributes,
  x: TensorData,
  visit: (result: number, maximum: number) => void,
): void {
  const [n, h, w, c] = shape as [number, number, number, number];
  const rows = window1d(h, size, stride, padding);
  const columns = window1d(w, size, stride, padding);
  let result = 0;
  for (let b = 0; b < n; b++) {
    for (let row = 0; row < rows.output; row++) {
      for (let column = 0; column < columns.output; column++) {
        for (let p = 0; p < c; p++) {
          let best = -1;
          for (
            let i = Math.max(0, row * stride - rows.before);
            i < Math.min(h, row * stride - rows.before + size);
            i++
          ) {
            const first = column * stride - columns.before;
            for (let j = Math.max(0, first); j < Math.min(w, first + size); j++) {
              const at = ((b * h + i) * w + j) * c + p;
              if (best < 0 || x[at]! > x[best]!) best = at;
            }
          }
          visit(result++, best);
        }
      }
    }
  }
}

export const convolutionKernels: { readonly [Name in ConvolutionOp & OpName]: Kernel<Name> } = {
  conv2d: ({ inputs, attributes }, [x, filter], out) =>
    eachProduct(inputs[0]!.shape, inputs[1]!.shape, attributes, (i, f, r) => {
      out[r]! += x![i]! * filter![f]!;
    }),
  conv2dInputGradient: ({ inputs, attributes }, [filter, g], out) =>
    eachProduct(attributes.shape, inputs[0]!.shape, attributes, (i, f, r) => {
      out[i]! += g![r]! * filter![f]!;
    }),
  conv2dFilterGradient: ({ inputs, attributes }, [x, g], out) =>
    eachProduct(inputs[0]!.shape, attributes.shape, attributes, (i, f, r) => {
      out[f]! += g![r]! * x![i]!;
    }),
  maxPool: ({ inputs, attributes }, [x], out) =>
    eachMaximum(inputs[0]!.shape, attributes, x!, (r, i) => {
      out[r] = x![i]!;
    }),
  maxPoolGradient: ({ inputs, attributes }, [x, g], out) =>
    eachMaximum(inputs[0]!.shape, attributes, x!, (r, i) => {
      out[i]! += g![r]!;
    }),
};
