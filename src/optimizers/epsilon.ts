import { add, divide, divideOrZero, type Operand, sqrt } from '../graph/rule.ts';
import { choice, number } from './hyper-parameters.ts';

export const placements = ['inside', 'outside'] as const;

/** The two hyper-parameters of a root with epsilon, as every rule that divides by one names them. */
export const epsilonHyper = (epsilon: number, placement: (typeof placements)[number]) => ({
  epsilon: number(epsilon, { min: 0, doc: 'added to the denominator' }),
  epsilonPlacement: choice(placement, placements, { doc: 'sqrt(v + epsilon) or sqrt(v) + epsilon' }),
});

interface Epsilon {
  readonly epsilon: number;
  readonly epsilonPlacement: (typeof placements)[number];
}

/** sqrt(v) with epsilon where the rule puts it. */
export const root = (v: Operand, { epsilon, epsilonPlacement }: Epsilon): Operand =>
  epsilonPlacement === 'inside' ? sqrt(add(v, epsilon)) : add(sqrt(v), epsilon);

/**
 * x / root(v). Without epsilon it is 0 where the root is 0, as it is where every gradient so far was 0 (weights of
 * the border pixels of MNIST).
 */
export const divideByRoot = (x: Operand, v: Operand, h: Epsilon): Operand =>
  (h.epsilon > 0 ? divide : divideOrZero)(x, root(v, h));
