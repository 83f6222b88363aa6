import type { EngineName } from '../engines/engine.ts';
import type { ProblemSettings } from '../problems/settings.ts';

/** Types of one resolved run: every default is filled in, nothing refers to a file or a profile any more. */

/** A value of a hyper-parameter. */
export type HyperParameter = number | boolean | string;

/** A multiplier of the learning rate over steps or epochs. */
export type ScheduleSettings =
  | { readonly type: 'constant' }
  /** 1/sqrt(t), t the 1-based number of the step or of the epoch (Adam 2015, section 6.1). */
  | { readonly type: 'inverse-sqrt'; readonly per: 'step' | 'epoch' }
  /** Multiplied by `factor` when each of the epochs (completed epochs) is reached. */
  | { readonly type: 'step-drop'; readonly epochs: readonly number[]; readonly factor: number }
  /** AdamW 2019, appendix B.2; `epochs`: length of the one period. */
  | { readonly type: 'cosine'; readonly epochs: number }
  /** AdamW 2019, appendix B.2: the first period lasts `firstPeriod` epochs, each next one `periodFactor` times longer. */
  | { readonly type: 'cosine-restarts'; readonly firstPeriod: number; readonly periodFactor: number };

/** Weight decay: its mode and its rate. */
export interface WeightDecaySettings {
  /** `l2`: added to the gradient; `decoupled`: AdamW Algorithm 2 (schedule times decay); `decoupled-lr`: learning rate times decay. */
  readonly mode: 'l2' | 'decoupled' | 'decoupled-lr';
  readonly rate: number;
  /**
   * The normalised rate (AdamW 2019, appendix B.1) that `rate` was made from. With `cosine-restarts` it belongs to the
   * length of the current period: `rate` is then the first period's.
   */
  readonly normalized?: number;
}

export interface OptimizerSettings {
  /** Name of a shipped rule, or path of the user's file as written in the spec. */
  readonly rule: string;
  /** Every hyper-parameter of the rule, `lr` included. */
  readonly hyper: Readonly<Record<string, HyperParameter>>;
  readonly schedule: ScheduleSettings;
  /** Steps of linear warm-up, 0 for none. */
  readonly warmupSteps: number;
  readonly weightDecay: WeightDecaySettings | null;
  /** For a user's file: its sha256, so that a changed rule is a new run. */
  readonly ruleDigest?: string;
}

export interface ExampleCounts {
  /** How many of the training and test examples are used, from the first on. */
  readonly trainExamples: number;
  readonly testExamples: number;
}

export type WhiteningSettings =
  /** Pixels in [0, 1]. */
  | { readonly type: 'none' }
  /** Every colour channel with mean 0 and deviation 1 over the training images. */
  | { readonly type: 'per-channel' }
  /** Zero-phase component analysis, see src/datasets/whitening/. */
  | {
      readonly type: 'zca';
      /** Added to every eigenvalue of the covariance. */
      readonly epsilon: number;
      /** Length that each image has, its own mean subtracted, before; null: images as they are, pixels in [0, 1]. */
      readonly contrast: number | null;
    };

export type DataSettings = ExampleCounts &
  (
    | {
        /** `none`: of a problem, which counts as one training example, so that an epoch is a step. */
        readonly name: 'synthetic' | 'none';
      }
    | {
        readonly name: 'mnist';
        /** Left out: gray values. See src/datasets/binarize.ts. */
        readonly binarize?: 'threshold' | 'sampled' | undefined;
      }
    | { readonly name: 'cifar10'; readonly whitening: WhiteningSettings }
    | {
        readonly name: 'imdb';
        /** How many of the most frequent words of the training reviews are counted. */
        readonly words: number;
        /** Of a word that occurs: 1, or how often. */
        readonly values: 'binary' | 'count';
      }
  );

/** How weights begin: zeros, N(0, deviation^2), Glorot & Bengio 2010 (uniform or normal), or He et al. 2015. */
export type Initialization =
  | { readonly type: 'zeros' }
  | { readonly type: 'normal'; readonly deviation: number }
  | { readonly type: 'glorot-uniform' }
  | { readonly type: 'glorot-normal' }
  | { readonly type: 'he-normal' };

export type ModelSettings =
  | {
      readonly type: 'logistic-regression';
      readonly initialization: Initialization;
      readonly dropout: { readonly input: number };
    }
  | {
      readonly type: 'mlp';
      readonly hidden: readonly number[];
      readonly activation: 'relu' | 'tanh' | 'sigmoid' | 'softplus';
      readonly initialization: Initialization;
      /** Probability that a value is set to 0 during training; the others are multiplied by 1/(1-rate). */
      readonly dropout: { readonly input: number; readonly hidden: number };
    }
  /** Convolution, pooling and rectifier for each entry of `channels`, then one dense layer (Adam 2015, section 6.3). */
  | {
      readonly type: 'cnn';
      readonly channels: readonly number[];
      /** Side of the square filters, stride 1. */
      readonly kernel: number;
      readonly pool: { readonly size: number; readonly stride: number; readonly padding: 'same' | 'valid' };
      /** Of the convolutions. */
      readonly padding: 'same' | 'valid';
      /** Width of the dense layer. */
      readonly dense: number;
      /** [height, width, channels], for data whose examples are flat rows; null: as the data are. */
      readonly image: readonly number[] | null;
      readonly initialization: Initialization;
      /** Of the input and of the dense layer. */
      readonly dropout: { readonly input: number; readonly dense: number };
    }
  /** Variational auto-encoder with one hidden layer on each side and a Bernoulli decoder (Adam 2015, section 6.4). */
  | {
      readonly type: 'vae';
      readonly hidden: number;
      readonly latent: number;
      readonly activation: 'relu' | 'tanh' | 'sigmoid' | 'softplus';
      /** Noise samples for each example and step. */
      readonly samples: number;
      readonly initialization: Initialization;
    }
  /** A user's own model: a file that exports a `Model` (see docs/api.md). */
  | { readonly type: 'file'; readonly file: string; readonly digest: string }
  /** A function of few numbers instead of a network on data. */
  | { readonly type: 'problem'; readonly problem: ProblemSettings };

/** The shipped networks. */
export type NetworkSettings = Exclude<ModelSettings, { type: 'file' | 'problem' }>;

export interface EvaluationSettings {
  /** Full passes over the training and the test set after every so many epochs, and at the start and the end; 0 for none. */
  readonly every: number;
  readonly batchSize: number;
}

/** Everything that determines a run's numbers: its id is the hash of this object. */
export interface ResolvedRun {
  readonly experiment: string;
  readonly optimizer: string;
  readonly seed: number;
  readonly engine: EngineName;
  readonly data: DataSettings;
  readonly model: ModelSettings;
  readonly batchSize: number;
  readonly epochs: number;
  readonly evaluation: EvaluationSettings;
  readonly optimizerSettings: OptimizerSettings;
}

/** What an epoch of a run is called: of a problem it is a step. */
export type Unit = 'epoch' | 'step';

export const unitOf = ({ model }: { readonly model: { readonly type: string } }): Unit =>
  model.type === 'problem' ? 'step' : 'epoch';
