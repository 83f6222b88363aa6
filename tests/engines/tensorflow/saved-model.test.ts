import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { writeProgram } from '../../../src/engines/tensorflow/saved-model.ts';
import { matmul, variable } from '../../../src/graph/ops/index.ts';
import type { Program, Signature } from '../../../src/graph/program.ts';
import { optimizers, resolveHyper, traceRule } from '../../../src/optimizers/index.ts';
import { ruleProgram } from '../../../src/optimizers/rule-program.ts';

/** The fields by which TensorFlow finds signatures and nodes, by their numbers alone. */
const readers = protobuf.parse(`
syntax = "proto3";
message SavedModel { int64 version = 1; repeated Graph graphs = 2; }
message Graph { Info info = 1; Definition definition = 2; map<string, Signature> signatures = 5; }
message Info { repeated string tags = 4; }
message Definition { repeated Node nodes = 1; Library library = 2; }
message Node { string name = 1; string op = 2; repeated string inputs = 3; }
message Library { repeated Function functions = 1; }
message Function { Header header = 1; repeated Node nodes = 3; }
message Header { string name = 1; }
message Signature { map<string, Tensor> inputs = 1; map<string, Tensor> outputs = 2; string method = 3; }
message Tensor { string name = 1; int32 type = 2; }
`).root;

interface Graph {
  info: { tags: string[] };
  definition: {
    nodes: { name: string; op: string; inputs: string[] }[];
    library: { functions: { nodes: { op: string }[] }[] };
  };
  signatures: Record<string, { outputs: Record<string, { name: string }> }>;
}

function decoded(program: Program, xla: boolean): Graph {
  const type = readers.lookupType('SavedModel');
  const { bytes } = writeProgram(program, 'test', xla);
  return (type.toObject(type.decode(bytes), { defaults: true }) as { graphs: Graph[] }).graphs[0]!;
}

function written(name: 'adam' | 'amsgrad', n: number, xla = true): Graph {
  const rule = traceRule(optimizers[name], resolveHyper(optimizers[name]));
  return decoded(ruleProgram(rule, n), xla);
}
/** The graph of a transposed product of 128 rows. */
function weightGradient(width: number, columns: number): Graph {
  const [x, g] = [variable('x', [128, width]), variable('g', [128, columns])];
  const none: Signature = { feeds: [], fetches: {}, assignments: [], updates: [] };
  const step = { ...none, fetches: { gradient: matmul(x, g, { transposeA: true }) } };
  const variables = [x, g].map((node) => ({ node, role: 'parameter' as const }));
  return decoded(
    { variables, signatures: { initialize: none, step, evaluate: none, read: none, restore: none } },
    true,
  );
}
const named = (graph: Graph, op: string) => graph.definition.nodes.filter((node) => node.op === op);

describe('the SavedModel of a program', () => {
  it('has the tag serve, and a signature for each that does something', () => {
    const graph = written('adam', 8);
    expect(graph.info.tags).toEqual(['serve']);
    expect(Object.keys(graph.signatures).sort()).toEqual(['read', 'restore', 'step']);
    expect(named(graph, 'VarHandleOp')).toHaveLength(3);
  });

  it('lets a call end only when the update is done', () => {
    const graph = written('adam', 8);
    const [update] = named(graph, 'ResourceApplyAdam');
    const [output] = Object.values(graph.signatures.step!.outputs);
    const end = graph.definition.nodes.find((node) => `${node.name}:0` === output!.name);
    expect(end!.inputs).toContain(`^${update!.name}`);
  });

  it('reads every variable before it changes one', () => {
    const graph = written('amsgrad', 8);
    const nodes = new Map(graph.definition.nodes.map((node) => [node.name, node]));
    const nodeOf = (input: string) => nodes.get(input.replace(/^\^|:\d+$/g, ''))!;
    /** A node and everything that must run before it. */
    const runsFirst = (node: Graph['definition']['nodes'][number]): Set<typeof node> =>
      new Set([node, ...node.inputs.flatMap((input) => [...runsFirst(nodeOf(input))])]);
    const [output] = Object.values(graph.signatures.step!.outputs);
    const step = [...runsFirst(nodeOf(output!.name))];
    const of = (op: string, variable: string) =>
      step.filter((node) => node.op === op && node.inputs[0] === variable);
    for (const { name } of named(graph, 'VarHandleOp')) {
      const [reads, [assign]] = [of('ReadVariableOp', name), of('AssignVariableOp', name)];
      expect(reads).toHaveLength(1);
      expect(runsFirst(assign!)).toContain(reads[0]);
    }
  });

  it('copies the narrow factor, not the wide one, for a product with few columns', () => {
    const graph = weightGradient(784, 10);
    const [product] = named(graph, 'MatMul');
    const [x, g] = named(graph, 'VarHandleOp').map(({ name }) => name);
    const readOf = (handle: string) =>
      named(graph, 'ReadVariableOp').find((n) => n.inputs[0] === handle)!.name;
    expect(product!.inputs).toEqual([readOf(g!), readOf(x!)]);
    expect(named(graph, 'Transpose')[0]!.inputs[0]).toBe(product!.name);
    for (const other of [weightGradient(784, 500), weightGradient(8, 10)]) {
      expect(named(other, 'Transpose')).toEqual([]);
    }
  });

  it('has a function for a rule that XLA compiles, and none otherwise', () => {
    const compiled = written('amsgrad', 2 ** 15);
    expect(named(compiled, 'PartitionedCall')).toHaveLength(1);
    expect(compiled.definition.library.functions).toHaveLength(1);
    expect(compiled.definition.library.functions[0]!.nodes.map((node) => node.op)).toContain('Maximum');
    for (const other of [
      written('amsgrad', 2 ** 15, false),
      written('amsgrad', 100),
      written('adam', 2 ** 15),
    ]) {
      expect(other.definition.library.functions).toEqual([]);
    }
  });
});
