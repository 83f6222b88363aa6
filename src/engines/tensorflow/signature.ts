import { type Node, sizeOf } from '../../graph/node.ts';
import type { OpName } from '../../graph/ops/index.ts';
import type { Feed } from '../../graph/ops/leaves.ts';
import { type Signature, signatureOrder, type Update } from '../../graph/program.ts';
import type { TracedRule } from '../../graph/rule.ts';
import { attribute, type GraphBuilder, nodeOf, type Tensor, tensorInfo, tensorType } from './graphdef.ts';
import type { HostInput, HostOutput } from './host.ts';
import { emits } from './nodes.ts';
import type { Attributes, SignatureDef, TensorInfo } from './proto.ts';
import type { UpdatePlan } from './rules.ts';
import { cast, type Emit, float, ints, reshape, type Scope } from './scope.ts';
import type { Storage, StoredVariable } from './storage.ts';
import { emitUpdate } from './updates.ts';

export interface WrittenSignature {
  readonly definition: SignatureDef;
  readonly inputs: readonly HostInput[];
  readonly outputs: readonly HostOutput[];
}

/** Something that changes variables: written last, so that it can wait for everything that reads them. */
interface Effect {
  readonly op: string;
  readonly changes: readonly Node[];
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes;
}

class SignatureWriter implements Scope {
  private readonly inputs: HostInput[] = [];
  private readonly graph: GraphBuilder;
  private readonly variables: ReadonlyMap<Node, StoredVariable>;
  private readonly tensors = new Map<string, Tensor>();
  private readonly values = new Map<Node, Tensor>();
  private readonly inputInfo: Record<string, TensorInfo> = {};
  /** The variable that a tensor is the stored value of. */
  private readonly readOf = new Map<Tensor, Node>();
  /** The nodes that use a variable's value. */
  private readonly readers = new Map<Node, Set<string>>();
  private readonly effects: Effect[] = [];
  private readonly vectors: { rule: TracedRule; feed: Feed; tensor: Tensor }[] = [];

  constructor(graph: GraphBuilder, variables: ReadonlyMap<Node, StoredVariable>) {
    this.graph = graph;
    this.variables = variables;
  }

  op(op: string, inputs: readonly Tensor[], attributes: Attributes = {}): Tensor {
    const key = JSON.stringify([op, inputs, attributes]);
    const known = this.tensors.get(key);
    if (known !== undefined) return known;
    const tensor = this.graph.add(op, inputs, attributes);
    this.tensors.set(key, tensor);
    for (const input of inputs) {
      const variable = this.readOf.get(input);
      if (variable !== undefined) this.readersOf(variable).add(tensor);
    }
    return tensor;
  }

  value(node: Node): Tensor {
    const known = this.values.get(node);
    if (known !== undefined) return known;
    const tensor =
      node.op === 'variable'
        ? this.variable(node)
        : node.op === 'feed'
          ? this.feed(node as Feed)
          : (emits[node.op as OpName] as Emit)(this, node as Node<never>);
    this.values.set(node, tensor);
    return tensor;
  }

  rows(node: Node, rows: Tensor): { tensor: Tensor; storage: Storage } | null {
    const variable = this.variables.get(node);
    if (variable === undefined) return null;
    const tensor = this.op('ResourceGather', [variable.handle, rows], {
      dtype: attribute.type(variable.storage.type),
      Tindices: attribute.type('int32'),
    });
    this.readersOf(node).add(tensor);
    return { tensor, storage: variable.storage };
  }

  assign(variable: Node, value: Node): void {
    const { type } = this.variables.get(variable)!.storage;
    const tensor = this.storedValue(variable, value);
    this.effect('AssignVariableOp', [variable], [tensor], { dtype: attribute.type(type) });
  }

  effect(op: string, changes: readonly Node[], inputs: readonly Tensor[], attributes: Attributes): void {
    this.effects.push({ op, changes, inputs, attributes });
  }

  update(plan: UpdatePlan, { parameter, gradient, state, scalars }: Update): void {
    const variable = (leaf: string): Node => (leaf === 'parameter' ? parameter : state[leaf]!);
    const numbers = plan.scalars.length > 0 ? this.scalars(plan, scalars) : '';
    const scope = {
      op: (op: string, inputs: readonly Tensor[], attributes?: Attributes) => this.op(op, inputs, attributes),
      constant: (value: number) => float(this, value),
      tensor: (leaf: string) => this.value(leaf === 'gradient' ? gradient : variable(leaf)),
      effect: (
        op: string,
        leaves: readonly string[],
        inputs: readonly Tensor[],
        attributes: Attributes = {},
      ) => this.effect(op, leaves.map(variable), inputs, attributes),
    };
    emitUpdate(scope, plan, (i) => (i === 0 ? numbers : `${numbers}:${i}`));
  }

