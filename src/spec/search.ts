import { z } from 'zod';
import { criterionNames } from './criterion.ts';
import { list, map, name, oneOf, positiveNumber, text, wholeNumber } from './fields.ts';

/**
 * The sections `tune` and `recover` of a spec: what `adam-repro tune` and `adam-repro recover` search. They change no
 * run of the experiment itself.
 */

const logError = 'two ascending numbers greater than 0, such as [1e-4, 1e-1]';
const logRange = map({
  log: list(positiveNumber(), logError).refine(
    ([from = 0, to = 0, ...rest]) => from < to && rest.length === 0,
    {
      error: logError,
    },
  ),
  points: wholeNumber(2, 1000),
});
const axisError =
  'a list of values, such as [0.9, 0.99], or a range such as { log: [1e-4, 1e-1], points: 7 }';
/** The values of one setting that are tried. */
const axis = z.union([list(z.unknown(), axisError), logRange], { error: axisError });
const pathError = 'the dotted path of a setting, such as lr or weightDecay.rate';
const axes = (what: string) =>
  z.record(text().regex(/^[^.\s=]+(\.[^.\s=]+)*$/, { error: pathError }), axis, {
    error: `a map from ${what} to the values that are tried`,
  });
const optimizers = z.record(name(), axes('settings'), {
  error: 'a map from names of optimizers to settings, such as { adam: { lr: [1e-4, 1e-3] } }',
});
const share = () => {
  const error = 'a number greater than 0, at most 1';
  return z.number({ error }).gt(0, { error }).max(1, { error });
};

const seeds = list(wholeNumber(0, 2 ** 31 - 1), 'a list of seeds, such as [0, 1, 2]').optional();

export const tuneSchema = map({
  criterion: oneOf(criterionNames).default('minibatch-cost'),
  epochs: wholeNumber(1).optional(),
  /** Of the minibatch cost, the mean over so many epochs at the end. */
  lastEpochs: wholeNumber(1).default(1),
  seeds,
  optimizers,
});
export type TuneSection = z.output<typeof tuneSchema>;

/** Of a problem, whose length is in steps, and whose cost at the end is all that can be minimized. */
export const problemTuneSchema = map({
  criterion: oneOf(['train-cost']).default('train-cost'),
  steps: wholeNumber(1).optional(),
  seeds,
  optimizers,
});

const rungsError = 'a list of ascending numbers of epochs, such as [3, 10, 45]';
export const recoverSchema = map({
  rungs: list(wholeNumber(1), rungsError).refine(
    (rungs) => rungs.every((epochs, i) => i === 0 || epochs > rungs[i - 1]!),
    { error: rungsError },
  ),
  /** Share of the candidates that goes on to the next rung. */
  keep: share().default(1 / 3),
  /** At least so many settings of each optimizer go on. */
  finalists: wholeNumber(1).default(3),
  seeds,
  shared: axes("paths of the spec's fields").default({}),
  optimizers,
});
export type RecoverSection = z.output<typeof recoverSchema>;

export type AxisValues = z.output<typeof axis>;
