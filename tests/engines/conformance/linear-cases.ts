import { addBias, matmul, relu, sparseMatmul } from '../../../src/graph/ops/index.ts';
import { accumulated, type Case, exact, given, node, uniform } from './case.ts';

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

/** Rows of at most four entries; a row ends at -1, one is full, one empty, one names a column twice. */
const columns = given([4, 4], [2, 0, -1, -1, -1, -1, -1, -1, 5, 1, 3, 2, 4, 4, 0, -1], 'int32');
const values = given([4, 4], [2, 3, 0, 0, 0, 0, 0, 0, 1, -1, 0.5, 4, 1, 2, -3, 0]);

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
  {
    op: 'sparseMatmul',
    name: 'known values',
    inputs: [
      given([2, 2], [1, 0, 2, -1], 'int32'),
      given([2, 2], [2, 3, 4, 0]),
      given([3, 2], [1, 2, 3, 4, 5, 6]),
    ],
    build: ([c, v, w]) => sparseMatmul(c!, v!, w!),
    tolerance: exact,
    expected: [9, 14, 20, 24],
  },
  ...[1, 3, 8, 19].map(
    (n): Case => ({
      op: 'sparseMatmul',
      name: `short, full and empty rows, width ${n}`,
      inputs: [columns, values, uniform([6, n])],
      build: ([c, v, w]) => sparseMatmul(c!, v!, w!),
      tolerance: accumulated,
      gradient: [2],
    }),
  ),
  {
    op: 'sparseMatmulGradient',
    name: 'known values, with a row that nothing names',
    inputs: [given([2, 2], [1, 0, 1, -1], 'int32'), given([2, 2], [2, 3, 4, 0]), given([2, 1], [1, 10])],
    build: (inputs) => node('sparseMatmulGradient', inputs, { rows: 3 }),
    tolerance: exact,
    expected: [3, 42, 0],
  },
  {
    op: 'sparseMatmulGradient',
    name: 'odd width',
    inputs: [columns, values, uniform([4, 7])],
    build: (inputs) => node('sparseMatmulGradient', inputs, { rows: 6 }),
    tolerance: accumulated,
  },
];
