import { type Node, sizeOf } from '../../graph/node.ts';
import type { AttributesOf } from '../../graph/ops/index.ts';
import type { Variable } from '../../graph/ops/leaves.ts';
import { type Signature, signatureOrder, type Update } from '../../graph/program.ts';
import type { PlannedValue } from './plan.ts';

/** What a signature does, step by step, and which of its arrays share memory. */

/** Where an array is: in the place that a variable, feed or constant has for good, or in a planned value. */
export type Place = { readonly stored: Node } | { readonly value: number };

/** `P` is how a step names its arrays. */
export type Step<P = Place> =
  | {
      readonly kind: 'compute';
      readonly node: Node;
      readonly inputs: readonly P[];
      readonly output: P;
      /** Scratch memory of this step alone. */
      readonly workspace?: P;
    }
  | { readonly kind: 'copy'; readonly from: P; readonly to: P; readonly bytes: number }
  | { readonly kind: 'fill'; readonly value: number; readonly to: P; readonly size: number }
  | { readonly kind: 'update'; readonly update: Update; readonly gradient: P; readonly scalars: P };

export interface Schedule {
  readonly steps: readonly Step[];
  /** The values to place with `planMemory`. */
  readonly values: readonly PlannedValue[];
  readonly fetches: Readonly<Record<string, Place>>;
  /** Feeds and constants that need no place of their own: all they do is to become a variable's next value. */
  readonly direct: ReadonlyMap<Node, Variable>;
}

/** What the scheduler must know about an engine's kernels. */
export interface KernelFacts {
  /** `stored` nodes have their place for good; an `alias` is its input under another shape. */
  kind(node: Node): 'stored' | 'alias' | 'computed';
  /** The inputs that a kernel may overwrite with its result. */
  inPlace(node: Node): readonly number[];
  workspaceBytes(node: Node): number;
}

export const bytesOf = (node: Node): number => sizeOf(node.shape) * (node.dtype === 'uint8' ? 1 : 4);

/** An array before it has a place: that of a stored node, or a new one of a node's size. */
interface Storage {
  readonly node: Node;
  readonly stored: boolean;
}

export function scheduleSignature(signature: Signature, kernels: KernelFacts): Schedule {
  const { steps, fetches, direct } = stepsOf(signature, kernels);
  const lastUse = new Map<Storage, number>();
  steps.forEach((step, now) => {
    for (const storage of readBy(step)) lastUse.set(storage, now);
  });
  // What is fetched must outlive the call.
  for (const storage of Object.values(fetches)) lastUse.set(storage, steps.length);

  const values: { bytes: number; first: number; last: number }[] = [];
  const numbers = new Map<Storage, number>();
  const addValue = (bytes: number, first: number, last: number): number =>
    values.push({ bytes, first, last }) - 1;
  const place = (storage: Storage): Place =>
    storage.stored ? { stored: storage.node } : { value: numbers.get(storage)! };
  /** The place of a step's result: that of a dying input if there is one, else a new value. */
  const resultPlace = (storage: Storage, now: number, dying?: Storage): Place => {
    if (storage.stored) return place(storage);
    const last = lastUse.get(storage) ?? now;
    const number = dying ? numbers.get(dying)! : addValue(bytesOf(storage.node), now, last);
    values[number]!.last = last;
    numbers.set(storage, number);
    return { value: number };
  };

  const placeStep = (step: Step<Storage>, now: number): Step => {
    switch (step.kind) {
      case 'compute': {
        const { node } = step;
        const inputs = step.inputs.map(place);
        const dying = kernels
          .inPlace(node)
          .map((i) => step.inputs[i]!)
          .find((x) => !x.stored && lastUse.get(x) === now && bytesOf(x.node) === bytesOf(node));
        const output = resultPlace(step.output, now, dying);
        const scratch = kernels.workspaceBytes(node);
        const workspace = scratch > 0 ? { workspace: { value: addValue(scratch, now, now) } } : {};
        return { kind: 'compute', node, inputs, output, ...workspace };
      }
      case 'copy':
        return { ...step, from: place(step.from), to: resultPlace(step.to, now) };
      case 'fill':
        return { ...step, to: place(step.to) };
      case 'update':
        return { ...step, gradient: place(step.gradient), scalars: place(step.scalars) };
    }
  };
  const placed = steps.map(placeStep);
  const fetched = Object.entries(fetches).map(([name, storage]) => [name, place(storage)]);
  return { steps: placed, values, fetches: Object.fromEntries(fetched), direct };
}

