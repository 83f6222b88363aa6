import { z } from 'zod';
import { engineNames } from '../engines/engine.ts';
import {
  atLeastOne,
  dropoutRate,
  filePath,
  list,
  map,
  name,
  nonNegativeNumber,
  oneOf,
  positiveNumber,
  tagged,
  text,
  wholeNumber,
} from './fields.ts';

/**
 * The experiment spec. The top level is the whole experiment, as the paper describes it; a profile replaces parts of
 * it. A rule's hyper-parameters stand flat in the optimizer's entry and are checked in rules.ts, not here.
 */

export const profileNames = ['smoke', 'quick', 'paper'] as const;
export type ProfileName = (typeof profileNames)[number];
export const defaultProfile: ProfileName = 'quick';

/** Sizes of the data sets; MNIST's are fixed, synthetic examples are made on demand. */
const data = z.discriminatedUnion(
  'name',
  [
    map({
      name: z.literal('mnist'),
      trainExamples: wholeNumber(1, 60_000).default(60_000),
      testExamples: wholeNumber(1, 10_000).default(10_000),
    }),
    map({
      name: z.literal('synthetic'),
      trainExamples: wholeNumber(1, 1_000_000).default(1_000),
      testExamples: wholeNumber(1, 1_000_000).default(200),
    }),
  ],
  { error: 'one of mnist, synthetic' },
);

/** What holds of `data` for every data set. */
export const looseDataSchema = z.looseObject({
  data: map({
    name: z.unknown().optional(),
    trainExamples: wholeNumber(1).optional(),
    testExamples: wholeNumber(1).optional(),
  }),
});

const initialization = tagged(
  ['zeros', 'normal', 'glorot-uniform', 'glorot-normal', 'he-normal'],
  [
    map({ type: z.literal('zeros') }),
    map({ type: z.literal('normal'), deviation: positiveNumber() }),
    map({ type: z.literal('glorot-uniform') }),
    map({ type: z.literal('glorot-normal') }),
    map({ type: z.literal('he-normal') }),
  ],
);

const model = tagged(
  ['logistic-regression', 'mlp', 'cnn', 'vae', 'file'],
  [
    map({
      type: z.literal('logistic-regression'),
      initialization: initialization.default({ type: 'zeros' }),
      dropout: map({ input: dropoutRate() }).prefault({}),
    }),
    map({
      type: z.literal('mlp'),
      hidden: list(wholeNumber(1), 'a list of layer widths, such as [1000, 1000]'),
      activation: oneOf(['relu', 'tanh', 'sigmoid', 'softplus']).default('relu'),
      initialization: initialization.default({ type: 'glorot-uniform' }),
      dropout: map({ input: dropoutRate(), hidden: dropoutRate() }).prefault({}),
    }),
    map({
      type: z.literal('cnn'),
      channels: list(wholeNumber(1), 'a list of channel numbers, such as [64, 64, 128]'),
      kernel: wholeNumber(1).default(5),
      pool: map({
        size: wholeNumber(1).default(3),
        stride: wholeNumber(1).default(2),
        padding: oneOf(['same', 'valid']).default('same'),
      }).prefault({}),
      padding: oneOf(['same', 'valid']).default('same'),
      dense: wholeNumber(1),
      image: list(wholeNumber(1), 'height, width and channels, such as [28, 28, 1]').nullable().default(null),
      initialization: initialization.default({ type: 'he-normal' }),
      dropout: map({ input: dropoutRate(), dense: dropoutRate() }).prefault({}),
    }),
    map({
      type: z.literal('vae'),
      hidden: wholeNumber(1),
      latent: wholeNumber(1),
      activation: oneOf(['relu', 'tanh', 'sigmoid', 'softplus']).default('softplus'),
      samples: wholeNumber(1).default(1),
      initialization: initialization.default({ type: 'normal', deviation: 0.01 }),
    }),
    map({ type: z.literal('file'), file: filePath() }),
  ],
);