  /** Writes the effects and names the results; null where a signature does nothing. */
  finish(fetches: Readonly<Record<string, Node>>): WrittenSignature | null {
    const outputs = Object.entries(fetches).map(([name, node], i) => {
      const type = tensorType(node.dtype);
      const tensor = this.graph.add('Identity', [this.value(node)], { T: attribute.type(type) });
      const variable = this.readOf.get(this.value(node));
      if (variable !== undefined) this.readersOf(variable).add(tensor);
      return { key: `o${i}`, name, dtype: node.dtype, type, tensor, shape: node.shape };
    });
    const changed = new Map<Node, string>();
    for (const { op, changes, inputs, attributes } of this.effects) {
      const before = changes.flatMap((variable) => {
        const earlier = changed.get(variable);
        return [...this.readersOf(variable), ...(earlier === undefined ? [] : [earlier])];
      });
      const from = new Set(inputs.map(nodeOf));
      const after = [...new Set(before)].filter((name) => !from.has(name));
      const handles = changes.map((variable) => this.variables.get(variable)!.handle);
      const node = this.graph.add(op, [...handles, ...inputs], attributes, after);
      for (const variable of changes) changed.set(variable, node);
    }
    const ends = new Set(changed.values());
    if (outputs.length === 0 && ends.size === 0) return null;
    // A call must fetch something, and what it fetches must wait for the effects.
    const done = { key: 'done', type: 'float' as const, tensor: float(this, 0), shape: [] };
    const fetched = outputs.length > 0 ? outputs : [done];
    const infos = Object.fromEntries(fetched.map((o) => [o.key, tensorInfo(o.tensor, o.type, o.shape)]));
    if (ends.size > 0) {
      const { key, type, tensor, shape } = fetched[0]!;
      const last = this.graph.add('Identity', [tensor], { T: attribute.type(type) }, ends);
      infos[key] = tensorInfo(last, type, shape);
    }
    return { definition: { inputs: this.inputInfo, outputs: infos }, inputs: this.inputs, outputs };
  }

  private readersOf(variable: Node): Set<string> {
    const readers = this.readers.get(variable) ?? new Set();
    this.readers.set(variable, readers);
    return readers;
  }

  private variable(node: Node): Tensor {
    const { handle, storage } = this.variables.get(node)!;
    const tensor = this.graph.add('ReadVariableOp', [handle], { dtype: attribute.type(storage.type) });
    this.readOf.set(tensor, node);
    this.readersOf(node).add(tensor);
    return storage.type === 'uint8' ? cast(this, tensor, 'uint8', 'int32') : tensor;
  }

  private feed(node: Feed): Tensor {
    if (node.dtype === 'uint8') return cast(this, this.bytes(node), 'uint8', 'int32');
    const { dtype: kind, shape } = node;
    return this.placeholder({ kind, feed: node, shape });
  }

  /** A feed of bytes, as bytes. */
  private bytes(node: Feed): Tensor {
    const size = sizeOf(node.shape);
    const words = Math.ceil(size / 4);
    const packed = this.placeholder({ kind: 'bytes', feed: node, shape: [words] });
    const unpacked = this.op('Bitcast', [packed], {
      T: attribute.type('int32'),
      type: attribute.type('uint8'),
    });
    if (size === 4 * words) return reshape(this, unpacked, 'uint8', node.shape);
    const flat = reshape(this, unpacked, 'uint8', [4 * words]);
    const cut = this.op('Slice', [flat, ints(this, [0]), ints(this, [size])], {
      T: attribute.type('uint8'),
      Index: attribute.type('int32'),
    });
    return reshape(this, cut, 'uint8', node.shape);
  }

  /** A value as its variable stores it, in memory of its own: a fed tensor shares that of the host's array. */
  private storedValue(variable: Node, value: Node): Tensor {
    const { type, scale } = this.variables.get(variable)!.storage;
    const isBytes = value.op === 'feed' && value.dtype === 'uint8';
    const from = isBytes ? 'uint8' : tensorType(value.dtype);
    const tensor = isBytes ? this.bytes(value as Feed) : this.value(value);
    if (scale !== null) {
      const scaled = [cast(this, tensor, from, 'float'), float(this, scale)];
      return this.op('Mul', scaled, { T: attribute.type('float') });
    }
    return from === type
      ? this.op('DeepCopy', [tensor], { T: attribute.type(type) })
      : cast(this, tensor, from, type);
  }

  /** The vector of a plan's scalars, taken apart: the tensor of the first one. */
  private scalars(plan: UpdatePlan, feed: Feed): Tensor {
    const known = this.vectors.find((v) => v.rule === plan.rule && v.feed === feed);
    if (known !== undefined) return known.tensor;
    const count = plan.scalars.length;
    const vector = this.placeholder({ kind: 'scalars', feed, plan, shape: [count] });
    const tensor = this.op('Unpack', [vector], { T: attribute.type('float'), num: attribute.whole(count) });
    this.vectors.push({ rule: plan.rule, feed, tensor });
    return tensor;
  }

  private placeholder(input: Omit<HostInput, 'key'>): Tensor {
    const type = input.kind === 'float' || input.kind === 'scalars' ? 'float' : 'int32';
    const key = `i${this.inputs.length}`;
    const { shape } = input;
    const tensor = this.graph.add('Placeholder', [], {
      dtype: attribute.type(type),
      shape: attribute.shape(shape),
    });
    this.inputs.push({ key, ...input });
    this.inputInfo[key] = tensorInfo(tensor, type, shape);
    return tensor;
  }
}

/** Writes a signature into the graph; null where it does nothing. */
export function writeSignature(
  graph: GraphBuilder,
  variables: ReadonlyMap<Node, StoredVariable>,
  signature: Signature,
  planOf: (update: Update) => UpdatePlan,
): WrittenSignature | null {
  const writer = new SignatureWriter(graph, variables);
  // In order, so that a deep graph needs no deep stack; leaves only where they are used.
  for (const node of signatureOrder(signature)) {
    if (emits[node.op as OpName] !== 'leaf') writer.value(node);
  }
  for (const { variable, value } of signature.assignments) writer.assign(variable, value);
  for (const update of signature.updates) writer.update(planOf(update), update);
  return writer.finish(signature.fetches);
}
