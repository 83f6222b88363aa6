import {
  dropout,
  matmul,
  raggedGather,
  raggedOffsets,
  sparseMatmul,
  sparseRows,
} from '../../../src/graph/ops/index.ts';
import { accumulated, type Case, exact, given, type Input, node, uniform } from './case.ts';

const stored = (input: Input): Input => ({ ...input, stored: true });

/** Five rows: two entries, none, four, three with a column named twice, none. Behind them nothing may be looked at. */
const offsets = given([6], [0, 2, 2, 6, 9, 9], 'int32');
const columns = given([12], [2, 0, 5, 1, 3, 2, 4, 4, 0, 99999, -5, 7], 'int32');
const values = given([12], [2, 3, 1, -1, 0.5, 4, 1, 2, -3, 1e30, Number.NaN, 7]);
/** Rows in another order, one of them twice. */
const rows = given([4], [3, 0, 1, 3], 'int32');
const step = given([1], [7], 'int32');
const key = { seed: 99, stream: 'dropout', draw: 2 } as const;

export const sparseCases: readonly Case[] = [
  {
    op: 'raggedOffsets',
    name: 'known values',
    inputs: [stored(offsets), rows],
    build: ([o, r]) => raggedOffsets(o!, r!),
    tolerance: exact,
    expected: [0, 3, 5, 5, 8],
  },
  {
    op: 'raggedGather',
    name: 'whole numbers',
    inputs: [stored(columns), stored(offsets), rows],
    build: ([c, o, r]) => raggedGather(c!, o!, r!, 10),
    tolerance: exact,
    expected: [4, 4, 0, 2, 0, 4, 4, 0, 0, 0],
  },
  {
    op: 'raggedGather',
    name: 'floats, exactly as many as there is room for',
    inputs: [stored(values), stored(offsets), rows],
    build: ([v, o, r]) => raggedGather(v!, o!, r!, 8),
    tolerance: exact,
    expected: [1, 2, -3, 2, 3, 1, 2, -3],
  },
  {
    op: 'raggedGather',
    name: 'bytes, of empty rows',
    inputs: [
      stored(given([3], [7, 8, 9], 'uint8')),
      stored(given([4], [0, 0, 0, 3], 'int32')),
      given([2], [1, 0], 'int32'),
    ],
    build: ([v, o, r]) => raggedGather(v!, o!, r!, 5),
    tolerance: exact,
    expected: [0, 0, 0, 0, 0],
  },
  ...[0.3, 0.5].map(
    (rate): Case => ({
      op: 'sparseDropout',
      name: `rate ${rate}, bit for bit`,
      inputs: [uniform([50]), given([3], [0, 20, 41], 'int32'), step],
      build: (inputs) => node('sparseDropout', inputs, { rate, key }),
      tolerance: rate === 0.5 ? exact : { relative: 2e-7, reason: 'one multiplication by a rounded number' },
    }),
  ),
  {
    op: 'sparseMatmul',
    name: 'known values',
    inputs: [
      given([4], [1, 0, 2, 9], 'int32'),
      given([4], [2, 3, 4, 5]),
      given([3], [0, 2, 3], 'int32'),
      given([3, 2], [1, 2, 3, 4, 5, 6]),
    ],
    build: ([c, v, o, w]) => sparseMatmul(c!, v!, o!, w!),
    tolerance: exact,
    expected: [9, 14, 20, 24],
  },
  ...[1, 2, 3, 8, 19].map(
    (n): Case => ({
      op: 'sparseMatmul',
      name: `short and empty rows, width ${n}`,
      inputs: [columns, values, offsets, uniform([6, n])],
      build: ([c, v, o, w]) => sparseMatmul(c!, v!, o!, w!),
      tolerance: accumulated,
      gradient: [3],
    }),
  ),
  {
    op: 'sparseMatmul',
    name: 'gathered sparse rows with dropout',
    inputs: [stored(columns), stored(values), stored(offsets), rows, step, uniform([6, 2])],
    build: ([c, v, o, r, t, w]) => {
      const [batchColumns, batchValues] = [raggedGather(c!, o!, r!, 16), raggedGather(v!, o!, r!, 16)];
      const x = sparseRows(batchColumns, batchValues, raggedOffsets(o!, r!), 6);
      return matmul(dropout(x, 0.5, key, t!), w!);
    },
    tolerance: accumulated,
    gradient: [5],
  },
  {
    op: 'sparseMatmulGradient',
    name: 'known values, with a row that nothing names',
    inputs: [
      given([4], [1, 0, 1, 2], 'int32'),
      given([4], [2, 3, 4, 0]),
      given([3], [0, 2, 3], 'int32'),
      given([2, 1], [1, 10]),
    ],
    build: (inputs) => node('sparseMatmulGradient', inputs, { rows: 3 }),
    tolerance: exact,
    expected: [3, 42, 0],
  },
  {
    op: 'sparseMatmulGradient',
    name: 'odd width',
    inputs: [columns, values, offsets, uniform([5, 7])],
    build: (inputs) => node('sparseMatmulGradient', inputs, { rows: 6 }),
    tolerance: accumulated,
  },
];
