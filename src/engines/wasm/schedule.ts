import { type Node, sizeOf } from '../../graph/node.ts';
import type { Variable } from '../../graph/ops/leaves.ts';
import { type Signature, signatureOrder, type Update } from '../../graph/program.ts';
import type { PlannedValue } from './plan.ts';

/** What a signature does, step by step, and which of its arrays share memory. */

/** Where an array is: in the place that a variable, feed or constant has for good, or in a planned value. */
export type Place = { readonly stored: Node } | { readonly value: number };

export type Step =
  | {
      readonly kind: 'compute';
      readonly node: Node;
      readonly inputs: readonly Place[];
      readonly output: Place;
      /** Scratch memory of this step alone. */
      readonly workspace: Place | undefined;
    }
  | { readonly kind: 'copy'; readonly from: Place; readonly to: Place; readonly bytes: number }
  | { readonly kind: 'update'; readonly update: Update; readonly gradient: Place; readonly scalars: Place };

export interface Schedule {
  readonly steps: readonly Step[];
  /** The values to place with `planMemory`. */
  readonly values: readonly PlannedValue[];
  readonly fetches: Readonly<Record<string, Place>>;
  /** Feeds that need no place of their own: all they do is to become a variable's next value. */
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

/** An array before it has a place; `node` is the one that it was made for. */
interface Storage {
  readonly node: Node;
  readonly stored: boolean;
}

export function scheduleSignature(signature: Signature, kernels: KernelFacts): Schedule {
  const storages = new Map<Node, Storage>();
  const storageOf = (node: Node): Storage => storages.get(node)!;
  const computed: Node[] = [];
  const changed = new Set<Node>([
    ...signature.assignments.map((a) => a.variable),
    ...signature.updates.flatMap((u) => [u.parameter, ...Object.values(u.state)]),
  ]);
  for (const node of [...signatureOrder(signature), ...changed]) {
    if (storages.has(node)) continue;
    const kind = kernels.kind(node);
    storages.set(node, kind === 'alias' ? storageOf(node.inputs[0]!) : { node, stored: kind === 'stored' });
    if (kind === 'computed') computed.push(node);
  }
  const direct = directFeeds(signature, computed, storageOf);

  // First the nodes; then copies of old values that outlive a change; then the changes themselves.
  const saved = new Map<Storage, Storage>();
  const settled = (node: Node): Storage => {
    const storage = storageOf(node);
    if (!storage.stored || !changed.has(storage.node)) return storage;
    const copy = saved.get(storage) ?? { node: storage.node, stored: false };
    saved.set(storage, copy);
    return copy;
  };
  const fetches = Object.entries(signature.fetches).map(([name, node]) => [name, settled(node)] as const);
  const assignments = signature.assignments
    .filter(({ value }) => !direct.has(storageOf(value).node))
    .map(({ variable, value }) => ({ from: settled(value), to: storageOf(variable), variable }));
  const updates = signature.updates.map((update) => ({
    update,
    gradient: settled(update.gradient),
    scalars: settled(update.scalars),
  }));

  const lastUse = new Map<Storage, number>();
  let time = 0;
  for (const node of computed) {
    for (const x of node.inputs) lastUse.set(storageOf(x), time);
    time++;
  }
  const saveTime = time;
  time += saved.size;
  for (const { from } of assignments) lastUse.set(from, time++);
  for (const { gradient, scalars } of updates) {
    for (const storage of [gradient, scalars]) lastUse.set(storage, time);
    time++;
  }
  for (const [, storage] of fetches) lastUse.set(storage, time);

  const values: { bytes: number; first: number; last: number }[] = [];
  const numbers = new Map<Storage, number>();
  const addValue = (bytes: number, first: number, last: number): number =>
    values.push({ bytes, first, last }) - 1;
  const place = (storage: Storage): Place =>
    storage.stored ? { stored: storage.node } : { value: numbers.get(storage)! };

  const steps: Step[] = [];
  computed.forEach((node, now) => {
    const output = storageOf(node);
    const last = lastUse.get(output) ?? now;
    const dying = kernels
      .inPlace(node)
      .map((i) => storageOf(node.inputs[i]!))
      .find((x) => !x.stored && lastUse.get(x) === now && bytesOf(x.node) === bytesOf(node));
    if (dying === undefined) numbers.set(output, addValue(bytesOf(node), now, last));
    else {
      const number = numbers.get(dying)!;
      numbers.set(output, number);
      values[number]!.last = last;
    }
    const scratch = kernels.workspaceBytes(node);
    const workspace = scratch > 0 ? { value: addValue(scratch, now, now) } : undefined;
    const inputs = node.inputs.map((x) => place(storageOf(x)));
    steps.push({ kind: 'compute', node, inputs, output: place(output), workspace });
  });
  let saving = saveTime;
  for (const [from, to] of saved) {
    numbers.set(to, addValue(bytesOf(from.node), saving, lastUse.get(to)!));
    steps.push({ kind: 'copy', from: place(from), to: place(to), bytes: bytesOf(from.node) });
    saving++;
  }
  for (const { from, to, variable } of assignments) {
    steps.push({ kind: 'copy', from: place(from), to: place(to), bytes: bytesOf(variable) });
  }
  for (const { update, gradient, scalars } of updates) {
    steps.push({ kind: 'update', update, gradient: place(gradient), scalars: place(scalars) });
  }
  return {
    steps,
    values,
    fetches: Object.fromEntries(fetches.map(([name, storage]) => [name, place(storage)])),
    direct,
  };
}

/** Feeds whose one use is to be assigned to a variable that nothing in the signature reads. */
function directFeeds(
  signature: Signature,
  computed: readonly Node[],
  storageOf: (node: Node) => Storage,
): Map<Node, Variable> {
  const uses = new Map<Node, number>();
  const read = [
    ...computed.flatMap((node) => node.inputs),
    ...Object.values(signature.fetches),
    ...signature.assignments.map((a) => a.value),
    ...signature.updates.flatMap((u) => [u.gradient, u.scalars, u.parameter, ...Object.values(u.state)]),
  ];
  for (const node of read) {
    const root = storageOf(node).node;
    uses.set(root, (uses.get(root) ?? 0) + 1);
  }
  const feeds = new Set<Node>(signature.feeds);
  const direct = new Map<Node, Variable>();
  for (const { variable, value } of signature.assignments) {
    const root = storageOf(value).node;
    if (feeds.has(root) && uses.get(root) === 1 && !uses.has(variable)) direct.set(root, variable);
  }
  return direct;
}
