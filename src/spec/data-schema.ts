import { z } from 'zod';
import { map, oneOf, positiveNumber, tagged, wholeNumber } from './fields.ts';

/** The data sets of the spec's schema; the sizes of the published ones are fixed. */

const examples = (train: number, test: number) => ({
  trainExamples: wholeNumber(1, train).default(train),
  testExamples: wholeNumber(1, test).default(test),
});

/** What is done to images once, before all training; statistics are those of all training images. */
const whitening = tagged(
  ['none', 'per-channel', 'zca'],
  [
    map({ type: z.literal('none') }),
    map({ type: z.literal('per-channel') }),
    map({
      type: z.literal('zca'),
      epsilon: positiveNumber().default(0.1),
      contrast: positiveNumber().nullable().default(55),
    }),
  ],
);

export const data = z.discriminatedUnion(
  'name',
  [
    map({
      name: z.literal('mnist'),
      ...examples(60_000, 10_000),
      /** null: gray values, as where it is left out. */
      binarize: oneOf(['threshold', 'sampled'])
        .nullish()
        .transform((how) => how ?? undefined),
    }),
    map({
      name: z.literal('cifar10'),
      ...examples(50_000, 10_000),
      whitening: whitening.default({ type: 'none' }),
    }),
    map({
      name: z.literal('imdb'),
      ...examples(25_000, 25_000),
      words: wholeNumber(1, 10_000).default(10_000),
      values: oneOf(['binary', 'count']).default('binary'),
    }),
    map({
      name: z.literal('synthetic'),
      trainExamples: wholeNumber(1, 1_000_000).default(1_000),
      testExamples: wholeNumber(1, 1_000_000).default(200),
    }),
  ],
  { error: 'one of mnist, cifar10, imdb, synthetic' },
);

/** What holds of `data` for every data set. */
export const looseDataSchema = z.looseObject({
  data: map({
    name: z.unknown().optional(),
    trainExamples: wholeNumber(1).optional(),
    testExamples: wholeNumber(1).optional(),
    binarize: z.unknown().optional(),
    whitening: z.unknown().optional(),
    words: z.unknown().optional(),
    values: z.unknown().optional(),
  }),
});
