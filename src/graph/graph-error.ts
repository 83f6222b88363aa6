import type { Node } from './node.ts';

/** A graph that cannot be built or differentiated, as data; `message` is the one place that words it. */
export interface GraphIssue {
  readonly code: 'bad-shape' | 'bad-dtype' | 'no-gradient' | 'bad-program';
  readonly op: string;
  readonly inputs?: readonly Node[];
  readonly detail: string;
}

export class GraphError extends Error {
  readonly issue: GraphIssue;
  constructor(issue: GraphIssue) {
    const inputs = issue.inputs?.map((n) => `${n.op} ${n.dtype}[${n.shape.join(', ')}]`).join(' and ');
    super(`${issue.op}: ${issue.detail}${inputs ? `, with inputs ${inputs}` : ''}`);
    this.name = 'GraphError';
    this.issue = issue;
  }
}

/** Throws when the inputs of an op do not fit together. */
export function misfit(op: string, inputs: readonly Node[], detail: string): never {
  throw new GraphError({ code: 'bad-shape', op, inputs, detail });
}
