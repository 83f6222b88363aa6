import type { ProblemMetric } from '../problems/problem.ts';

/** What a trial tells its surroundings, and what it needs to go on after an interruption. */

export interface CurveRow {
  /** Completed epochs when the value was measured (0: before the first step). */
  readonly epoch: number;
  /** Completed steps. */
  readonly step: number;
  readonly split: 'train' | 'test';
  /**
   * `minibatch-cost`: mean over the examples of the epoch just completed, each measured in its minibatch before the
   * step, with dropout; `cost`: mean over a full pass without dropout; `error`: misclassified fraction of that pass.
   * Problems have metrics of their own.
   */
  readonly metric: 'minibatch-cost' | 'cost' | 'error' | ProblemMetric;
  readonly value: number;
}

/** Position and running sums of a trial; small, and exact as JSON. */
export interface TrialState {
  readonly epoch: number;
  readonly step: number;
  /** Steps completed inside the current epoch. */
  readonly stepInEpoch: number;
  readonly epochCostSum: number;
  readonly epochExamples: number;
}

export interface SnapshotTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

/** Everything a trial needs to go on: its position, the parameters and the optimizer's state by variable name. */
export interface Snapshot {
  readonly state: TrialState;
  readonly tensors: Readonly<Record<string, SnapshotTensor>>;
}

export interface Progress {
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  readonly steps: number;
  /** Mean minibatch cost of the running epoch so far. */
  readonly cost: number;
  readonly stepsPerSecond: number;
  readonly secondsLeft: number;
  /** Examples seen of the full passes that are under way between two epochs; absent while training. */
  readonly evaluation?: { readonly done: number; readonly of: number };
}

export type TrialOutcome = 'complete' | 'diverged' | 'stopped';

/** Wall-clock seconds by what they were spent on. */
export interface WallSeconds {
  readonly train: number;
  readonly evaluate: number;
  readonly other: number;
}

export interface TrialListener {
  rows(rows: readonly CurveRow[]): void;
  /**
   * Called after `rows` at the end of every epoch, and before the trial ends with 'stopped' after its first step; tensors
   * are valid only during the call. An optional one need not be kept: another one follows, unless the trial diverges.
   */
  checkpoint(snapshot: Snapshot, optional?: boolean): void;
  /** At most a few times a second. */
  progress(progress: Progress): void;
  shouldStop(): boolean;
}
