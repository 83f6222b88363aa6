import type { Node } from '../../graph/node.ts';

/** How the executable is told what to call: data, for given addresses. */

/** A number, or where to read an int32 at the time of the call (the step, for random arrays). */
export type Argument = number | { readonly int32At: number };
/** The name of an exported function and its arguments. */
export type Call = readonly [name: string, ...args: Argument[]];

/** Byte addresses of a node's inputs and result, and of scratch memory (0 where the kernel asks for none). */
export interface Addresses {
  readonly inputs: readonly number[];
  readonly output: number;
  readonly workspace: number;
}

export interface ComputedKernel<Attributes> {
  /** Inputs that the result may overwrite, if they have its size and nothing else needs them. */
  readonly inPlace?: readonly number[];
  /** The exported function that returns how many bytes of scratch memory the calls need. */
  readonly workspace?: (node: Node<Attributes>) => readonly [name: string, ...args: number[]];
  readonly calls: (node: Node<Attributes>, at: Addresses) => readonly Call[];
}

/** `stored` nodes have their own place and are computed by nobody; an `alias` is its input under another shape. */
export type Kernel<Attributes> = 'stored' | 'alias' | ComputedKernel<Attributes>;
