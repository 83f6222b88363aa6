import { add, multiply, square } from '../graph/rule.ts';
import { defineOptimizer } from './define.ts';
import { divideByRoot, epsilonHyper } from './epsilon.ts';
import { choice, flag, number } from './hyper-parameters.ts';
import { betaHyper, momentScalars } from './moments.ts';

/**
 * Adam (Kingma & Ba 2015, Algorithm 1):
 *
 *     m     <- beta1 * m + (1 - beta1) * g
 *     v     <- beta2 * v + (1 - beta2) * g^2
 *     theta <- theta - lr * m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
 *
 * `epsilonForm: 'epsilon-hat'` is the efficient form at the end of section 2, where epsilon is added to the
 * uncorrected root: theta <- theta - lr * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon).
 *
 * Warning: Keras and the AdamW authors' code use epsilon-hat (Keras with 1e-7); PyTorch and optax are the paper's. The
 * loss changes visibly between the two forms where gradients are small.
 */
export const adam = defineOptimizer({
  name: 'adam',
  reference: 'Kingma & Ba 2015, Algorithm 1',
  hyper: {
    lr: number(0.001, { min: 0, doc: 'learning rate, alpha in the paper' }),
    ...betaHyper,
    ...epsilonHyper(1e-8, 'outside'),
    epsilonForm: choice('paper', ['paper', 'epsilon-hat'], {
      doc: 'epsilon at the corrected or at the uncorrected root',
    }),
    biasCorrection: flag(true, { doc: 'divide the moments by 1 - beta^t' }),
  },
  state: { m: 0, v: 0 },
  scalars: (t, h) => {
    const { mScale, vScale } = momentScalars(t, h);
    return h.epsilonForm === 'paper' ? { mScale, vScale } : { mScale: mScale / Math.sqrt(vScale), vScale: 1 };
  },
  update: ({ g, m, v }, h, { lr, mScale, vScale }) => {
    const nextM = add(multiply(h.beta1, m), multiply(1 - h.beta1, g));
    const nextV = add(multiply(h.beta2, v), multiply(1 - h.beta2, square(g)));
    const step = divideByRoot(multiply(multiply(lr, mScale), nextM), multiply(nextV, vScale), h);
    return { m: nextM, v: nextV, step };
  },
});
