import { lrBuffer, type RuleNotes } from './notes.ts';

/** Rules with at most a velocity. */

export const sgd: RuleNotes = {
  choices: [],
  scalars: {},
  calls: {
    pytorch: { call: 'torch.optim.SGD(params, lr=0.01)' },
    keras: { call: 'keras.optimizers.SGD(learning_rate=0.01)' },
    optax: { call: 'optax.sgd(0.01)' },
  },
  remarks: [],
};

const constantOnly = 'lr outside the velocity: another path once a schedule changes lr';

export const momentum: RuleNotes = {
  choices: [lrBuffer],
  scalars: {},
  calls: {
    pytorch: { call: 'torch.optim.SGD(params, lr=0.01, momentum=0.9)', differs: constantOnly },
    keras: { call: 'keras.optimizers.SGD(learning_rate=0.01, momentum=0.9)' },
    optax: { call: 'optax.sgd(0.01, momentum=0.9)', differs: constantOnly },
  },
  remarks: ['PyTorch leaves dampening at 0; with dampening its first step differs from all later ones.'],
};

export const nesterov: RuleNotes = {
  choices: [
    lrBuffer,
    {
      what: 'which point is stored',
      paper: 'theta, with the gradient taken ahead of it at theta - momentum * velocity',
      elsewhere:
        'here and in all three libraries the point ahead is stored, where the gradient is taken: the same steps, written for it',
    },
  ],
  scalars: {},
  calls: {
    pytorch: {
      call: 'torch.optim.SGD(params, lr=0.01, momentum=0.9, nesterov=True)',
      differs: constantOnly,
    },
    keras: { call: 'keras.optimizers.SGD(learning_rate=0.01, momentum=0.9, nesterov=True)' },
    optax: { call: 'optax.sgd(0.01, momentum=0.9, nesterov=True)', differs: constantOnly },
  },
  remarks: [],
};

export const sgdw: RuleNotes = {
  choices: [
    lrBuffer,
    {
      what: 'decay times the learning rate or not',
      paper:
        'not: theta loses multiplier * rate * theta, with the multiplier of the schedule (AdamW 2019, Algorithm 1)',
      option: 'weightDecay.mode: decoupled; decoupled-lr for lr * rate',
      elsewhere: 'weight_decay of torch.optim.SGD is L2: it goes through the velocity',
    },
  ],
  scalars: { decay: 'multiplier of the schedule * rate' },
  calls: {
    pytorch: { call: null, differs: 'torch.optim.SGD adds weight_decay * theta to the gradient' },
    keras: {
      call: 'keras.optimizers.SGD(learning_rate=0.01, momentum=0.9, weight_decay=RATE / 0.01)',
      differs: 'decays by lr * weight_decay, before the step',
    },
    optax: {
      call: 'optax.chain(optax.trace(0.9), optax.add_decayed_weights(RATE / 0.01), optax.scale_by_learning_rate(0.01))',
      differs: 'lr outside the velocity: another path once a schedule changes lr',
    },
  },
  remarks: [],
};
