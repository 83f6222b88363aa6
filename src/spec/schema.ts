import { z } from 'zod';
import { engineNames } from '../engines/engine.ts';
import { data } from './data-schema.ts';
import { entryShape, gridSchema } from './entry-schema.ts';
import {
  dropoutRate,
  filePath,
  list,
  map,
  name,
  oneOf,
  positiveNumber,
  tagged,
  text,
  wholeNumber,
} from './fields.ts';
import type { DataSettings, ModelSettings } from './run.ts';
import { recoverSchema, tuneSchema } from './search.ts';

/**
 * The experiment spec. The top level is the whole experiment, as the paper describes it; a profile replaces parts of
 * it. A rule's hyper-parameters stand flat in the optimizer's entry and are checked in rules.ts, not here.
 */

export { looseDataSchema } from './data-schema.ts';
export { entryKeys } from './entry-schema.ts';

export const profileNames = ['smoke', 'quick', 'paper'] as const;
export type ProfileName = (typeof profileNames)[number];
export const defaultProfile: ProfileName = 'quick';

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

export const entryError = 'a map of settings, {} for the defaults of the rule';
export const optimizersError = 'a map from names to settings, such as { adam: { lr: 0.001 } }';
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

export const contentShape = {
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
  grid: gridSchema
    .optional()
    .describe('Lists of values of data, model, training and evaluation, by path: all combinations are run'),
};

/** What one variant and profile of a spec say, once merged. */
export const contentSchema = map(contentShape);
type NetworkContent = z.output<typeof contentSchema>;
/** Of either kind of spec: a problem takes the places of data and model, see problem-spec.ts. */
export type SpecContent = Omit<NetworkContent, 'data' | 'model'> & {
  readonly data: NetworkContent['data'] | (DataSettings & { readonly name: 'none' });
  readonly model: NetworkContent['model'] | Extract<ModelSettings, { type: 'problem' }>;
};
export type OptimizerEntry = SpecContent['optimizers'][string];

const onlyError = 'a list of names from optimizers';
/** Only shapes and ranges matter in patches: they are merged into the spec before defaults are filled in. */
export const patchShape = {
  training: map({ batchSize: wholeNumber(1).optional(), epochs: wholeNumber(1).optional() }).optional(),
  evaluation: map({ every: wholeNumber(0).optional(), batchSize: wholeNumber(1).optional() }).optional(),
  seeds: seeds.optional(),
  only: list(name(), onlyError).optional(),
  optimizers: z
    .record(name(), z.looseObject(entryShape, { error: entryError }), { error: optimizersError })
    .optional(),
  grid: gridSchema.optional(),
};
const sectionError = 'a map of settings';
export const section = z
  .union([z.string(), z.record(z.string(), z.unknown())], { error: sectionError })
  .optional();

const profile = map({
  data: map({
    trainExamples: wholeNumber(1).optional(),
    testExamples: wholeNumber(1).optional(),
    whitening: z.unknown().optional(),
  }).optional(),
  model: section,
  ...patchShape,
});

const profiles = map({
  smoke: profile.optional(),
  quick: profile.optional(),
  paper: profile.optional(),
}).optional();

/** What the sections of a variant hold is checked once they are merged. */
const variant = map({ data: section, model: section, ...patchShape, note: text().optional(), profiles });

/** The variant that the top level of a spec is. */
export const topVariant = 'as-drawn';

/** A spec's file. */
export const specSchema = map({
  ...contentShape,
  variants: z
    .record(name(), variant, { error: 'a map from names to what they change' })
    .optional()
    .describe('What other variants change of the top level; a profile then changes that'),
  profiles,
  tune: tuneSchema.optional().describe('Settings that `adam-repro tune` tries, on the same budget for all'),
  recover: recoverSchema
    .optional()
    .describe("Choices that `adam-repro recover` compares with the paper's curves"),
});
