import { z } from 'zod';
import {
  atLeastOne,
  list,
  map,
  nonNegativeNumber,
  oneOf,
  positiveNumber,
  tagged,
  wholeNumber,
} from './fields.ts';

/** The problems that a spec's `problem` can name; src/problems/ says what they are. */

const number = z.number({ error: 'a number' });
const pointError = 'two numbers, such as [1, 1.6]';
const pair = (item: z.ZodNumber, error: string) => list(item, error).length(2, { error });
const point = (x: number, y: number) => pair(number, pointError).default([x, y]);
const fractionError = 'a number greater than 0 and less than 1';
const fraction = z
  .number({ error: fractionError })
  .gt(0, { error: fractionError })
  .lt(1, { error: fractionError });
const dimensions = wholeNumber(1, 1_000_000);

export const problemTypes = [
  'ravine',
  'beale',
  'saddle',
  'sparse-features',
  'noisy-quadratic',
  'nonstationary',
  'gradient-stream',
  'online-losses',
] as const;

export const problem = tagged(problemTypes, [
  map({
    type: z.literal('ravine'),
    condition: atLeastOne().default(100),
    scale: positiveNumber().default(1),
    minimum: point(0, 0),
    start: point(10, 1),
    // No defaults: a run without them keeps the id that it had before there were any.
    penalty: pair(nonNegativeNumber(), 'two numbers, at least 0').optional(),
    preconditioner: pair(positiveNumber(), 'two numbers greater than 0').optional(),
  }),
  map({ type: z.literal('beale'), start: point(1, 1.6) }),
  map({ type: z.literal('saddle'), start: point(1, 0.001) }),
  map({
    type: z.literal('sparse-features'),
    examples: wholeNumber(1, 100_000).default(2000),
    frequent: wholeNumber(0, 1000).default(10),
    rare: wholeNumber(1, 1000).default(200),
    rarity: fraction.default(0.01),
    batchSize: wholeNumber(1).default(10),
  }),
  map({
    type: z.literal('noisy-quadratic'),
    dimensions: dimensions.default(100),
    noise: nonNegativeNumber().default(1),
    start: number.default(1),
    decay: fraction.default(0.999),
  }),
  map({
    type: z.literal('nonstationary'),
    dimensions: dimensions.default(10),
    velocity: nonNegativeNumber().default(0.001),
    noise: nonNegativeNumber().default(1),
  }),
  map({
    type: z.literal('gradient-stream'),
    stream: oneOf(['constant', 'noise', 'burst', 'growing', 'decaying']),
    dimensions: dimensions.default(1),
    zeros: wholeNumber(0).default(0),
    length: wholeNumber(1).default(1),
    ratio: fraction.default(0.9),
  }),
  map({ type: z.literal('online-losses'), losses: oneOf(['quadratic', 'reddi', 'reddi-random']) }),
]);
