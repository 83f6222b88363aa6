import type { Node } from './node.ts';
import { topologicalOrder } from './order.ts';

/** One readable line per node that the roots need, in the order of computation. */
export function printGraph(roots: readonly Node[]): string {
  const order = topologicalOrder(roots);
  const number = new Map(order.map((node, i) => [node, i]));
  const lines = order.map((node, i) => {
    const attributes = Object.entries(node.attributes as Record<string, unknown>)
      .filter(([key, value]) => value !== false && value !== null && !(key === 'shape' || key === 'dtype'))
      .map(([key, value]) => ` ${key}=${typeof value === 'object' ? JSON.stringify(value) : value}`)
      .join('');
    const inputs = node.inputs.map((x) => `%${number.get(x)}`).join(', ');
    return `%${i} = ${node.op}(${inputs})${attributes} : ${node.dtype}[${node.shape.join(', ')}]`;
  });
  return lines.join('\n');
}
