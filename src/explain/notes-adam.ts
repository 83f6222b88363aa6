import { type Choice, earlyBetas, type RuleNotes } from './notes.ts';

/** Adam and its relatives. */

const outsideRoot: Choice = {
  what: 'where epsilon stands',
  paper: 'outside the root of the corrected v: sqrt(v / (1 - beta2^t)) + epsilon',
  option: 'epsilonPlacement, epsilonForm',
  elsewhere:
    'Keras adds its 1e-7 to the uncorrected root (epsilonForm epsilon-hat); TensorFlow.js has 1e-7 too',
};

const moments = {
  mScale: '1 / (1 - beta1^t)',
  vScale: '1 / (1 - beta2^t)',
};

const epsilonHat = 'epsilon at the uncorrected root: epsilonForm epsilon-hat here equals it';

export const adam: RuleNotes = {
  choices: [
    outsideRoot,
    {
      what: 'bias correction',
      paper: 'of both moments; figure 4 compares with none',
      option: 'biasCorrection',
      elsewhere: 'always on in the three libraries',
    },
    {
      what: 'weight decay',
      paper: 'none',
      option: 'weightDecay of the entry',
      elsewhere:
        'weight_decay of torch.optim.Adam is L2 (mode l2), that of AdamW is decoupled (see `explain adamw`)',
    },
  ],
  scalars: moments,
  calls: {
    pytorch: { call: 'torch.optim.Adam(params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8)' },
    keras: {
      call: 'keras.optimizers.Adam(learning_rate=1e-3, beta_1=0.9, beta_2=0.999, epsilon=1e-8)',
      differs: epsilonHat,
    },
    optax: { call: 'optax.adam(1e-3, b1=0.9, b2=0.999, eps=1e-8)' },
  },
  remarks: [earlyBetas],
};

export const adamw: RuleNotes = {
  choices: [
    {
      what: 'decay times the learning rate or not',
      paper: 'not: theta loses multiplier * rate * theta; the schedule multiplies the decay, lr does not',
      option: 'weightDecay.mode: decoupled; decoupled-lr for what the libraries do, l2 for Adam with L2',
      elsewhere: 'PyTorch, Keras and optax decay by lr * weight_decay',
    },
    {
      what: 'which parameter decays',
      paper: 'the one before the step',
      elsewhere: 'the same in the three libraries: the step does not depend on it',
    },
    {
      what: 'normalised rate',
      paper: 'rate = normalized * sqrt(batch size / (examples * epochs)) (appendix B.1)',
      option: 'weightDecay.normalized',
      elsewhere: 'in none of the three',
    },
    outsideRoot,
  ],
  scalars: { ...moments, decay: 'multiplier of the schedule * rate' },
  calls: {
    pytorch: { call: 'torch.optim.AdamW(params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.25)' },
    keras: {
      call: 'keras.optimizers.AdamW(learning_rate=1e-3, beta_1=0.9, beta_2=0.999, epsilon=1e-8, weight_decay=0.25)',
      differs: epsilonHat,
    },
    optax: { call: 'optax.adamw(1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.25)' },
  },
  remarks: [
    "lambda of the paper is lr * weight_decay of the libraries. At lr = 0.001 the paper's lambda = 0.00025 is weight_decay = 0.00025 / 0.001 = 0.25, not 0.00025: with 0.00025 the libraries would decay a thousandth as fast.",
    'Their defaults at lr = 0.001 are, as the paper counts: PyTorch 0.01 is lambda = 0.00001, Keras 0.004 is 0.000004, optax 0.0001 is 0.0000001. A change of lr changes the decay with it there, and does not in the paper.',
  ],
};

