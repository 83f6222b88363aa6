import type { Node, Shape } from '../../graph/node.ts';
import { window1d } from '../../graph/ops/convolution.ts';
import type { AttributesOf } from '../../graph/ops/index.ts';
import type { ComputedKernel } from './kernel-calls.ts';

type Convolution = AttributesOf<'conv2d'>;
/** n, h, w, c, kh, kw, outChannels, oh, ow, stride, before_h, before_w */
function convolutionSizes(x: Shape, filter: Shape, { stride, padding }: Convolution): number[] {
  const [n, h, w, c] = x as [number, number, number, number];
  const [kh, kw, , outChannels] = filter as [number, number, number, number];
  const rows = window1d(h, kh, stride, padding);
  const columns = window1d(w, kw, stride, padding);
  const before = [rows.before, columns.before];
  return [n, h, w, c, kh, kw, outChannels, rows.output, columns.output, stride, ...before];
}
const convolution = <A extends Convolution>(
  name: string,
  shapes: (node: Node<A>) => [x: Shape, filter: Shape],
): ComputedKernel<A> => ({
  workspace: (node) => [`${name}Scratch`, ...convolutionSizes(...shapes(node), node.attributes)],
  calls: (node, { inputs, output, workspace }) => [
    [name, ...inputs, output, ...convolutionSizes(...shapes(node), node.attributes), workspace],
  ],
});

/** f(x, [g,] out, n, h, w, c, oh, ow, size, stride, before_h, before_w) */
const pooling = (name: string): ComputedKernel<AttributesOf<'maxPool'>> => ({
  calls: (node, { inputs, output }) => {
    const [n, h, w, c] = node.inputs[0]!.shape as [number, number, number, number];
    const { size, stride, padding } = node.attributes;
    const rows = window1d(h, size, stride, padding);
    const columns = window1d(w, size, stride, padding);
    const sizes = [n, h, w, c, rows.output, columns.output, size, stride, rows.before, columns.before];
    return [[name, ...inputs, output, ...sizes]];
  },
});

export const convolutionKernels = {
  conv2d: convolution('conv2d', (node) => [node.inputs[0]!.shape, node.inputs[1]!.shape]),
  conv2dInputGradient: convolution('conv2dInputGradient', (node) => [node.shape, node.inputs[0]!.shape]),
  conv2dFilterGradient: convolution('conv2dFilterGradient', (node) => [node.inputs[0]!.shape, node.shape]),
  maxPool: pooling('maxPool'),
  maxPoolGradient: pooling('maxPoolGradient'),
} as const;
