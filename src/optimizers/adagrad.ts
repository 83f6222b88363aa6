import { add, multiply, square } from '../graph/rule.ts';
import { defineOptimizer } from './define.ts';
import { divideByRoot, epsilonHyper } from './epsilon.ts';
import { number } from './hyper-parameters.ts';

/**
 * AdaGrad (Duchi et al. 2011, diagonal; Ruder 2017, section 4.3):
 *
 *     accumulator <- accumulator + g^2
 *     theta       <- theta - lr * g / sqrt(accumulator + epsilon)
 *
 * Warning: PyTorch puts epsilon (1e-10) outside the root; optax and Keras start the accumulator at 0.1 with epsilon 1e-7.
 */
export const adagrad = defineOptimizer({
  name: 'adagrad',
  reference: 'Duchi et al. 2011; Ruder 2017, section 4.3',
  hyper: {
    lr: number(0.01, { min: 0, doc: 'learning rate' }),
    ...epsilonHyper(1e-8, 'inside'),
    initialAccumulator: number(0, { min: 0, doc: 'what the sum of squared gradients starts from' }),
  },
  state: (h) => ({ accumulator: h.initialAccumulator }),
  update: ({ g, accumulator }, h, { lr }) => {
    const next = add(accumulator, square(g));
    return { accumulator: next, step: divideByRoot(multiply(lr, g), next, h) };
  },
});
