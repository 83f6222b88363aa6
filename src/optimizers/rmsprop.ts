import { add, maximum, multiply, square, subtract } from '../graph/rule.ts';
import { defineOptimizer } from './define.ts';
import { divideByRoot, epsilonHyper } from './epsilon.ts';
import { flag, number } from './hyper-parameters.ts';

/**
 * RMSProp (Tieleman & Hinton 2012, lecture 6.5; Ruder 2017, section 4.5):
 *
 *     v     <- rho * v + (1 - rho) * g^2
 *     theta <- theta - lr * g / sqrt(v + epsilon)
 *
 * `centered` (Graves 2013) divides by the deviation instead: mean <- rho * mean + (1 - rho) * g, and v - mean^2, kept
 * from falling below 0 by rounding, in the place of v. `biasCorrection` divides v and mean by 1 - rho^t, as Adam does.
 *
 * Warning: PyTorch puts epsilon outside the root and has rho 0.99; TensorFlow 1 started v at 1.
 */
export const rmsprop = defineOptimizer({
  name: 'rmsprop',
  reference: 'Tieleman & Hinton 2012; Ruder 2017, section 4.5',
  hyper: {
    lr: number(0.001, { min: 0, doc: 'learning rate' }),
    rho: number(0.9, { min: 0, below: 1, doc: 'decay rate of the mean of squared gradients' }),
    ...epsilonHyper(1e-8, 'inside'),
    centered: flag(false, { doc: 'subtract the squared mean gradient' }),
    biasCorrection: flag(false, { doc: 'divide the means by 1 - rho^t' }),
    initialAccumulator: number(0, { min: 0, doc: 'what the mean of squared gradients starts from' }),
  },
  state: (h) => ({ v: h.initialAccumulator, ...(h.centered && { mean: 0 }) }),
  scalars: (t, h) => ({ correction: h.biasCorrection ? 1 / (1 - h.rho ** t) : 1 }),
  update: ({ g, v, mean }, h, { lr, correction }) => {
    const nextV = add(multiply(h.rho, v), multiply(1 - h.rho, square(g)));
    const vHat = multiply(nextV, correction);
    if (!h.centered) return { v: nextV, step: divideByRoot(multiply(lr, g), vHat, h) };
    const nextMean = add(multiply(h.rho, mean), multiply(1 - h.rho, g));
    const variance = maximum(subtract(vHat, square(multiply(nextMean, correction))), 0);
    return { v: nextV, mean: nextMean, step: divideByRoot(multiply(lr, g), variance, h) };
  },
});
