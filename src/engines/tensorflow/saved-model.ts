import type { Node } from '../../graph/node.ts';
import { type Program, type SignatureName, signatureNames } from '../../graph/program.ts';
import { attribute, GraphBuilder } from './graphdef.ts';
import { encodeSavedModel } from './proto.ts';
import { planner, type UpdatePlan } from './rules.ts';
import { type WrittenSignature, writeSignature } from './signature.ts';
import { type StoredVariable, storageOf, usedScales } from './storage.ts';
import { ruleFunction } from './updates.ts';

export interface WrittenProgram {
  /** What goes into `saved_model.pb`. */
  readonly bytes: Uint8Array;
  /** Signatures that do nothing are left out. */
  readonly signatures: ReadonlyMap<SignatureName, WrittenSignature>;
}

/**
 * Writes a program as a SavedModel: one graph, a signature for each of the program's, and no checkpoint, as `initialize`
 * sets every variable.
 *
 * @param container keeps the variables apart from those of other executables of the process.
 * @param xla whether rules without a training op may be compiled by XLA.
 */
export function writeProgram(program: Program, container: string, xla: boolean): WrittenProgram {
  const graph = new GraphBuilder();
  const scales = usedScales(program);
  const variables = new Map<Node, StoredVariable>();
  for (const { node } of program.variables) {
    const storage = storageOf(node, scales.get(node)!);
    const handle = graph.add('VarHandleOp', [], {
      dtype: attribute.type(storage.type),
      shape: attribute.shape(node.shape),
      container: attribute.text(''),
      shared_name: attribute.text(`${container}/${variables.size}`),
    });
    variables.set(node, { handle, storage });
  }
  const planOf = planner(xla);
  const functions = new Set<UpdatePlan>();
  const signatures = new Map<SignatureName, WrittenSignature>();
  for (const name of signatureNames) {
    const written = writeSignature(graph, variables, program.signatures[name], (update) => {
      const plan = planOf(update);
      if (plan.kind === 'compiled') functions.add(plan);
      return plan;
    });
    if (written !== null) signatures.set(name, written);
  }
  const definitions = [...signatures].map(([name, { definition }]) => [name, definition] as const);
  return {
    bytes: encodeSavedModel(graph.nodes, [...functions].map(ruleFunction), Object.fromEntries(definitions)),
    signatures,
  };
}
