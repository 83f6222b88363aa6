import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Node } from '../../graph/node.ts';
import { type Program, type SignatureName, signatureNames } from '../../graph/program.ts';
import type { TracedRule } from '../../graph/rule.ts';
import type { SavedModel, TensorFlow } from './binding.ts';
import { attribute, GraphBuilder } from './graphdef.ts';
import { encodeSavedModel } from './proto.ts';
import { planUpdate, ruleFunction, type UpdatePlan } from './rules.ts';
import { type StoredVariable, type WrittenSignature, writeSignature } from './signature.ts';
import { storageOf, usedScales } from './storage.ts';

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
  const plans = new Map<TracedRule, UpdatePlan>();
  const planOf = (rule: TracedRule): UpdatePlan => {
    const known = plans.get(rule);
    if (known !== undefined) return known;
    const plan = planUpdate(rule, xla);
    if (plan.kind === 'compiled') graph.functions.push(ruleFunction(plan));
    plans.set(rule, plan);
    return plan;
  };
  const signatures = new Map<SignatureName, WrittenSignature>();
  for (const name of signatureNames) {
    const written = writeSignature(graph, variables, program.signatures[name], planOf);
    if (written !== null) signatures.set(name, written);
  }
  const definitions = [...signatures].map(([name, { definition }]) => [name, definition] as const);
  return {
    bytes: encodeSavedModel(graph.nodes, graph.functions, Object.fromEntries(definitions)),
    signatures,
  };
}

/** Loads signatures by way of a folder that exists while this lasts; TensorFlow has read all of it then. */
export async function loadSignatures<Name extends string>(
  tf: TensorFlow,
  bytes: Uint8Array,
  names: Iterable<Name>,
): Promise<Map<Name, SavedModel>> {
  const folder = mkdtempSync(join(tmpdir(), 'adam-repro-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const loaded = new Map<Name, SavedModel>();
  try {
    writeFileSync(join(folder, 'saved_model.pb'), bytes);
    for (const name of names) loaded.set(name, await tf.node.loadSavedModel(folder, ['serve'], name));
    return loaded;
  } catch (error) {
    for (const model of loaded.values()) model.dispose();
    throw error;
  } finally {
    process.removeListener('exit', remove);
    remove();
  }
}
