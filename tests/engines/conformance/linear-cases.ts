import { addBias, matmul, relu } from '../../../src/graph/ops/index.ts';
import { accumulated, type Case, exact, given, uniform } from './case.ts';

const sizes: [m: number, n: number, k: number][] = [
  [1, 1, 1],
  [3, 5, 7],
  [4, 8, 16],
  [5, 10, 33],
  [17, 9, 1],
  [1, 40, 12],
  [33, 65, 129],
  [128, 10, 50],
];

const products = sizes.flatMap(([m, n, k]) =>
  [false, true].flatMap((transposeA) =>
    [false, true].map(
      (transposeB): Case => ({
        op: 'matmul',
        name: `[${m}, ${k}] x [${k}, ${n}]${transposeA ? ', first transposed' : ''}${transposeB ? ', second transposed' : ''}`,
        inputs: [uniform(transposeA ? [k, m] : [m, k]), uniform(transposeB ? [n, k] : [k, n])],
        build: ([a, b]) => matmul(a!, b!, { transposeA, transposeB }),
        tolerance: accumulated,
        gradient: [0, 1],
      }),
    ),
  ),
);

export const linearCases: readonly Case[] = [
  {
    op: 'matmul',
    name: 'known values',
    inputs: [given([2, 3], [1, 2, 3, 4, 5, 6]), given([3, 2], [1, -1, 0, 2, 3, 1])],
    build: ([a, b]) => matmul(a!, b!),
    tolerance: exact,
    expected: [10, 6, 22, 12],
  },
  ...products,
  {
    op: 'matmul',
    name: 'a matrix with its own transpose',
    inputs: [uniform([13, 6])],
    build: ([a]) => matmul(a!, a!, { transposeA: true }),
    tolerance: accumulated,
    gradient: [0],
  },
  {
    op: 'matmul',
    name: 'two layers with bias and relu',
    inputs: [uniform([9, 14]), uniform([14, 21]), uniform([21], 0.2, 1), uniform([21, 5])],
    build: ([x, w, bias, v]) => matmul(relu(addBias(matmul(x!, w!), bias!)), v!),
    tolerance: accumulated,
    gradient: [1, 2, 3],
  },
];
