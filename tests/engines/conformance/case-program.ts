import type { Engine, Feeds, TensorData } from '../../../src/engines/engine.ts';
import { gradients } from '../../../src/graph/autodiff.ts';
import { type Node, sizeOf } from '../../../src/graph/node.ts';
import { feed, multiply, sum, type Variable, variable } from '../../../src/graph/ops/index.ts';
import { uniforms } from '../../../src/graph/philox.ts';
import type { Program, Signature } from '../../../src/graph/program.ts';
import type { Case, Input } from './case.ts';

/** Programs around a case: its value, the gradients of a weighted sum of it, and that sum. */

export const nothing: Signature = { feeds: [], fetches: {}, assignments: [], updates: [] };

const typed = ({ dtype }: Input, values: ArrayLike<number>): TensorData =>
  dtype === 'float' ? Float64Array.from(values) : (dtype === 'int32' ? Int32Array : Uint8Array).from(values);

export interface CaseProgram {
  readonly program: Program;
  readonly initialize: Feeds;
  readonly feeds: Feeds;
}

/** `inputs` replaces the values of the case's inputs, for finite differences. */
export function caseProgram(testCase: Case, inputs: readonly Input[] = testCase.inputs): CaseProgram {
  const nodes = inputs.map(({ shape, dtype, stored }, i) =>
    stored ? variable(`input${i}`, shape, dtype) : feed(`input${i}`, shape, dtype),
  );
  const value = testCase.build(nodes);
  const weights = feed('weights', value.shape);
  const wanted = testCase.gradient?.map((i) => nodes[i]!) ?? [];
  const loss = wanted.length > 0 ? sum(multiply(value, weights)) : undefined;
  const feeds = nodes.filter((x) => x.op === 'feed');
  const variables = nodes.filter((x) => x.op === 'variable') as Variable[];
  const starts = variables.map((v) => feed(`${v.attributes.name}`, v.shape, v.dtype));
  const withWeights = [...feeds, weights] as Signature['feeds'];
  const slopes = loss === undefined ? [] : gradients(loss, wanted);
  return {
    program: {
      variables: variables.map((node) => ({ node, role: 'data' })),
      signatures: {
        initialize: {
          ...nothing,
          feeds: starts,
          assignments: variables.map((v, i) => ({ variable: v, value: starts[i] as Node })),
        },
        evaluate: { ...nothing, feeds: feeds as Signature['feeds'], fetches: { value } },
        step: {
          ...nothing,
          feeds: withWeights,
          fetches: {
            value,
            ...Object.fromEntries(slopes.map((g, i) => [`gradient${testCase.gradient![i]}`, g])),
          },
        },
        read: { ...nothing, feeds: withWeights, fetches: loss === undefined ? {} : { loss } },
        restore: nothing,
      },
    },
    initialize: Object.fromEntries(
      inputs.flatMap((x, i) => (x.stored ? [[`input${i}`, typed(x, x.values)]] : [])),
    ),
    feeds: {
      ...Object.fromEntries(inputs.flatMap((x, i) => (x.stored ? [] : [[`input${i}`, typed(x, x.values)]]))),
      weights: uniforms(sizeOf(value.shape), { seed: 11, stream: 'data', draw: 0 }, 0).map((u) =>
        Math.fround(u - 0.5),
      ),
    },
  };
}

export type Results = Readonly<Record<string, readonly number[]>>;

/** The results of one signature, copied. */
export async function runCase(
  engine: Engine,
  { program, initialize, feeds }: CaseProgram,
  signature: 'evaluate' | 'step' | 'read',
  times = 1,
): Promise<Results[]> {
  const executable = await engine.compile(program);
  try {
    executable.run('initialize', initialize);
    return Array.from({ length: times }, () => {
      const fetches = executable.run(signature, feeds);
      return Object.fromEntries(Object.entries(fetches).map(([name, data]) => [name, [...data]]));
    });
  } finally {
    executable.dispose();
  }
}
