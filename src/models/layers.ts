import { UserError } from '../errors.ts';
import { type Node, sizeOf } from '../graph/node.ts';
import {
  addBias,
  isSparseRows,
  matmul,
  misclassified,
  relu,
  reshape,
  sigmoid,
  softmaxCrossEntropy,
  softplus,
  tanh,
} from '../graph/ops/index.ts';
import type { Initialization } from '../spec/run.ts';
import type { ModelContext, ModelInput, ModelOutput } from './model.ts';

/** Pieces that several models share. */

/** The activation functions that a spec can name; each keeps the shape of its node. */
export const activations = { relu, tanh, sigmoid, softplus } as const;

/** x [b, n] times weights [n, units] plus a bias that starts at 0; parameters `<name>/weights` and `<name>/bias`. */
export function dense(
  context: ModelContext,
  x: Node,
  units: number,
  name: string,
  initialization: Initialization,
): Node {
  const weights = context.parameter(`${name}/weights`, [x.shape[1]!, units], initialization);
  return addBias(matmul(x, weights), context.parameter(`${name}/bias`, [units], { type: 'zeros' }));
}

/** @throws UserError where the examples are sparse rows, which the model has no use for. */
export function refuseSparse(x: Node, model: string): void {
  if (!isSparseRows(x)) return;
  throw new UserError(
    `The model ${model} takes no bags of words, as the data are: use logistic-regression or mlp.`,
  );
}

/** Each example as a row of numbers. */
export const flatten = (x: Node): Node => reshape(x, [x.shape[0]!, sizeOf(x.shape.slice(1))]);

/**
 * Negative log-likelihood of the labels under a softmax, and whether the likeliest class is wrong; logits [b, classes].
 * @throws UserError when there are more or fewer logits than classes.
 */
export function classify(logits: Node, { labels, classes }: ModelInput): ModelOutput {
  const values = logits.shape[1];
  if (logits.shape.length === 2 && values !== classes) {
    throw new UserError(
      `The logits have ${values} values, the data ${classes} classes: they must be as many.`,
    );
  }
  return { cost: softmaxCrossEntropy(logits, labels), error: misclassified(logits, labels) };
}
