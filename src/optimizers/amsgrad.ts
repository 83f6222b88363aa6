import { add, maximum, multiply, square } from '../graph/rule.ts';
import { defineOptimizer } from './define.ts';
import { divideByRoot, epsilonHyper } from './epsilon.ts';
import { choice, flag, number } from './hyper-parameters.ts';
import { betaHyper, momentScalars } from './moments.ts';

/**
 * AMSGrad (Reddi et al. 2018, Algorithm 2; Ruder's blog, which adds epsilon), without bias correction:
 *
 *     m, v  <- as in Adam
 *     vMax  <- max(vMax, v)
 *     theta <- theta - lr * m / (sqrt(vMax) + epsilon)
 *
 * Warning: PyTorch corrects the bias of m and, after the maximum, of vMax (`biasCorrection: true`); optax takes the
 * maximum of the corrected v (`maximumOf: 'corrected'` as well). Without correction the first steps are larger than
 * lr: 3.16 * lr at the first one with the default rates.
 */
export const amsgrad = defineOptimizer({
  name: 'amsgrad',
  reference: 'Reddi et al. 2018, Algorithm 2',
  hyper: {
    lr: number(0.001, { min: 0, doc: 'learning rate' }),
    ...betaHyper,
    ...epsilonHyper(1e-8, 'outside'),
    biasCorrection: flag(false, { doc: 'divide the moments by 1 - beta^t' }),
    maximumOf: choice('uncorrected', ['uncorrected', 'corrected'], {
      doc: 'with bias correction: correct v after or before the maximum',
    }),
  },
  state: { m: 0, v: 0, vMax: 0 },
  scalars: (t, h) => momentScalars(t, h),
  update: ({ g, m, v, vMax }, h, { lr, mScale, vScale }) => {
    const early = h.maximumOf === 'corrected';
    const nextM = add(multiply(h.beta1, m), multiply(1 - h.beta1, g));
    const nextV = add(multiply(h.beta2, v), multiply(1 - h.beta2, square(g)));
    const nextMax = maximum(vMax, early ? multiply(nextV, vScale) : nextV);
    const denominator = early ? nextMax : multiply(nextMax, vScale);
    const step = divideByRoot(multiply(multiply(lr, mScale), nextM), denominator, h);
    return { m: nextM, v: nextV, vMax: nextMax, step };
  },
});
