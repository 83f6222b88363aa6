import type { Shape } from '../../../src/graph/node.ts';
import {
  concat,
  constant,
  expand,
  gather,
  mean,
  multiply,
  reshape,
  slice,
  sum,
} from '../../../src/graph/ops/index.ts';
import { accumulated, type Case, exact, given, node, uniform, whole } from './case.ts';

const six = given([2, 3], [1, 2, 3, 4, 5, 6]);

const sums: [Shape, number, number][] = [
  [[7], 0, 1],
  [[3, 5], 0, 1],
  [[3, 5], 1, 2],
  [[3, 5], 0, 2],
  [[2, 3, 5], 1, 2],
  [[4, 7, 9], 0, 2],
  [[4, 7, 9], 1, 3],
  [[6], 0, 0],
  [[128, 37], 0, 1],
  [[5, 401], 1, 2],
  [[1, 1], 0, 2],
];

const slices: [Shape, number, number, number][] = [
  [[9], 0, 2, 5],
  [[4, 7], 0, 1, 2],
  [[4, 7], 1, 3, 3],
  [[2, 5, 3], 1, 0, 4],
  [[2, 5, 3], 2, 2, 1],
];

export const layoutCases: readonly Case[] = [
  {
    op: 'variable',
    name: 'its stored values',
    inputs: [{ ...uniform([3, 7]), stored: true }],
    build: ([x]) => x!,
    tolerance: exact,
    gradient: [0],
  },
  {
    op: 'variable',
    name: 'bytes',
    inputs: [{ ...whole([13], 256, 'uint8'), stored: true }],
    build: ([x]) => x!,
    tolerance: exact,
  },
  { op: 'feed', name: 'floats', inputs: [uniform([5])], build: ([x]) => x!, tolerance: exact, gradient: [0] },
  { op: 'feed', name: 'whole numbers', inputs: [whole([5], 1e9)], build: ([x]) => x!, tolerance: exact },
  {
    op: 'constant',
    name: 'an array',
    inputs: [],
    build: () => constant(0.1, [2, 3]),
    tolerance: exact,
    expected: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1],
  },
  {
    op: 'constant',
    name: 'in a product',
    inputs: [uniform([9])],
    build: ([x]) => multiply(x!, constant(-3, [9])),
    tolerance: exact,
    gradient: [0],
  },

  {
    op: 'reshape',
    name: 'known values',
    inputs: [six],
    build: ([x]) => reshape(x!, [3, 2]),
    tolerance: exact,
    expected: [1, 2, 3, 4, 5, 6],
  },
  {
    op: 'reshape',
    name: 'before and after a product',
    inputs: [uniform([4, 6])],
    build: ([x]) => reshape(multiply(reshape(x!, [3, 8]), 2), [24]),
    tolerance: exact,
    gradient: [0],
  },

  {
    op: 'slice',
    name: 'known values',
    inputs: [six],
    build: ([x]) => slice(x!, 1, 1, 2),
    tolerance: exact,
    expected: [2, 3, 5, 6],
  },
  ...slices.map(
    ([shape, axis, start, size]): Case => ({
      op: 'slice',
      name: `[${shape}], axis ${axis}, ${size} from ${start}`,
      inputs: [uniform(shape)],
      build: ([x]) => slice(x!, axis, start, size),
      tolerance: exact,
      gradient: [0],
    }),
  ),
  {
    op: 'pad',
    name: 'known values',
    inputs: [six],
    build: (x) => node('pad', x, { axis: 1, before: 1, after: 0 }),
    tolerance: exact,
    expected: [0, 1, 2, 3, 0, 4, 5, 6],
  },
  ...slices.map(
    ([shape, axis, before, after]): Case => ({
      op: 'pad',
      name: `[${shape}], axis ${axis}, ${before} before and ${after} after`,
      inputs: [uniform(shape)],
      build: (x) => node('pad', x, { axis, before, after }),
      tolerance: exact,
      gradient: [0],
    }),
  ),
  {
    op: 'concat',
    name: 'known values',
    inputs: [six, given([2, 1], [7, 8])],
    build: (x) => concat(x, 1),
    tolerance: exact,
    expected: [1, 2, 3, 7, 4, 5, 6, 8],
  },
  {
    op: 'concat',
    name: 'three along the first axis',
    inputs: [uniform([2, 5]), uniform([1, 5]), uniform([3, 5])],
    build: (x) => concat(x, 0),
    tolerance: exact,
    gradient: [0, 1, 2],
  },
  {
    op: 'concat',
    name: 'along a middle axis, one twice',
    inputs: [uniform([2, 3, 5]), uniform([2, 1, 5])],
    build: ([a, b]) => concat([a!, b!, a!], 1),
    tolerance: exact,
    gradient: [0, 1],
  },

  {
    op: 'sum',
    name: 'known values',
    inputs: [six],
    build: ([x]) => sum(x!, 0, 1),
    tolerance: exact,
    expected: [5, 7, 9],
  },
  {
    op: 'sum',
    name: 'mean of everything',
    inputs: [six],
    build: ([x]) => mean(x!),
    tolerance: exact,
    expected: [3.5],
    gradient: [0],
  },
  ...sums.map(
    ([shape, from, to]): Case => ({
      op: 'sum',
      name: `[${shape}] over axes ${from} to ${to}`,
      inputs: [uniform(shape, 0, 1)],
      build: ([x]) => sum(x!, from, to),
      tolerance: accumulated,
      gradient: [0],
    }),
  ),
  {
    op: 'expand',
    name: 'known values',
    inputs: [given([2], [1, 2])],
    build: ([x]) => expand(x!, [2, 3], 1, 2),
    tolerance: exact,
    expected: [1, 1, 1, 2, 2, 2],
  },
  ...sums.map(
    ([shape, from, to]): Case => ({
      op: 'expand',
      name: `to [${shape}] along axes ${from} to ${to}`,
      inputs: [uniform([...shape.slice(0, from), ...shape.slice(to)])],
      build: ([x]) => expand(x!, shape, from, to),
      tolerance: exact,
      gradient: [0],
    }),
  ),

  {
    op: 'gather',
    name: 'known values',
    inputs: [six, given([3], [1, 0, 1], 'int32')],
    build: ([d, r]) => gather(d!, r!),
    tolerance: exact,
    expected: [4, 5, 6, 1, 2, 3, 4, 5, 6],
  },
  ...(['uint8', 'int32'] as const).flatMap((dtype): Case[] => [
    {
      op: 'gather',
      name: `${dtype} rows as they are`,
      inputs: [{ ...whole([9, 5], 256, dtype), stored: true }, whole([4], 9)],
      build: ([d, r]) => gather(d!, r!),
      tolerance: exact,
    },
    {
      op: 'gather',
      name: `${dtype} rows scaled`,
      inputs: [{ ...whole([9, 2, 19], 256, dtype), stored: true }, whole([4], 9)],
      build: ([d, r]) => gather(d!, r!, 1 / 255),
      tolerance: { relative: 2e-7, reason: 'the scale is rounded before the product' },
    },
    {
      op: 'gather',
      name: `${dtype} labels`,
      inputs: [{ ...whole([11], 10, dtype), stored: true }, whole([6], 11)],
      build: ([d, r]) => gather(d!, r!),
      tolerance: exact,
    },
  ]),
  {
    op: 'gather',
    name: 'float rows scaled',
    inputs: [uniform([6, 7]), whole([5], 6)],
    build: ([d, r]) => gather(d!, r!, 0.5),
    tolerance: exact,
  },
];
