import { compileRule } from '../../graph/evaluate-rule.ts';
import { type Node, sizeOf } from '../../graph/node.ts';
import type { OpName } from '../../graph/ops/index.ts';
import {
  checkProgram,
  type Program,
  type Signature,
  type SignatureName,
  signatureOrder,
} from '../../graph/program.ts';
import type { Executable, Feeds, Fetches, TensorData } from '../engine.ts';
import { type Kernel, kernels } from './kernels.ts';

function allocate(node: Node): TensorData {
  const size = sizeOf(node.shape);
  if (node.dtype === 'float') return new Float64Array(size);
  return node.dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size);
}

type Values = Map<Node, TensorData>;

/** One signature as a function: kernels in order, then assignments and updates. */
function compileSignature(name: string, signature: Signature, variables: Values): (feeds: Feeds) => Fetches {
  const order = signatureOrder(signature);
  const updates = signature.updates.map((update) => ({ update, apply: compileRule(update.rule) }));
  return (feeds) => {
    const values: Values = new Map(variables);
    for (const node of order) {
      if (values.has(node)) continue;
      const out = allocate(node);
      values.set(node, out);
      if (node.op === 'feed') {
        const feedName = (node.attributes as { name: string }).name;
        const data = feeds[feedName];
        if (data?.length !== out.length) {
          throw new RangeError(
            `signature ${name} needs feed ${feedName} with ${out.length} values, not ${data?.length ?? 'none'}`,
          );
        }
        out.set(data);
        continue;
      }
      (kernels[node.op as OpName] as Kernel)(
        node as Node<never>,
        node.inputs.map((x) => values.get(x)!),
        out,
      );
    }
    // Fetched variables are copied, as updates happen in place.
    const fetches = Object.fromEntries(
      Object.entries(signature.fetches).map(([key, node]) => [
        key,
        variables.has(node) ? values.get(node)!.slice() : values.get(node)!,
      ]),
    );
    const assigned = signature.assignments.map(({ value }) => values.get(value)!.slice());
    for (const [i, { variable }] of signature.assignments.entries())
      variables.get(variable)!.set(assigned[i]!);
    for (const { update, apply } of updates) {
      apply(
        {
          parameter: variables.get(update.parameter) as Float64Array,
          gradient: values.get(update.gradient) as Float64Array,
          state: Object.fromEntries(
            Object.entries(update.state).map(([slot, variable]) => [
              slot,
              variables.get(variable) as Float64Array,
            ]),
          ),
        },
        values.get(update.scalars) as Float64Array,
      );
    }
    return fetches;
  };
}

export function compileReference(program: Program): Executable {
  checkProgram(program);
  const variables: Values = new Map(program.variables.map(({ node }) => [node, allocate(node)]));
  const signatures = Object.fromEntries(
    Object.entries(program.signatures).map(([name, signature]) => [
      name,
      compileSignature(name, signature, variables),
    ]),
  ) as Record<SignatureName, (feeds: Feeds) => Fetches>;
  return { run: (signature, feeds) => signatures[signature](feeds), dispose: () => variables.clear() };
}
