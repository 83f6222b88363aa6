import type { RunState } from '../runner/events.ts';

/** A run as the tables know it, and its settings by their paths. */

export type RunStatus = RunState['status'];

/** Nothing is left to be done of it: a run that diverged is a result. */
export function isFinished<T extends { readonly status: string }>(
  of: T,
): of is T & { readonly status: 'complete' | 'diverged' } {
  return of.status === 'complete' || of.status === 'diverged';
}

/** A row of runs.csv. */
export interface RunInfo {
  readonly id: string;
  readonly optimizer: string;
  readonly seed: number;
  /** Undefined before the first measured value. */
  readonly engine: string | undefined;
  readonly status: RunStatus;
  /** How many epochs were asked for, and how many are done. */
  readonly epochs: number;
  readonly epochsDone: number;
  readonly batchSize: number;
  /** With `schedule`, `warmupSteps` and `weightDecay`. */
  readonly hyperParameters: Readonly<Record<string, unknown>>;
  readonly model: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>>;
  /**
   * What the columns lack and another run has otherwise, by its path (`rule`, `evaluation.every`): only where two runs of
   * one seed have the same columns, and both folders are there.
   */
  readonly beyond?: ReadonlyMap<string, unknown>;
  /** Wall clock over all processes; undefined where none is known. */
  readonly seconds: { readonly train: number; readonly evaluate: number; readonly other: number } | undefined;
}

/**
 * Each value of a run's settings by its path: hyper-parameters as in a spec's entry (`lr`, `weightDecay.rate`), the
 * others as `model.dropout.input`, `data.trainExamples`, `batchSize`, `epochs`. Lists are JSON.
 */
export function settingsOf(
  run: Pick<RunInfo, 'batchSize' | 'epochs'> & Readonly<Record<'hyperParameters' | 'model' | 'data', object>>,
): ReadonlyMap<string, unknown> {
  const { hyperParameters, model, data, batchSize, epochs } = run;
  return new Map([
    ...leaves('', hyperParameters),
    ...leaves('model', model),
    ...leaves('data', data),
    ['batchSize', batchSize],
    ['epochs', epochs],
  ]);
}

/** Every value of a tree that is no tree itself, by its path; a list is one value. */
export function* leaves(path: string, value: unknown): Generator<[string, unknown]> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value))
      yield* leaves(path === '' ? key : `${path}.${key}`, inner);
  } else {
    yield [path, Array.isArray(value) ? JSON.stringify(value) : value];
  }
}
