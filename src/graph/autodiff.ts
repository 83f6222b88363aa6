import { GraphError } from './graph-error.ts';
import { type Node, sameShape } from './node.ts';
import { add } from './ops/elementwise.ts';
import { sum } from './ops/layout.ts';
import { constant } from './ops/leaves.ts';
import { topologicalOrder } from './order.ts';

/**
 * Adds the backward nodes: the gradient of a scalar loss with respect to each of the given nodes, in their order.
 * What was broadcast is summed back here, and pieces that meet are added here, so that the rules need not.
 * @throws GraphError when the loss is no scalar, does not depend on one of them, or an op on the way has no gradient.
 */
export function gradients(loss: Node, wanted: readonly Node[]): Node[] {
  if (loss.shape.length !== 0) {
    throw new GraphError({
      code: 'bad-shape',
      op: 'gradients',
      inputs: [loss],
      detail: 'the loss must be a scalar',
    });
  }
  const order = topologicalOrder([loss]);
  const targets = new Set(wanted);
  const onPath = new Set<Node>();
  for (const node of order) {
    if (targets.has(node) || node.inputs.some((x) => onPath.has(x))) onPath.add(node);
  }
  const gradient = new Map<Node, Node>([[loss, constant(1)]]);
  for (const node of order.reverse()) {
    const g = gradient.get(node);
    if (g === undefined || !onPath.has(node) || targets.has(node)) continue;
    const rule = node.definition.gradient;
    if (rule === 'none') {
      throw new GraphError({
        code: 'no-gradient',
        op: node.op,
        inputs: node.inputs,
        detail: 'the op has no gradient',
      });
    }
    rule({ inputs: node.inputs, attributes: node.attributes, output: node }, g).forEach((piece, i) => {
      const x = node.inputs[i]!;
      if (piece === null || !onPath.has(x)) return;
      const fitted = sameShape(piece.shape, x.shape)
        ? piece
        : sum(piece, 0, piece.shape.length - x.shape.length);
      const before = gradient.get(x);
      gradient.set(x, before === undefined ? fitted : add(before, fitted));
    });
  }
  return wanted.map((node) => {
    const g = gradient.get(node);
    if (g === undefined) {
      throw new GraphError({
        code: 'no-gradient',
        op: 'gradients',
        inputs: [node],
        detail: 'the loss does not depend on this node',
      });
    }
    return g;
  });
}
