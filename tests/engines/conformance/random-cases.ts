import { dropout, dropoutMask, randomNormal, randomUniform } from '../../../src/graph/ops/index.ts';
import type { PhiloxKey } from '../../../src/graph/philox.ts';
import { type Case, exact, given, uniform } from './case.ts';

const step = (n: number) => given([1], [n], 'int32');
const latent: PhiloxKey = { seed: 4294967295, stream: 'latent', draw: 3 };
const mask: PhiloxKey = { seed: 12345, stream: 'dropout', draw: 1 };

export const randomCases: readonly Case[] = [
  ...[1, 3, 4, 17, 1001].flatMap((size): Case[] => [
    {
      op: 'randomUniform',
      name: `${size} numbers`,
      inputs: [step(7)],
      build: ([t]) => randomUniform([size], latent, t!),
      tolerance: exact,
    },
    {
      op: 'randomNormal',
      name: `${size} numbers`,
      inputs: [step(2147483647)],
      build: ([t]) => randomNormal([size], latent, t!),
      tolerance: {
        relative: 1e-6,
        reason: 'float32 logarithm, sine and cosine, relative to the largest number',
      },
    },
  ]),
  ...[0.1, 0.3, 0.5, 0.9].map(
    (rate): Case => ({
      op: 'dropoutMask',
      name: `rate ${rate}, bit for bit`,
      inputs: [step(1)],
      build: ([t]) => dropoutMask([37, 41], rate, mask, t!),
      tolerance: exact,
    }),
  ),
  {
    op: 'dropoutMask',
    name: 'in a product',
    inputs: [uniform([9, 11]), step(3)],
    build: ([x, t]) => dropout(x!, 0.5, mask, t!),
    tolerance: exact,
    gradient: [0],
  },
];
