import { abs, add, divideOrZero, maximum, multiply } from '../graph/rule.ts';
import { defineOptimizer } from './define.ts';
import { placements } from './epsilon.ts';
import { choice, flag, number } from './hyper-parameters.ts';
import { betaHyper } from './moments.ts';

/**
 * AdaMax (Kingma & Ba 2015, Algorithm 2):
 *
 *     m     <- beta1 * m + (1 - beta1) * g
 *     u     <- max(beta2 * u, |g|)
 *     theta <- theta - lr / (1 - beta1^t) * m / u
 *
 * The paper has no epsilon, and 0/0 where every gradient so far was 0: the step is 0 there.
 *
 * Warning: PyTorch and optax add epsilon 1e-8 to |g| (`epsilonPlacement: 'inside'` the maximum), Keras 1e-7 to u
 * (`'outside'`).
 */
export const adamax = defineOptimizer({
  name: 'adamax',
  reference: 'Kingma & Ba 2015, Algorithm 2',
  hyper: {
    lr: number(0.002, { min: 0, doc: 'learning rate, alpha in the paper' }),
    ...betaHyper,
    epsilon: number(0, { min: 0, doc: 'none in the paper' }),
    epsilonPlacement: choice('inside', placements, { doc: 'max(beta2 * u, |g| + epsilon) or u + epsilon' }),
    biasCorrection: flag(true, { doc: 'divide the first moment by 1 - beta1^t' }),
  },
  state: { m: 0, u: 0 },
  scalars: (t, h) => ({ mScale: h.biasCorrection ? 1 / (1 - h.beta1 ** t) : 1 }),
  update: ({ g, m, u }, h, { lr, mScale }) => {
    const inside = h.epsilonPlacement === 'inside';
    const magnitude = h.epsilon > 0 && inside ? add(abs(g), h.epsilon) : abs(g);
    const nextM = add(multiply(h.beta1, m), multiply(1 - h.beta1, g));
    const nextU = maximum(multiply(h.beta2, u), magnitude);
    const denominator = h.epsilon > 0 && !inside ? add(nextU, h.epsilon) : nextU;
    return { m: nextM, u: nextU, step: divideOrZero(multiply(multiply(lr, mScale), nextM), denominator) };
  },
});
