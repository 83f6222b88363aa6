import { add, multiply } from '../graph/rule.ts';
import { defineOptimizer } from './define.ts';
import { choice, number } from './hyper-parameters.ts';

/**
 * Nesterov's accelerated gradient (Sutskever et al. 2013; Ruder 2017, section 4.2):
 *
 *     velocity <- momentum * velocity + lr * gradient at (theta - momentum * velocity)
 *     theta    <- theta - velocity
 *
 * written for the point where the gradient is taken, which is what training stores as the parameter:
 *
 *     velocity <- momentum * velocity + lr * g
 *     theta    <- theta - (lr * g + momentum * velocity)
 *
 * Warning: PyTorch and optax keep lr outside the velocity (`lrPlacement: 'outside'`), which is the same while lr is
 * constant. The default learning rate is this project's.
 */
export const nesterov = defineOptimizer({
  name: 'nesterov',
  reference: 'Sutskever et al. 2013; Ruder 2017, section 4.2',
  hyper: {
    lr: number(0.01, { min: 0, doc: 'learning rate' }),
    momentum: number(0.9, { min: 0, below: 1, doc: 'share of the velocity that is kept' }),
    lrPlacement: choice('inside', ['inside', 'outside'], { doc: 'lr inside or outside the velocity' }),
  },
  state: { velocity: 0 },
  update: ({ g, velocity }, h, { lr }) => {
    if (h.lrPlacement === 'outside') {
      const next = add(multiply(h.momentum, velocity), g);
      return { velocity: next, step: multiply(lr, add(g, multiply(h.momentum, next))) };
    }
    const scaled = multiply(lr, g);
    const next = add(multiply(h.momentum, velocity), scaled);
    return { velocity: next, step: add(scaled, multiply(h.momentum, next)) };
  },
});
