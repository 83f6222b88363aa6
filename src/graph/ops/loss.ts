import { misfit } from '../graph-error.ts';
import { apply, defineOp, type Node, type Shape, sameShape } from '../node.ts';

/** Costs on logits, one per example or element, and the misclassification of each example. */

type None = Record<string, never>;
const none: None = {};

function perExample(op: string, inputs: readonly [Node, Node]): Shape {
  const [logits, labels] = inputs;
  if (logits.shape.length !== 2 || !sameShape(labels.shape, [logits.shape[0]!])) {
    misfit(op, inputs, 'it needs logits [examples, classes] and labels [examples]');
  }
  if (labels.dtype === 'float') misfit(op, inputs, 'the labels must be whole numbers');
  return labels.shape;
}

export const softmaxCrossEntropyOp = defineOp<2>({
  name: 'softmaxCrossEntropy',
  shape: (x) => perExample('softmaxCrossEntropy', x),
  gradient: ({ inputs: [logits, labels] }, g) => [
    apply(softmaxCrossEntropyGradientOp, [logits, labels, g], none),
    null,
  ],
});
/** -log softmax(logits)[label] for each example; logits [b, c], labels [b] of uint8 or int32, result [b]. */
export const softmaxCrossEntropy = (logits: Node, labels: Node): Node =>
  apply(softmaxCrossEntropyOp, [logits, labels], none);
/** (logits, labels, g [b]) -> (softmax(logits) - one-hot(labels)) * g, shape [b, c]. */
export const softmaxCrossEntropyGradientOp = defineOp<3>({
  name: 'softmaxCrossEntropyGradient',
  shape: ([logits]) => logits.shape,
  gradient: 'none',
});

export const misclassifiedOp = defineOp<2>({
  name: 'misclassified',
  shape: (x) => perExample('misclassified', x),
  gradient: 'none',
});
/** 1 where the first largest logit is not the label's, else 0; shape [b]. */
export const misclassified = (logits: Node, labels: Node): Node =>
  apply(misclassifiedOp, [logits, labels], none);

export const sigmoidCrossEntropyOp = defineOp<2>({
  name: 'sigmoidCrossEntropy',
  shape: ([logits, targets]) =>
    sameShape(logits.shape, targets.shape)
      ? logits.shape
      : misfit('sigmoidCrossEntropy', [logits, targets], 'the shapes must be equal'),
  gradient: ({ inputs: [logits, targets] }, g) => [
    apply(sigmoidCrossEntropyGradientOp, [logits, targets, g], none),
    null,
  ],
});
/** -t log sigmoid(x) - (1-t) log(1 - sigmoid(x)) for each element, without overflow; targets get no gradient. */
export const sigmoidCrossEntropy = (logits: Node, targets: Node): Node =>
  apply(sigmoidCrossEntropyOp, [logits, targets], none);
/** (logits, targets, g) -> (sigmoid(logits) - targets) * g. */
export const sigmoidCrossEntropyGradientOp = defineOp<3>({
  name: 'sigmoidCrossEntropyGradient',
  shape: ([logits]) => logits.shape,
  gradient: 'none',
});
