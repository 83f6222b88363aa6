import type { Shape } from '../../../src/graph/node.ts';
import { add, divide, multiply, relu, square, subtract } from '../../../src/graph/ops/index.ts';
import { accumulated, type Case, exact, given, uniform } from './case.ts';

const binaryShapes: [string, Shape, Shape][] = [
  ['equal shapes', [3, 5], [3, 5]],
  ['equal shapes, odd size', [131], [131]],
  ['two scalars', [], []],
  ['a row added to each', [4, 7], [7]],
  ['a wide row', [3, 130], [130]],
  ['the row first', [7], [4, 7]],
  ['a scalar second', [5, 3], []],
  ['a scalar first', [], [37]],
  ['a row of one', [9, 1], [1]],
  ['two axes repeated', [2, 3, 5], [3, 5]],
];
const binaries = { add, subtract, multiply, divide };
const binaryValues = {
  add: [5, 1, 0.5],
  subtract: [-1, -5, 1.5],
  multiply: [6, -6, -0.5],
  divide: [2 / 3, -2 / 3, -2],
};

export const binaryCases: readonly Case[] = [
  ...(Object.keys(binaries) as (keyof typeof binaries)[]).flatMap((op): Case[] => {
    const build: Case['build'] = ([a, b]) => binaries[op](a!, b!);
    return [
      {
        op,
        name: 'known values',
        inputs: [given([3], [2, -2, 1]), given([3], [3, 3, -0.5])],
        build,
        tolerance: exact,
        expected: binaryValues[op],
      },
      ...binaryShapes.map(([name, a, b]) => ({
        op,
        name,
        inputs: [uniform(a, -2, 2), uniform(b, 0.5, 2)],
        build,
        tolerance: exact,
        gradient: [0, 1],
      })),
      {
        op,
        name: 'an array with itself',
        inputs: [uniform([19], 0.5, 2)],
        build: ([a]) => binaries[op](a!, a!),
        tolerance: exact,
      },
    ];
  }),
  {
    op: 'multiply',
    name: 'a chain whose values may share memory',
    inputs: [uniform([6, 11], 0.5, 2), uniform([11], 0.5, 2)],
    build: ([x, row]) => {
      const y = multiply(add(x!, row!), row!);
      return subtract(divide(y, square(row!)), multiply(y, relu(x!)));
    },
    tolerance: accumulated,
    gradient: [0, 1],
  },
];
