import { misclassified, sigmoidCrossEntropy, softmaxCrossEntropy } from '../../../src/graph/ops/index.ts';
import { type Case, exact, given, node, rounded, transcendental, uniform, whole } from './case.ts';

const ln2 = Math.log(2);
const rows: [number, number][] = [
  [1, 2],
  [5, 10],
  [3, 4],
  [7, 17],
  [2, 100],
];

const entropyCases = rows.flatMap(([examples, classes]) =>
  (['uint8', 'int32'] as const).flatMap((dtype): Case[] => {
    const inputs = [uniform([examples, classes], -4, 4), whole([examples], classes, dtype)];
    const name = `[${examples}, ${classes}], labels of ${dtype}`;
    return [
      {
        op: 'softmaxCrossEntropy',
        name,
        inputs,
        build: ([x, l]) => softmaxCrossEntropy(x!, l!),
        tolerance: transcendental,
        gradient: [0],
      },
      {
        op: 'softmaxCrossEntropyGradient',
        name,
        inputs: [...inputs, uniform([examples])],
        build: (i) => node('softmaxCrossEntropyGradient', i),
        tolerance: transcendental,
      },
      { op: 'misclassified', name, inputs, build: ([x, l]) => misclassified(x!, l!), tolerance: exact },
    ];
  }),
);

const sizes = [[1], [7], [3, 33]];

export const lossCases: readonly Case[] = [
  ...entropyCases,
  {
    op: 'softmaxCrossEntropy',
    name: 'known values',
    inputs: [given([2, 2], [0, 0, Math.log(3), 0]), given([2], [1, 0], 'uint8')],
    build: ([x, l]) => softmaxCrossEntropy(x!, l!),
    tolerance: transcendental,
    expected: [ln2, Math.log(4 / 3)],
  },
  {
    op: 'softmaxCrossEntropy',
    name: 'logits of a thousand do not overflow',
    inputs: [given([2, 3], [1000, -1000, 999, -1000, -1001, -1002]), given([2], [1, 0], 'uint8')],
    build: ([x, l]) => softmaxCrossEntropy(x!, l!),
    tolerance: transcendental,
    gradient: [0],
  },
  {
    op: 'softmaxCrossEntropyGradient',
    name: 'known values',
    inputs: [given([2, 2], [0, 0, Math.log(3), 0]), given([2], [1, 0], 'uint8'), given([2], [2, 4])],
    build: (i) => node('softmaxCrossEntropyGradient', i),
    tolerance: transcendental,
    expected: [1, -1, -1, 1],
  },
  {
    op: 'misclassified',
    name: 'of equal logits the first counts',
    inputs: [given([4, 3], [1, 1, 0, 0, 1, 1, 2, 2, 2, 0, 0, 3]), given([4], [0, 2, 1, 2], 'uint8')],
    build: ([x, l]) => misclassified(x!, l!),
    tolerance: exact,
    expected: [0, 1, 1, 0],
  },
  {
    op: 'sigmoidCrossEntropy',
    name: 'known values',
    inputs: [given([3], [0, Math.log(3), Math.log(3)]), given([3], [0.3, 1, 0])],
    build: ([x, t]) => sigmoidCrossEntropy(x!, t!),
    tolerance: transcendental,
    expected: [ln2, Math.log(4 / 3), Math.log(4)],
  },
  {
    op: 'sigmoidCrossEntropy',
    name: 'large logits do not overflow',
    inputs: [given([6], [-300, -90, -30, 30, 90, 300]), given([6], [0, 1, 0, 1, 0, 1])],
    build: ([x, t]) => sigmoidCrossEntropy(x!, t!),
    tolerance: transcendental,
  },
  {
    op: 'sigmoidCrossEntropyGradient',
    name: 'known values',
    inputs: [given([3], [0, Math.log(3), -Math.log(3)]), given([3], [0.5, 1, 0]), given([3], [7, 4, 8])],
    build: (i) => node('sigmoidCrossEntropyGradient', i),
    tolerance: rounded,
    expected: [0, -1, 2],
  },
  ...sizes.flatMap((shape): Case[] => [
    {
      op: 'sigmoidCrossEntropy',
      name: `[${shape}]`,
      inputs: [uniform(shape, -8, 8), uniform(shape, 0, 1)],
      build: ([x, t]) => sigmoidCrossEntropy(x!, t!),
      tolerance: transcendental,
      gradient: [0],
    },
    {
      op: 'sigmoidCrossEntropyGradient',
      name: `[${shape}]`,
      inputs: [uniform(shape, -8, 8), uniform(shape, 0, 1), uniform(shape)],
      build: (i) => node('sigmoidCrossEntropyGradient', i),
      tolerance: transcendental,
    },
  ]),
];
