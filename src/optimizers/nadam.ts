import { add, multiply, square } from '../graph/rule.ts';
import { defineOptimizer } from './define.ts';
import { divideByRoot, epsilonHyper } from './epsilon.ts';
import { choice, number } from './hyper-parameters.ts';
import { betaHyper, momentScalars } from './moments.ts';

/**
 * Nadam as Ruder gives it (2017, section 4.8):
 *
 *     m, v  <- as in Adam
 *     theta <- theta - lr / (sqrt(v / (1 - beta2^t)) + epsilon)
 *                    * (beta1 * m / (1 - beta1^t) + (1 - beta1) * g / (1 - beta1^t))
 *
 * Its first step is (1 + beta1) * lr, almost twice Adam's.
 *
 * Warning: Dozat (2016) corrects the look-ahead moment with the next step's 1 - beta1^(t+1), and so does optax
 * (`lookAhead: 'dozat'`). PyTorch and Keras also raise beta1 over time (Dozat's mu schedule), which no option here does.
 */
export const nadam = defineOptimizer({
  name: 'nadam',
  reference: 'Ruder 2017, section 4.8',
  hyper: {
    lr: number(0.001, { min: 0, doc: 'learning rate' }),
    ...betaHyper,
    ...epsilonHyper(1e-8, 'outside'),
    lookAhead: choice('ruder', ['ruder', 'dozat'], {
      doc: 'corrects the moment for step t or for step t + 1',
    }),
  },
  state: { m: 0, v: 0 },
  scalars: (t, h) => {
    const { mScale, vScale } = momentScalars(t, { ...h, biasCorrection: true });
    const nextScale = h.lookAhead === 'dozat' ? 1 / (1 - h.beta1 ** (t + 1)) : mScale;
    return { momentScale: h.beta1 * nextScale, gradientScale: (1 - h.beta1) * mScale, vScale };
  },
  update: ({ g, m, v }, h, { lr, momentScale, gradientScale, vScale }) => {
    const nextM = add(multiply(h.beta1, m), multiply(1 - h.beta1, g));
    const nextV = add(multiply(h.beta2, v), multiply(1 - h.beta2, square(g)));
    const ahead = add(multiply(momentScale, nextM), multiply(gradientScale, g));
    return { m: nextM, v: nextV, step: divideByRoot(multiply(lr, ahead), multiply(nextV, vScale), h) };
  },
});
