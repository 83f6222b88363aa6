/** What is measured of a problem; docs/results.md says what each one means. */
export type ProblemMetric =
  | 'cost'
  | 'x'
  | 'y'
  | 'rare-cost'
  | 'distance'
  | 'step-length'
  | 'largest-step'
  | 'second-moment'
  | 'second-moment-deviation'
  | 'squared-distance'
  | 'squared-distance-of-mean'
  | 'squared-distance-of-ema'
  | 'squared-distance-of-uncorrected-ema'
  | 'regret';

/** Values by metric, in the order in which they are written. */
export type Measures = Readonly<Partial<Record<ProblemMetric, number>>>;

/** Where a trial stands after a step; before the first one `step` is 0 and all gradients are 0. */
export interface Position {
  /** Completed steps. */
  readonly step: number;
  readonly parameters: Float64Array;
  /** The parameters before the step, and the gradient that it was made with. */
  readonly before: Float64Array;
  readonly gradient: Float64Array;
}

/**
 * A function of a few numbers and its gradient, on which optimizers are watched step by step. All arithmetic is float64;
 * noise and drift are functions of seed and step alone, so that a trial can go on from any step.
 */
export interface Problem {
  /** The parameters before the first step. */
  readonly start: readonly number[];
  /** Writes the gradient of step `step` (from 1) at the parameters to `out`. */
  gradient(parameters: Float64Array, step: number, out: Float64Array): void;
  /** What a problem keeps from step to step (averages, sums), by name; it is a part of the checkpoint. */
  readonly memory?: Readonly<Record<string, Float64Array>>;
  /** Called after each step: may move the parameters back into their domain, and brings the memory up to date. */
  after?(position: Position): void;
  measure(position: Position): Measures;
}
