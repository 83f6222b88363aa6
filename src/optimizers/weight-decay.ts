import { add, type Expr, multiply, type Operand, scalarLeaf } from '../graph/rule.ts';
import type { WeightDecaySettings } from '../spec/run.ts';

/**
 * Weight decay around any rule (Loshchilov & Hutter 2019, Algorithms 1 and 2). All modes use the parameter from
 * before the update.
 *
 * - `l2`: g <- g + rate * parameter, before the rule sees the gradient.
 * - `decoupled`: parameter <- parameter - step - multiplier * rate * parameter, the papers' AdamW and SGDW: the schedule's
 *   multiplier scales the decay, the learning rate does not.
 * - `decoupled-lr`: parameter <- parameter - step - multiplier * lr * rate * parameter.
 *
 * Warning: `AdamW` of PyTorch, Keras and optax is `decoupled-lr`. At lr 0.001 their rate 0.25 is the paper's 0.00025.
 */
export function decayedGradient(g: Expr, p: Expr, decay: WeightDecaySettings | null): Expr {
  return decay?.mode === 'l2' ? (add(g, multiply(decay.rate, p)) as Expr) : g;
}

/** What decoupled decay adds to the step: the scalar `weightDecay` times the parameter. */
export function decayedStep(step: Operand, p: Expr, decay: WeightDecaySettings | null): Operand {
  return isDecoupled(decay) ? add(step, multiply(scalarLeaf('weightDecay'), p)) : step;
}

export const isDecoupled = (decay: WeightDecaySettings | null): decay is WeightDecaySettings =>
  decay !== null && decay.mode !== 'l2';

/** The value of `weightDecay` at one step. */
export function decayScalar(decay: WeightDecaySettings, lr: number, multiplier: number): number {
  return decay.mode === 'decoupled' ? multiplier * decay.rate : multiplier * lr * decay.rate;
}

/**
 * The raw rate of a normalised one (AdamW 2019, appendix B.1): normalised * sqrt(b / (B * T)), so that one normalised
 * rate suits runs of different lengths.
 *
 * @param run batch size b, training examples B, epochs T (of the current period where the schedule restarts).
 */
export function normalizedDecayRate(
  normalized: number,
  run: { readonly batchSize: number; readonly trainExamples: number; readonly epochs: number },
): number {
  return normalized * Math.sqrt(run.batchSize / (run.trainExamples * run.epochs));
}
