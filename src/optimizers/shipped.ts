import { UsageError } from '../errors.ts';
import { adadelta } from './adadelta.ts';
import { adagrad } from './adagrad.ts';
import { adam } from './adam.ts';
import { adamax } from './adamax.ts';
import { amsgrad } from './amsgrad.ts';
import type { Optimizer } from './define.ts';
import { momentum } from './momentum.ts';
import { nadam } from './nadam.ts';
import { nearestName } from './nearest-name.ts';
import { nesterov } from './nesterov.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

/** The shipped optimizers by name. */
export const optimizers = Object.freeze({
  sgd,
  momentum,
  nesterov,
  adagrad,
  rmsprop,
  adadelta,
  adam,
  adamax,
  nadam,
  amsgrad,
});
export type OptimizerName = keyof typeof optimizers;

/**
 * A shipped optimizer.
 *
 * @throws UsageError with the nearest name if there is none of this name.
 */
export function optimizerByName(name: string): Optimizer {
  if (Object.hasOwn(optimizers, name)) return optimizers[name as OptimizerName];
  const names = Object.keys(optimizers);
  const nearest = nearestName(name, names);
  throw new UsageError(
    `There is no optimizer "${name}"${nearest ? `; did you mean ${nearest}?` : `: use one of ${names.join(', ')}.`}`,
  );
}
