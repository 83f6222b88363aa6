import type { Shape } from '../../../src/graph/node.ts';
import {
  exp,
  log,
  negate,
  type OpName,
  relu,
  sigmoid,
  softplus,
  sqrt,
  square,
  tanh,
} from '../../../src/graph/ops/index.ts';
import { type Case, exact, given, node, rounded, type Tolerance, transcendental, uniform } from './case.ts';

const shapes: Shape[] = [[], [1], [7], [3, 5], [4, 33], [2, 3, 129]];

type Unary = typeof relu;
interface UnaryRow {
  build: Unary;
  range: [number, number];
  tolerance: Tolerance;
  at: [x: number[], y: number[]];
}

const ln2 = Math.log(2);
const unaries: Partial<Record<OpName, UnaryRow>> = {
  negate: {
    build: negate,
    range: [-3, 3],
    tolerance: exact,
    at: [
      [1, -2, 0.5],
      [-1, 2, -0.5],
    ],
  },
  square: {
    build: square,
    range: [-3, 3],
    tolerance: exact,
    at: [
      [1, -2, 0.5],
      [1, 4, 0.25],
    ],
  },
  sqrt: {
    build: sqrt,
    range: [0.1, 9],
    tolerance: exact,
    at: [
      [4, 9, 0.25],
      [2, 3, 0.5],
    ],
  },
  exp: {
    build: exp,
    range: [-20, 5],
    tolerance: transcendental,
    at: [
      [0, ln2, -ln2],
      [1, 2, 0.5],
    ],
  },
  log: {
    build: log,
    range: [0.01, 50],
    tolerance: transcendental,
    at: [
      [1, 2, 0.5],
      [0, ln2, -ln2],
    ],
  },
  relu: {
    build: relu,
    range: [-2, 2],
    tolerance: exact,
    at: [
      [1, -2, 0, 3],
      [1, 0, 0, 3],
    ],
  },
  sigmoid: {
    build: sigmoid,
    range: [-4, 4],
    tolerance: transcendental,
    at: [
      [0, ln2, -ln2],
      [1 / 2, 2 / 3, 1 / 3],
    ],
  },
  tanh: {
    build: tanh,
    range: [-2, 2],
    tolerance: transcendental,
    at: [
      [0, ln2, -ln2],
      [0, 0.6, -0.6],
    ],
  },
  softplus: {
    build: softplus,
    range: [-15, 15],
    tolerance: transcendental,
    at: [
      [0, 100, -ln2],
      [ln2, 100, Math.log(1.5)],
    ],
  },
};

function unaryCases([op, { build, range, tolerance, at }]: [string, UnaryRow]): Case[] {
  const [x, y] = at;
  const common = { op: op as OpName, build: ([x]: readonly Parameters<Unary>[0][]) => build(x!), tolerance };
  return [
    { ...common, name: 'known values', inputs: [given([x.length], x)], expected: y },
    ...shapes.map((shape) => ({
      ...common,
      name: `[${shape}]`,
      // Away from the kink of relu, where there is no derivative.
      inputs: [uniform(shape, ...range, { away: op === 'relu' ? 0.05 : 0 })],
      gradient: [0],
    })),
  ];
}

interface GradientRow {
  tolerance: Tolerance;
  range: [number, number];
  at: [x: number[], g: number[], out: number[]];
}
const gradients: Partial<Record<OpName, GradientRow>> = {
  reluGradient: {
    tolerance: exact,
    range: [-1, 1],
    at: [
      [0, 2, -0, -1],
      [5, 6, 7, 8],
      [0, 6, 0, 0],
    ],
  },
  sigmoidGradient: {
    tolerance: rounded,
    range: [0, 1],
    at: [
      [0.5, 1, 0.25],
      [4, 3, 16],
      [1, 0, 3],
    ],
  },
  tanhGradient: {
    tolerance: rounded,
    range: [-1, 1],
    at: [
      [0.5, 1, 0],
      [4, 3, 2],
      [3, 0, 2],
    ],
  },
  softplusGradient: {
    tolerance: transcendental,
    range: [-9, 9],
    at: [
      [0, ln2, -ln2],
      [4, 3, 6],
      [2, 2, 2],
    ],
  },
};

const gradientCases = (Object.entries(gradients) as [OpName, GradientRow][]).flatMap(
  ([
    op,
    {
      tolerance,
      range,
      at: [x, g, out],
    },
  ]): Case[] => [
    {
      op,
      name: 'known values',
      inputs: [given([x.length], x), given([x.length], g)],
      build: (i) => node(op, i),
      tolerance,
      expected: out,
    },
    ...shapes.map((shape) => ({
      op,
      name: `[${shape}]`,
      inputs: [uniform(shape, ...range), uniform(shape)],
      build: (i: Parameters<Case['build']>[0]) => node(op, i),
      tolerance,
    })),
  ],
);

export const elementwiseCases: readonly Case[] = [
  ...(Object.entries(unaries) as [string, UnaryRow][]).flatMap(unaryCases),
  ...gradientCases,
  ...([sigmoid, tanh, softplus] as const).map(
    (build): Case => ({
      op: build.name as OpName,
      name: 'large magnitudes do not overflow',
      inputs: [given([6], [-200, -90, -40, 40, 90, 200])],
      build: ([x]) => build(x!),
      tolerance: transcendental,
    }),
  ),
];
