import type { Shape } from '../../../src/graph/node.ts';
import { type ConvolutionAttributes, window1d } from '../../../src/graph/ops/convolution.ts';
import { conv2d, maxPool } from '../../../src/graph/ops/index.ts';
import { accumulated, type Case, exact, given, node, uniform } from './case.ts';

const convolutions: [x: Shape, filter: Shape, ConvolutionAttributes][] = [
  [[1, 1, 1, 1], [1, 1, 1, 1], { stride: 1, padding: 'same' }],
  [[2, 6, 7, 3], [3, 3, 3, 4], { stride: 1, padding: 'same' }],
  [[2, 6, 7, 3], [3, 3, 3, 4], { stride: 2, padding: 'same' }],
  [[2, 7, 8, 2], [3, 2, 2, 5], { stride: 2, padding: 'valid' }],
  [[1, 9, 9, 1], [5, 5, 1, 9], { stride: 1, padding: 'valid' }],
  [[3, 5, 5, 8], [2, 2, 8, 1], { stride: 1, padding: 'same' }],
  [[1, 8, 8, 3], [3, 3, 3, 17], { stride: 3, padding: 'valid' }],
  [[1, 4, 4, 5], [1, 1, 5, 6], { stride: 2, padding: 'same' }],
];
const pools: [x: Shape, size: number, stride: number, padding: 'same' | 'valid'][] = [
  [[2, 6, 6, 3], 2, 2, 'same'],
  [[1, 7, 8, 5], 3, 2, 'same'],
  [[2, 7, 7, 4], 3, 2, 'valid'],
  [[1, 5, 5, 1], 3, 1, 'same'],
];

const outputShape = (x: Shape, filter: Shape, { stride, padding }: ConvolutionAttributes): Shape => [
  x[0]!,
  window1d(x[1]!, filter[0]!, stride, padding).output,
  window1d(x[2]!, filter[1]!, stride, padding).output,
  filter[3]!,
];
const describeCase = (x: Shape, filter: Shape, { stride, padding }: ConvolutionAttributes): string =>
  `[${x}] with [${filter}], stride ${stride}, ${padding}`;

/** All values different, so that no window has two maxima. */
const different = (shape: Shape) => {
  const input = uniform(shape, -3, -1);
  const order = input.values.map((x, i) => [x, i] as const).sort(([a], [b]) => a - b);
  const values = new Array<number>(order.length);
  order.forEach(([, i], rank) => {
    values[i] = -1 - rank / 64;
  });
  return { ...input, values };
};

const image = given([1, 2, 3, 1], [1, 2, 3, 4, 5, 6]);

export const convolutionCases: readonly Case[] = [
  {
    op: 'conv2d',
    name: 'known values',
    inputs: [image, given([2, 2, 1, 1], [1, 10, 100, 1000])],
    build: ([x, f]) => conv2d(x!, f!, { padding: 'valid' }),
    tolerance: exact,
    expected: [5421, 6532],
  },
  {
    op: 'conv2d',
    name: 'known values, padded behind',
    inputs: [image, given([2, 2, 1, 1], [1, 10, 100, 1000])],
    build: ([x, f]) => conv2d(x!, f!),
    tolerance: exact,
    expected: [5421, 6532, 603, 54, 65, 6],
  },
  {
    op: 'conv2dInputGradient',
    name: 'known values',
    inputs: [given([2, 2, 1, 1], [1, 10, 100, 1000]), given([1, 1, 2, 1], [1, 10])],
    build: (i) => node('conv2dInputGradient', i, { stride: 1, padding: 'valid', shape: [1, 2, 3, 1] }),
    tolerance: exact,
    expected: [1, 20, 100, 100, 2000, 10000],
  },
  {
    op: 'conv2dFilterGradient',
    name: 'known values',
    inputs: [image, given([1, 1, 2, 1], [1, 10])],
    build: (i) => node('conv2dFilterGradient', i, { stride: 1, padding: 'valid', shape: [2, 2, 1, 1] }),
    tolerance: exact,
    expected: [21, 32, 54, 65],
  },
  ...convolutions.flatMap(([x, filter, attributes]): Case[] => [
    {
      op: 'conv2d',
      name: describeCase(x, filter, attributes),
      inputs: [uniform(x), uniform(filter)],
      build: ([a, f]) => conv2d(a!, f!, attributes),
      tolerance: accumulated,
      gradient: [0, 1],
    },
    {
      op: 'conv2dInputGradient',
      name: describeCase(x, filter, attributes),
      inputs: [uniform(filter), uniform(outputShape(x, filter, attributes))],
      build: (inputs) => node('conv2dInputGradient', inputs, { ...attributes, shape: x }),
      tolerance: accumulated,
    },
    {
      op: 'conv2dFilterGradient',
      name: describeCase(x, filter, attributes),
      inputs: [uniform(x), uniform(outputShape(x, filter, attributes))],
      build: (inputs) => node('conv2dFilterGradient', inputs, { ...attributes, shape: filter }),
      tolerance: accumulated,
    },
  ]),
  {
    op: 'maxPool',
    name: 'known values, all negative',
    inputs: [given([1, 2, 3, 1], [-1, -2, -3, -4, -5, -6])],
    build: ([x]) => maxPool(x!, 2),
    tolerance: exact,
    expected: [-1, -3],
  },
  {
    op: 'maxPoolGradient',
    name: 'known values: the first of equal maxima gets all',
    inputs: [given([1, 2, 2, 1], [-7, -2, -2, -2]), given([1, 1, 1, 1], [5])],
    build: (inputs) => node('maxPoolGradient', inputs, { size: 2, stride: 2, padding: 'same' }),
    tolerance: exact,
    expected: [0, 5, 0, 0],
  },
  ...pools.flatMap(([shape, size, stride, padding]): Case[] => {
    const name = `[${shape}], size ${size}, stride ${stride}, ${padding}`;
    const out = outputShape(shape, [size, size, 1, shape[3]!], { stride, padding });
    return [
      {
        op: 'maxPool',
        name,
        inputs: [different(shape)],
        build: ([x]) => maxPool(x!, size, { stride, padding }),
        tolerance: exact,
        gradient: [0],
      },
      {
        op: 'maxPoolGradient',
        name,
        inputs: [different(shape), uniform(out)],
        build: (inputs) => node('maxPoolGradient', inputs, { size, stride, padding }),
        tolerance: accumulated,
      },
    ];
  }),
];
