import { type Node, sizeOf } from '../../graph/node.ts';
import type { AttributesOf } from '../../graph/ops/index.ts';
import type { Variable } from '../../graph/ops/leaves.ts';
import { type Program, signatureOrder } from '../../graph/program.ts';
import type { Tensor, TensorType } from './graphdef.ts';

/** How TensorFlow stores a variable. */
export interface Storage {
  readonly type: TensorType & ('float' | 'int32' | 'uint8');
  /** Set where bytes are stored as floats multiplied by it, which is what every use of them asks for. */
  readonly scale: number | null;
}

export interface StoredVariable {
  readonly handle: Tensor;
  readonly storage: Storage;
}

/**
 * Rows of floats are gathered in half the time of bytes that must be converted and scaled at every step (0.20 and 0.44
 * ms per step of logistic regression on one thread), and take four times the memory: MNIST fits (220 MB), CIFAR-10
 * (740 MB), whose models take a hundred times longer, stays as it is.
 */
const mostFloatBytes = 2 ** 28;
/** Labels: int32, the type that the ops on them take. */
const mostInt32Bytes = 2 ** 22;

export function storageOf(variable: Variable, scales: readonly (number | null)[]): Storage {
  if (variable.dtype !== 'uint8') return { type: variable.dtype, scale: null };
  const size = 4 * sizeOf(variable.shape);
  const [scale] = scales;
  if (scale !== undefined && scale !== null && scales.every((s) => s === scale) && size <= mostFloatBytes) {
    return { type: 'float', scale };
  }
  return { type: size <= mostInt32Bytes ? 'int32' : 'uint8', scale: null };
}

/** The scale of every use of a variable; null for a use that wants its values as they are. */
export function usedScales(program: Program): Map<Node, (number | null)[]> {
  const scales = new Map<Node, (number | null)[]>(program.variables.map(({ node }) => [node, []]));
  for (const signature of Object.values(program.signatures)) {
    for (const node of signatureOrder(signature)) {
      node.inputs.forEach((input, i) => {
        const gathered = node.op === 'gather' && i === 0;
        scales.get(input)?.push(gathered ? (node.attributes as AttributesOf<'gather'>).scale : null);
      });
    }
    const direct = [...Object.values(signature.fetches), ...signature.assignments.map((a) => a.value)];
    for (const node of direct) scales.get(node)?.push(null);
  }
  return scales;
}