export const adamax: RuleNotes = {
  choices: [
    {
      what: 'epsilon',
      paper: 'none; where every gradient so far was 0, the step is 0 here',
      option: 'epsilon, epsilonPlacement',
      elsewhere: 'PyTorch and optax take the maximum with |g| + 1e-8, Keras adds 1e-7 to u',
    },
    {
      what: 'bias correction',
      paper: 'of the first moment only: a maximum has no bias',
      option: 'biasCorrection',
    },
  ],
  scalars: { mScale: moments.mScale },
  calls: {
    pytorch: {
      call: 'torch.optim.Adamax(params, lr=2e-3, betas=(0.9, 0.999), eps=1e-8)',
      differs: 'epsilon inside the maximum: epsilon 1e-8 here equals it',
    },
    keras: {
      call: 'keras.optimizers.Adamax(learning_rate=2e-3, beta_1=0.9, beta_2=0.999, epsilon=1e-8)',
      differs: 'epsilon added to u: epsilon 1e-8 with epsilonPlacement outside here equals it',
    },
    optax: {
      call: 'optax.adamax(2e-3, b1=0.9, b2=0.999, eps=1e-8)',
      differs: 'epsilon inside the maximum: epsilon 1e-8 here equals it',
    },
  },
  remarks: [earlyBetas],
};

export const nadam: RuleNotes = {
  choices: [
    {
      what: 'correction of the moment that looks ahead',
      paper: 'that of the present step, 1 - beta1^t (Ruder); its first step is 1.9 * lr',
      option: 'lookAhead: dozat for 1 - beta1^(t+1)',
      elsewhere:
        "optax has Dozat's; PyTorch and Keras also raise beta1 over time (mu schedule), which no option here does",
    },
    {
      ...outsideRoot,
      option: 'epsilonPlacement',
      elsewhere: 'outside in the three libraries, Keras with 1e-7',
    },
  ],
  scalars: {
    momentScale: 'beta1 / (1 - beta1^t), or beta1 / (1 - beta1^(t+1)) with lookAhead dozat',
    gradientScale: '(1 - beta1) / (1 - beta1^t)',
    vScale: moments.vScale,
  },
  calls: {
    pytorch: {
      call: 'torch.optim.NAdam(params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8)',
      differs: 'with the mu schedule (momentum_decay 0.004): other numbers from the first step on',
    },
    keras: {
      call: 'keras.optimizers.Nadam(learning_rate=1e-3, beta_1=0.9, beta_2=0.999, epsilon=1e-8)',
      differs: 'with a mu schedule: other numbers from the first step on',
    },
    optax: {
      call: 'optax.nadam(1e-3, b1=0.9, b2=0.999, eps=1e-8)',
      differs: "Dozat's correction: lookAhead dozat here equals it",
    },
  },
  remarks: [],
};

export const amsgrad: RuleNotes = {
  choices: [
    {
      what: 'bias correction',
      paper: 'none: the first step is 3.16 * lr with the default decay rates',
      option: 'biasCorrection',
      elsewhere: 'PyTorch, Keras and optax correct both moments',
    },
    {
      what: 'maximum of the corrected or of the uncorrected v',
      paper: 'uncorrected, as there is no correction',
      option: 'maximumOf',
      elsewhere: 'PyTorch and Keras correct after the maximum, optax before',
    },
    {
      what: 'epsilon',
      paper: 'none in Algorithm 2; here outside the root, as in Adam',
      option: 'epsilon, epsilonPlacement',
    },
  ],
  scalars: {
    mScale: '1, or 1 / (1 - beta1^t) with biasCorrection',
    vScale: '1, or 1 / (1 - beta2^t) with biasCorrection',
  },
  calls: {
    pytorch: {
      call: 'torch.optim.Adam(params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, amsgrad=True)',
      differs: 'with bias correction: biasCorrection true here equals it',
    },
    keras: {
      call: 'keras.optimizers.Adam(learning_rate=1e-3, beta_1=0.9, beta_2=0.999, epsilon=1e-8, amsgrad=True)',
      differs: 'with bias correction, and epsilon at the uncorrected root',
    },
    optax: {
      call: 'optax.amsgrad(1e-3, b1=0.9, b2=0.999, eps=1e-8)',
      differs: 'with bias correction: biasCorrection true and maximumOf corrected here equal it',
    },
  },
  remarks: [],
};
