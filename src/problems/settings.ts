/** The settings of every problem, all defaults filled in: what a spec's `problem` says. */
export type ProblemSettings =
  | RavineSettings
  | BealeSettings
  | SaddleSettings
  | SparseFeaturesSettings
  | NoisyQuadraticSettings
  | NonstationarySettings
  | GradientStreamSettings
  | OnlineLossesSettings;

export interface RavineSettings {
  readonly type: 'ravine';
  /** Curvature across the ravine; along it the curvature is 1. */
  readonly condition: number;
  /** Multiplies the cost. */
  readonly scale: number;
  readonly minimum: readonly number[];
  readonly start: readonly number[];
  /** L2 coefficient of each coordinate; the cost includes penalty/2 * parameter^2. */
  readonly penalty?: readonly number[] | undefined;
  /** The s of a fixed preconditioner diag(s)^-1, through which every rule sees the gradient. */
  readonly preconditioner?: readonly number[] | undefined;
}

export interface BealeSettings {
  readonly type: 'beale';
  readonly start: readonly number[];
}

export interface SaddleSettings {
  readonly type: 'saddle';
  readonly start: readonly number[];
}

export interface SparseFeaturesSettings {
  readonly type: 'sparse-features';
  readonly examples: number;
  /** Features that are there in half of the examples, and features that are there in few. */
  readonly frequent: number;
  readonly rare: number;
  /** Probability that a rare feature is there. */
  readonly rarity: number;
  readonly batchSize: number;
}

export interface NoisyQuadraticSettings {
  readonly type: 'noisy-quadratic';
  readonly dimensions: number;
  /** Standard deviation of the gradient's noise. */
  readonly noise: number;
  /** Distance of the start from the minimum in every dimension. */
  readonly start: number;
  /** Decay rate of the exponential moving average of the iterates. */
  readonly decay: number;
}

export interface NonstationarySettings {
  readonly type: 'nonstationary';
  readonly dimensions: number;
  /** How far the minimum moves in each step, in every dimension. */
  readonly velocity: number;
  /** Standard deviation of the gradient's noise. */
  readonly noise: number;
}

export interface GradientStreamSettings {
  readonly type: 'gradient-stream';
  readonly stream: 'constant' | 'noise' | 'burst' | 'growing' | 'decaying';
  /** Independent copies, which differ only where the stream is random. */
  readonly dimensions: number;
  /** For `burst` and `growing`: leading steps whose gradient is 0. */
  readonly zeros: number;
  /** For `burst`: how many equal gradients follow. */
  readonly length: number;
  /** For `growing` and `decaying`: ratio of two successive gradients, the larger one below the line. */
  readonly ratio: number;
}

export interface OnlineLossesSettings {
  readonly type: 'online-losses';
  readonly losses: 'quadratic' | 'reddi' | 'reddi-random';
}
