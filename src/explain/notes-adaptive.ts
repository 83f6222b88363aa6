import type { Choice, RuleNotes } from './notes.ts';

/** AdaGrad and what followed from it. */

const insideRoot = (elsewhere: string): Choice => ({
  what: 'where epsilon stands',
  paper: 'inside the root: sqrt(v + epsilon), as Ruder writes it',
  option: 'epsilonPlacement',
  elsewhere,
});

export const adagrad: RuleNotes = {
  choices: [
    insideRoot('PyTorch puts it outside (eps 1e-10); Keras and optax inside (1e-7)'),
    {
      what: 'what the accumulator starts from',
      paper: '0',
      option: 'initialAccumulator',
      elsewhere: 'Keras and optax start at 0.1, which makes first steps on small gradients much shorter',
    },
  ],
  scalars: {},
  calls: {
    pytorch: {
      call: 'torch.optim.Adagrad(params, lr=0.01, eps=1e-8)',
      differs: 'epsilon outside the root: epsilonPlacement outside here equals it',
    },
    keras: {
      call: 'keras.optimizers.Adagrad(learning_rate=0.01, initial_accumulator_value=0.0, epsilon=1e-8)',
    },
    optax: { call: 'optax.adagrad(0.01, initial_accumulator_value=0.0, eps=1e-8)' },
  },
  remarks: [],
};

export const rmsprop: RuleNotes = {
  choices: [
    insideRoot('PyTorch puts it outside; Keras (1e-7) and optax inside'),
    {
      what: 'what the mean of squares starts from',
      paper: 'not said; 0 here',
      option: 'initialAccumulator',
      elsewhere: '0 in all three libraries; TensorFlow 1 started at 1',
    },
    {
      what: 'bias correction',
      paper: 'none',
      option: 'biasCorrection',
      elsewhere: 'optax has it as bias_correction=True',
    },
    { what: 'decay rate', paper: '0.9', option: 'rho', elsewhere: 'PyTorch calls it alpha, and has 0.99' },
  ],
  scalars: { correction: '1, or 1 / (1 - rho^t) with biasCorrection' },
  calls: {
    pytorch: {
      call: 'torch.optim.RMSprop(params, lr=0.001, alpha=0.9, eps=1e-8)',
      differs: 'epsilon outside the root: epsilonPlacement outside here equals it',
    },
    keras: { call: 'keras.optimizers.RMSprop(learning_rate=0.001, rho=0.9, epsilon=1e-8)' },
    optax: { call: 'optax.rmsprop(0.001, decay=0.9, eps=1e-8)' },
  },
  remarks: [],
};

export const adadelta: RuleNotes = {
  choices: [
    {
      what: 'learning rate',
      paper: 'none; here lr is 1, and scales the step but not what u accumulates',
      option: 'lr',
      elsewhere: 'Keras has 0.001 by default, which slows it down a thousandfold',
    },
    {
      what: 'which mean of squares the step divides by',
      paper: 'the one after the step, v with the present gradient in it',
      elsewhere: 'TensorFlow.js divides by the one before',
    },
    { what: 'decay rate', paper: '0.95', option: 'rho', elsewhere: '0.9 in PyTorch and optax' },
  ],
  scalars: {},
  calls: {
    pytorch: { call: 'torch.optim.Adadelta(params, lr=1.0, rho=0.95, eps=1e-6)' },
    keras: { call: 'keras.optimizers.Adadelta(learning_rate=1.0, rho=0.95, epsilon=1e-6)' },
    optax: { call: 'optax.adadelta(1.0, rho=0.95, eps=1e-6)' },
  },
  remarks: [],
};