function readBy(step: Step<Storage>): readonly Storage[] {
  if (step.kind === 'compute') return step.inputs;
  if (step.kind === 'copy') return [step.from];
  return step.kind === 'update' ? [step.gradient, step.scalars] : [];
}

/** The nodes in order; then copies of old values that outlive a change; then assignments and updates. */
function stepsOf(signature: Signature, kernels: KernelFacts) {
  const changed = new Set<Node>([
    ...signature.assignments.map((a) => a.variable),
    ...signature.updates.flatMap((u) => [u.parameter, ...Object.values(u.state)]),
  ]);
  const storages = new Map<Node, Storage>();
  const storageOf = (node: Node): Storage => storages.get(node)!;
  const computed: Node[] = [];
  for (const node of [...signatureOrder(signature), ...changed]) {
    if (storages.has(node)) continue;
    const kind = kernels.kind(node);
    storages.set(node, kind === 'alias' ? storageOf(node.inputs[0]!) : { node, stored: kind === 'stored' });
    if (kind === 'computed') computed.push(node);
  }
  const direct = directValues(signature, computed, (node) => storageOf(node).node);

  const saves = new Map<Storage, Storage>();
  const settled = (node: Node): Storage => {
    const storage = storageOf(node);
    if (!storage.stored || !changed.has(storage.node)) return storage;
    const saved = saves.get(storage) ?? { node: storage.node, stored: false };
    saves.set(storage, saved);
    return saved;
  };
  const copy = (from: Storage, to: Storage): Step<Storage> => ({
    kind: 'copy',
    from,
    to,
    bytes: bytesOf(to.node),
  });
  const fetches: Record<string, Storage> = {};
  for (const [name, node] of Object.entries(signature.fetches)) fetches[name] = settled(node);
  const assignments = signature.assignments.flatMap(({ variable, value }): Step<Storage>[] => {
    const to = storageOf(variable);
    const { node } = storageOf(value);
    if (!direct.has(node)) return [copy(settled(value), to)];
    if (node.op === 'feed') return [];
    const constant = node.attributes as AttributesOf<'constant'>;
    return [{ kind: 'fill', value: constant.value, to, size: sizeOf(variable.shape) }];
  });
  const updates = signature.updates.map((update): Step<Storage> => {
    const [gradient, scalars] = [settled(update.gradient), settled(update.scalars)];
    return { kind: 'update', update, gradient, scalars };
  });
  const steps: Step<Storage>[] = [
    ...computed.map((node): Step<Storage> => {
      return { kind: 'compute', node, inputs: node.inputs.map(storageOf), output: storageOf(node) };
    }),
    ...[...saves].map(([from, to]) => copy(from, to)),
    ...assignments,
    ...updates,
  ];
  return { steps, fetches, direct };
}

/** Feeds and constants whose one use is to be assigned to a variable that nothing in the signature reads. */
function directValues(
  signature: Signature,
  computed: readonly Node[],
  rootOf: (node: Node) => Node,
): Map<Node, Variable> {
  const uses = new Map<Node, number>();
  const read = [
    ...computed.flatMap((node) => node.inputs),
    ...Object.values(signature.fetches),
    ...signature.assignments.map((a) => a.value),
    ...signature.updates.flatMap((u) => [u.gradient, u.scalars, u.parameter, ...Object.values(u.state)]),
  ];
  for (const node of read.map(rootOf)) uses.set(node, (uses.get(node) ?? 0) + 1);
  const direct = new Map<Node, Variable>();
  for (const { variable, value } of signature.assignments) {
    const root = rootOf(value);
    const movable = root.op === 'feed' || root.op === 'constant';
    if (movable && uses.get(root) === 1 && !uses.has(variable)) direct.set(root, variable);
  }
  return direct;
}
