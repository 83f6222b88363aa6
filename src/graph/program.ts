import { GraphError } from './graph-error.ts';
import { type Node, sameShape } from './node.ts';
import type { Feed, Variable } from './ops/leaves.ts';
import { topologicalOrder } from './order.ts';
import type { TracedRule } from './rule.ts';

/** What an engine compiles: variables, and named signatures that compute on them. */
export interface Program {
  readonly variables: readonly ProgramVariable[];
  readonly signatures: Readonly<Record<SignatureName, Signature>>;
}

/** The entry points of a program. */
export const signatureNames = ['initialize', 'step', 'evaluate', 'read', 'restore'] as const;
/** The name of an entry point. */
export type SignatureName = (typeof signatureNames)[number];

/** A variable of a program, and what it is there for. */
export interface ProgramVariable {
  readonly node: Variable;
  readonly role: 'parameter' | 'state' | 'data';
}

/**
 * One call. Everything is computed from the variables' values before the call; then assignments and updates are
 * carried out. A fetch of a variable's node gives its old value in a signature that changes it.
 */
export interface Signature {
  readonly feeds: readonly Feed[];
  readonly fetches: Readonly<Record<string, Node>>;
  readonly assignments: readonly { readonly variable: Variable; readonly value: Node }[];
  readonly updates: readonly Update[];
}

/** One optimizer step of one parameter; state slots by the rule's names. */
export interface Update {
  readonly rule: TracedRule;
  readonly parameter: Variable;
  readonly gradient: Node;
  readonly state: Readonly<Record<string, Variable>>;
  /** Float [number of the rule's scalars] (or of shape [1] where it has none), in the order of `rule.scalars`. */
  readonly scalars: Feed;
}

/** The nodes whose values a signature needs, each after its inputs. */
export function signatureOrder(signature: Signature): Node[] {
  return topologicalOrder([
    ...signature.feeds,
    ...Object.values(signature.fetches),
    ...signature.assignments.map((a) => a.value),
    ...signature.updates.map((u) => u.gradient),
    ...signature.updates.map((u) => u.scalars),
  ]);
}

/**
 * Checks a program: unique variable names, no use of a variable or feed that is not declared, fitting shapes, and
 * every node's shape rule once more.
 * @throws GraphError
 */
export function checkProgram(program: Program): void {
  const problem = (detail: string, ...inputs: Node[]): never => {
    throw new GraphError({ code: 'bad-program', op: 'program', inputs, detail });
  };
  const variables = new Set<Node>(program.variables.map((v) => v.node));
  const names = program.variables.map((v) => v.node.attributes.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) problem(`two variables are named ${twice}`);
  for (const [name, signature] of Object.entries(program.signatures)) {
    const feeds = new Set<Node>(signature.feeds);
    for (const node of signatureOrder(signature)) {
      if (node.op === 'variable' && !variables.has(node))
        problem(`signature ${name} uses a variable that is not declared`, node);
      if (node.op === 'feed' && !feeds.has(node))
        problem(`signature ${name} uses a feed that is not declared`, node);
      if (!sameShape(node.definition.shape(node.inputs, node.attributes), node.shape))
        problem('a shape is wrong', node);
    }
    for (const { variable, value } of signature.assignments) {
      if (
        !variables.has(variable) ||
        !sameShape(variable.shape, value.shape) ||
        variable.dtype !== value.dtype
      ) {
        problem(`signature ${name} assigns what does not fit`, variable, value);
      }
    }
    for (const { parameter, gradient, state, rule } of signature.updates) {
      if (!sameShape(parameter.shape, gradient.shape))
        problem('a gradient does not fit its parameter', parameter, gradient);
      for (const slot of Object.keys(rule.state)) {
        const variable = state[slot];
        if (variable === undefined || !sameShape(variable.shape, parameter.shape))
          problem(`state ${slot} is missing or does not fit`, parameter);
      }
    }
  }
}
