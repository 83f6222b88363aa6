/** The file that `init optimizer` writes. `name` becomes the rule's name; `path` is how commands name the file. */
export const optimizerTemplate = (name: string, path: string): string => `/**
 * An update rule of your own. Every engine runs it from this one definition.
 *
 *   npx adam-repro check ${path}                        is it sound? (seconds)
 *   npx adam-repro explain ${path}                      its formula, as it was understood
 *   npx adam-repro run mnist-mlp --optimizer ${path}    how it does beside the classics
 */
import { add, defineOptimizer, divide, multiply, number, sqrt, square } from 'adam-repro';

export const optimizer = defineOptimizer({
  name: '${name}',
  reference: 'where the rule is from: a paper and its equation, or your own idea',

  // Hyper-parameters with defaults and ranges; a spec or --set may change them. There must be an lr.
  // Besides number there are flag(true) and choice('a', ['a', 'b']).
  hyper: {
    lr: number(0.001, { min: 0, doc: 'learning rate' }),
    beta1: number(0.9, { min: 0, below: 1, doc: 'decay rate of the mean of gradients' }),
    beta2: number(0.999, { min: 0, below: 1, doc: 'decay rate of the mean of squared gradients' }),
    epsilon: number(1e-8, { above: 0, doc: 'keeps the denominator from becoming 0' }),
  },

  // What is remembered for each parameter, and what it starts from.
  state: { m: 0, v: 0 },

  // Numbers that change from step to step, computed in float64 from the step t (1, 2, ...) and the
  // hyper-parameters alone, so that a run that was stopped goes on as if it had not been.
  scalars: (t, h) => ({
    mScale: 1 / (1 - h.beta1 ** t),
    vScale: 1 / (1 - h.beta2 ** t),
  }),

  // One step of one parameter: g is its gradient, p (not needed here) its value, m and v the state. These, and the
  // scalars in s, are expressions: combine them with add, subtract, multiply, divide, divideOrZero, maximum, minimum,
  // greater, select, negate, square, sqrt, abs and sign. The hyper-parameters in h are plain numbers, so
  // \`1 - h.beta1\` and \`if (h.flag)\` work on them. The learning rate is s.lr: schedules change it.
  update: ({ g, m, v }, h, s) => {
    const nextM = add(multiply(h.beta1, m), multiply(1 - h.beta1, g));
    const nextV = add(multiply(h.beta2, v), multiply(1 - h.beta2, square(g)));
    const direction = multiply(nextM, s.mScale);
    const scale = add(sqrt(multiply(nextV, s.vScale)), h.epsilon);
    // The next value of every state slot, and the step: what is subtracted from the parameter.
    return { m: nextM, v: nextV, step: multiply(s.lr, divide(direction, scale)) };
  },
});
`;

/** The file that `init experiment` writes; `schema` is what its first line names for editors. */
export const experimentTemplate = (schema: string): string => `# yaml-language-server: $schema=${schema}
#
# An experiment of your own:
#
#   npx adam-repro validate THIS_FILE    every mistake at once
#   npx adam-repro run THIS_FILE -n      what it would do, and how long it takes
#   npx adam-repro run THIS_FILE

title: A small network on MNIST

data:
  name: mnist # or imdb, cifar10, synthetic

model:
  type: mlp # or logistic-regression, cnn, vae, file
  hidden: [64]
  activation: relu
  initialization: glorot-uniform
  dropout: { input: 0, hidden: 0 }

training:
  batchSize: 128
  epochs: 10

evaluation:
  every: 1 # full passes over training and test set; 0 for none

seeds: [0, 1, 2]

# The names are yours; \`rule\` names a shipped rule or a file such as ./mine.ts, where the name is not a rule itself.
optimizers:
  sgd: { lr: 0.1 }
  adam: { lr: 1e-3 }

profiles:
  smoke: # seconds: shows that everything works, nothing more
    data: { trainExamples: 1280, testExamples: 512 }
    training: { epochs: 1 }
  quick:
    training: { epochs: 3 }
  paper: {}
`;
