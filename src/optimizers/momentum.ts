import { add, multiply } from '../graph/rule.ts';
import { defineOptimizer } from './define.ts';
import { choice, number } from './hyper-parameters.ts';

/**
 * Momentum (Ruder 2017, section 4.1; AdamW 2019, Algorithm 1):
 *
 *     velocity <- momentum * velocity + lr * g
 *     theta    <- theta - velocity
 *
 * Warning: PyTorch, optax and the AdamW authors' code keep lr outside the velocity (`lrPlacement: 'outside'`:
 * velocity <- momentum * velocity + g, theta <- theta - lr * velocity). Both are the same while lr is constant; after a
 * drop of lr the papers' form goes on at the old speed for a while. The default learning rate is this project's.
 */
export const momentum = defineOptimizer({
  name: 'momentum',
  reference: 'Ruder 2017, section 4.1',
  hyper: {
    lr: number(0.01, { min: 0, doc: 'learning rate' }),
    momentum: number(0.9, { min: 0, below: 1, doc: 'share of the velocity that is kept' }),
    lrPlacement: choice('inside', ['inside', 'outside'], { doc: 'lr inside or outside the velocity' }),
  },
  state: { velocity: 0 },
  update: ({ g, velocity }, h, { lr }) => {
    if (h.lrPlacement === 'outside') {
      const next = add(multiply(h.momentum, velocity), g);
      return { velocity: next, step: multiply(lr, next) };
    }
    const next = add(multiply(h.momentum, velocity), multiply(lr, g));
    return { velocity: next, step: next };
  },
});
