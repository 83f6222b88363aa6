import { multiply } from '../graph/rule.ts';
import { defineOptimizer } from './define.ts';
import { number } from './hyper-parameters.ts';

/** Gradient descent: theta <- theta - lr * g (Ruder 2017, section 2). The default learning rate is this project's. */
export const sgd = defineOptimizer({
  name: 'sgd',
  reference: 'Ruder 2017, section 2',
  hyper: { lr: number(0.01, { min: 0, doc: 'learning rate' }) },
  update: ({ g }, _h, { lr }) => ({ step: multiply(lr, g) }),
});
