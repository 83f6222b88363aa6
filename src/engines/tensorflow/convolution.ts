import { attribute } from './graphdef.ts';
import type { Attributes } from './proto.ts';
import { type Emit, inputsOf, ints, T } from './scope.ts';

type ConvolutionOp =
  | 'conv2d'
  | 'conv2dInputGradient'
  | 'conv2dFilterGradient'
  | 'maxPool'
  | 'maxPoolGradient';

const windows = (
  { stride, padding }: { stride: number; padding: 'same' | 'valid' },
  size?: number,
): Attributes => ({
  ...T,
  strides: attribute.wholes([1, stride, stride, 1]),
  padding: attribute.text(padding.toUpperCase()),
  ...(size !== undefined && { ksize: attribute.wholes([1, size, size, 1]) }),
});

export const convolutionEmits: { readonly [Name in ConvolutionOp]: Emit<Name> } = {
  conv2d: (scope, node) => scope.op('Conv2D', inputsOf(scope, node), windows(node.attributes)),
  conv2dInputGradient: (scope, { inputs: [filter, g], attributes }) =>
    scope.op(
      'Conv2DBackpropInput',
      [ints(scope, attributes.shape), scope.value(filter!), scope.value(g!)],
      windows(attributes),
    ),
  conv2dFilterGradient: (scope, { inputs: [x, g], attributes }) =>
    scope.op(
      'Conv2DBackpropFilter',
      [scope.value(x!), ints(scope, attributes.shape), scope.value(g!)],
      windows(attributes),
    ),
  maxPool: (scope, node) =>
    scope.op('MaxPool', inputsOf(scope, node), windows(node.attributes, node.attributes.size)),
  maxPoolGradient: (scope, { inputs: [x, g], attributes }) => {
    const sizes = windows(attributes, attributes.size);
    const pooled = scope.op('MaxPool', [scope.value(x!)], sizes);
    return scope.op('MaxPoolGrad', [scope.value(x!), pooled, scope.value(g!)], sizes);
  },
};
