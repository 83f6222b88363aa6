import { misfit } from '../graph-error.ts';
import { apply, defineOp, type Node, type Shape } from '../node.ts';

/** Convolution and pooling on images [n, height, width, channels]. */

/** `same`: zeros around the image; the output has its height and width divided by the stride, rounded up. `valid`: none. */
export type Padding = 'same' | 'valid';

/** How a window moves over an image: `stride` in pixels, and what happens at the edge. */
export interface ConvolutionAttributes {
  readonly stride: number;
  readonly padding: Padding;
}

/** One spatial axis: output size and padding in front ('same' pads as TensorFlow does, more behind than in front). */
export function window1d(
  size: number,
  kernel: number,
  stride: number,
  padding: Padding,
): { output: number; before: number } {
  if (padding === 'valid') return { output: Math.floor((size - kernel) / stride) + 1, before: 0 };
  const output = Math.ceil(size / stride);
  return { output, before: Math.floor(Math.max(0, (output - 1) * stride + kernel - size) / 2) };
}

const spatial = (
  x: Shape,
  kernel: readonly [number, number],
  { stride, padding }: ConvolutionAttributes,
): [number, number] => [
  window1d(x[1]!, kernel[0], stride, padding).output,
  window1d(x[2]!, kernel[1], stride, padding).output,
];

export const conv2dOp = defineOp<2, ConvolutionAttributes>({
  name: 'conv2d',
  shape: ([x, filter], attributes) => {
    if (x.shape.length !== 4 || filter.shape.length !== 4 || x.shape[3] !== filter.shape[2]) {
      misfit('conv2d', [x, filter], 'it needs images [n, h, w, c] and a filter [kh, kw, c, out]');
    }
    return [
      x.shape[0]!,
      ...spatial(x.shape, [filter.shape[0]!, filter.shape[1]!], attributes),
      filter.shape[3]!,
    ];
  },
  gradient: ({ inputs: [x, filter], attributes }, g) => [
    apply(conv2dInputGradientOp, [filter, g], { ...attributes, shape: x.shape }),
    apply(conv2dFilterGradientOp, [x, g], { ...attributes, shape: filter.shape }),
  ],
});
/** Cross-correlation of images [n, h, w, c] with a filter [kh, kw, c, out]. */
export const conv2d = (
  x: Node,
  filter: Node,
  { stride = 1, padding = 'same' }: Partial<ConvolutionAttributes> = {},
): Node => apply(conv2dOp, [x, filter], { stride, padding });

/** (filter, g) -> the gradient of the images, of the given shape. */
export const conv2dInputGradientOp = defineOp<2, ConvolutionAttributes & { shape: Shape }>({
  name: 'conv2dInputGradient',
  shape: (_, { shape }) => shape,
  gradient: 'none',
});
/** (x, g) -> the gradient of the filter, of the given shape. */
export const conv2dFilterGradientOp = defineOp<2, ConvolutionAttributes & { shape: Shape }>({
  name: 'conv2dFilterGradient',
  shape: (_, { shape }) => shape,
  gradient: 'none',
});

/** A square window of pooling: `size` in pixels. */
export interface PoolAttributes extends ConvolutionAttributes {
  readonly size: number;
}
export const maxPoolOp = defineOp<1, PoolAttributes>({
  name: 'maxPool',
  shape: ([x], attributes) => [
    x.shape[0]!,
    ...spatial(x.shape, [attributes.size, attributes.size], attributes),
    x.shape[3]!,
  ],
  gradient: ({ inputs: [x], attributes }, g) => [apply(maxPoolGradientOp, [x, g], attributes)],
});
/** The maximum of each size x size window of images [n, h, w, c]; values outside the image do not take part. */
export const maxPool = (
  x: Node,
  size: number,
  { stride = size, padding = 'same' }: Partial<ConvolutionAttributes> = {},
): Node => apply(maxPoolOp, [x], { size, stride, padding });
/** (x, g) -> g at the first maximum of each window, in scan order. */
export const maxPoolGradientOp = defineOp<2, PoolAttributes>({
  name: 'maxPoolGradient',
  shape: ([x]) => x.shape,
  gradient: 'none',
});
