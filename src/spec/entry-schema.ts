import { z } from 'zod';
import {
  atLeastOne,
  list,
  map,
  nonNegativeNumber,
  oneOf,
  positiveNumber,
  tagged,
  text,
  wholeNumber,
} from './fields.ts';

/** The settings of an optimizer's entry besides the hyper-parameters of its rule, which are checked in rules.ts. */

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
  rate: nonNegativeNumber().optional(),
  normalized: nonNegativeNumber().optional(),
})
  .superRefine(({ mode, rate, normalized }, context) => {
    const refuse = (key: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [key], message });
    if (rate === undefined && normalized === undefined) refuse('rate', 'a number, at least 0');
    if (rate !== undefined && normalized !== undefined) refuse('normalized', 'nothing beside a rate');
    if (normalized !== undefined && mode !== 'decoupled') refuse('normalized', 'the mode decoupled with it');
  })
  .nullable();

const gridError = 'a map from paths to lists, such as { lr: [1e-3, 1e-2] }';
const choicesError = 'a list of distinct values';
/** Values of some settings: every combination is run. */
export const gridSchema = z.record(
  z.string(),
  list(z.unknown(), choicesError)
    .refine((values) => new Set(values.map((value) => JSON.stringify(value))).size === values.length, {
      error: choicesError,
    })
    .meta({ uniqueItems: true }),
  { error: gridError },
);

/** In the spec of a problem an entry may change the problem, the number of steps and what is measured for itself. */
export const problemEntryKeys = ['problem', 'steps', 'every'] as const;

/** The keys of an optimizer's entry that are not hyper-parameters of its rule. */
export const entryShape = {
  rule: text().optional(),
  label: text().optional(),
  schedule: schedule.default({ type: 'constant' }),
  warmupSteps: wholeNumber(0).default(0),
  weightDecay: weightDecay.default(null),
  grid: gridSchema.optional(),
  paperCurve: text().optional(),
  model: z.record(z.string(), z.unknown(), { error: 'a map of settings' }).optional(),
};
export const entryKeys = [...Object.keys(entryShape), ...problemEntryKeys];
