import { add, divide, multiply, sqrt, square } from '../graph/rule.ts';
import { defineOptimizer } from './define.ts';
import { number } from './hyper-parameters.ts';

/**
 * AdaDelta (Zeiler 2012, Algorithm 1; Ruder 2017, section 4.4), the defaults are Zeiler's:
 *
 *     v     <- rho * v + (1 - rho) * g^2
 *     delta  = sqrt(u + epsilon) / sqrt(v + epsilon) * g
 *     u     <- rho * u + (1 - rho) * delta^2
 *     theta <- theta - lr * delta
 *
 * The paper has no learning rate: lr is 1, and it scales the step only, not u.
 *
 * Warning: TensorFlow.js divides by the v from before the step; PyTorch and optax have rho 0.9, Keras lr 0.001.
 */
export const adadelta = defineOptimizer({
  name: 'adadelta',
  reference: 'Zeiler 2012, Algorithm 1',
  hyper: {
    lr: number(1, { min: 0, doc: 'factor of the step, 1 in the paper' }),
    rho: number(0.95, { min: 0, below: 1, doc: 'decay rate of both means' }),
    epsilon: number(1e-6, { above: 0, doc: 'inside both roots; sets the size of the first steps' }),
  },
  state: { v: 0, u: 0 },
  update: ({ g, v, u }, h, { lr }) => {
    const nextV = add(multiply(h.rho, v), multiply(1 - h.rho, square(g)));
    const delta = multiply(divide(sqrt(add(u, h.epsilon)), sqrt(add(nextV, h.epsilon))), g);
    const nextU = add(multiply(h.rho, u), multiply(1 - h.rho, square(delta)));
    return { v: nextV, u: nextU, step: multiply(lr, delta) };
  },
});