const ascending = 'a list of ascending epochs, such as [30, 60, 80]';
const schedule = tagged(
  ['constant', 'inverse-sqrt', 'step-drop', 'cosine', 'cosine-restarts'],
  [
    map({ type: z.literal('constant') }),
    map({ type: z.literal('inverse-sqrt'), per: oneOf(['step', 'epoch']).default('step') }),
    map({
      type: z.literal('step-drop'),
      epochs: list(wholeNumber(1), ascending).refine(
        (epochs) => epochs.every((e, i) => i === 0 || e > epochs[i - 1]!),
        {
          error: ascending,
        },
      ),
      factor: positiveNumber().default(0.1),
    }),
    map({ type: z.literal('cosine'), epochs: wholeNumber(1).optional() }),
    map({
      type: z.literal('cosine-restarts'),
      firstPeriod: wholeNumber(1),
      periodFactor: atLeastOne().default(2),
    }),
  ],
);

const weightDecay = map({
  mode: oneOf(['l2', 'decoupled', 'decoupled-lr']),
  rate: nonNegativeNumber(),
}).nullable();

/** The keys of an optimizer's entry that are not hyper-parameters of its rule. */
export const entryShape = {
  rule: text().optional(),
  label: text().optional(),
  schedule: schedule.default({ type: 'constant' }),
  warmupSteps: wholeNumber(0).default(0),
  weightDecay: weightDecay.default(null),
};
export const entryKeys = Object.keys(entryShape);

const entryError = 'a map of settings, {} for the defaults of the rule';
const optimizersError = 'a map from names to settings, such as { adam: { lr: 0.001 } }';
const optimizers = z
  .record(name(), z.looseObject(entryShape, { error: entryError }), { error: optimizersError })
  .refine((entries) => Object.keys(entries).length > 0, { error: optimizersError });

const training = map({ batchSize: wholeNumber(1).default(128), epochs: wholeNumber(1) });
const evaluation = map({ every: wholeNumber(0).default(1), batchSize: wholeNumber(1).default(1000) });
const seedsError = 'a list of distinct whole numbers from 0 to 2147483647, such as [0, 1, 2]';
/** `meta` goes into the JSON Schema, which knows no refinements. */
const seeds = list(wholeNumber(0, 2 ** 31 - 1), seedsError)
  .refine((all) => new Set(all).size === all.length, {
    error: seedsError,
  })
  .meta({ uniqueItems: true });

const contentShape = {
  name: name()
    .optional()
    .describe("Name of the experiment and of its results folder; default: the file's name"),
  title: text().optional().describe('Title for tables and figures; default: the name'),
  paper: map({ key: oneOf(['adam', 'adamw', 'ruder']), figure: text(), note: text().optional() })
    .optional()
    .describe('The figure that is reproduced'),
  data: data.describe('Data set, and how many of its examples are used, from the first on'),
  model: model.describe('Network and its initialization'),
  training: training.describe('Minibatch size and number of epochs'),
  evaluation: evaluation.prefault({}).describe('Full passes over both sets, without dropout'),
  engine: oneOf(['auto', ...engineNames])
    .default('auto')
    .describe('auto: the fastest that is installed'),
  seeds: seeds.default([0]).describe('One run of every optimizer for each seed'),
  optimizers: optimizers.describe(
    'Settings by name; a shipped rule is found by the name unless there is a rule',
  ),
};

/** What one profile of a spec says, once merged. */
export const contentSchema = map(contentShape);
export type SpecContent = z.output<typeof contentSchema>;
export type OptimizerEntry = SpecContent['optimizers'][string];

const onlyError = 'a list of names from optimizers';
/** Only shapes and ranges matter here: a profile's values are merged into the spec's before defaults are filled in. */
const profile = map({
  data: map({ trainExamples: wholeNumber(1).optional(), testExamples: wholeNumber(1).optional() }).optional(),
  training: map({ batchSize: wholeNumber(1).optional(), epochs: wholeNumber(1).optional() }).optional(),
  evaluation: map({ every: wholeNumber(0).optional(), batchSize: wholeNumber(1).optional() }).optional(),
  seeds: seeds.optional(),
  only: list(name(), onlyError).optional(),
  optimizers: z
    .record(name(), z.looseObject(entryShape, { error: entryError }), { error: optimizersError })
    .optional(),
});

/** A spec's file. */
export const specSchema = map({
  ...contentShape,
  profiles: map({
    smoke: profile.optional(),
    quick: profile.optional(),
    paper: profile.optional(),
  }).optional(),
});
