import { describe, expect, it } from 'vitest';
import type { Executable } from '../../../src/engines/engine.ts';
import { reference } from '../../../src/engines/reference/index.ts';
import { compileExecutable } from '../../../src/engines/wasm/executable.ts';
import { wasm } from '../../../src/engines/wasm/index.ts';
import { functionModule } from '../../../src/engines/wasm/wasm-binary.ts';
import type { Node } from '../../../src/graph/node.ts';
import {
  add,
  concat,
  constant,
  conv2d,
  type Feed,
  feed,
  matmul,
  maxPool,
  multiply,
  relu,
  reshape,
  slice,
  square,
  subtract,
  sum,
  tanh,
  variable,
} from '../../../src/graph/ops/index.ts';
import { uniforms } from '../../../src/graph/philox.ts';
import type { Program, Signature } from '../../../src/graph/program.ts';
import {
  scalarLeaf,
  subtract as subtractRule,
  type TracedRule,
  tensorLeaf,
} from '../../../src/graph/rule.ts';

const nothing: Signature = { feeds: [], fetches: {}, assignments: [], updates: [] };
const program = (variables: Node[], signatures: Partial<Program['signatures']>): Program => ({
  variables: variables.map((node) => ({ node: node as never, role: 'parameter' })),
  signatures: {
    initialize: nothing,
    step: nothing,
    evaluate: nothing,
    read: nothing,
    restore: nothing,
    ...signatures,
  },
});
const numbers = (data: ArrayLike<number> | undefined): number[] => Array.from(data ?? []);

describe('a compiled program', () => {
  const a = variable('a', [3]);
  const b = variable('b', [3]);
  const [fa, fb] = [feed('a', [3]), feed('b', [3])];
  const initialize: Signature = {
    ...nothing,
    feeds: [fa, fb],
    assignments: [
      { variable: a, value: fa },
      { variable: b, value: fb },
    ],
  };
  const start = { a: [1, 2, 3], b: [10, 20, 30] };
  const begun = async (signatures: Partial<Program['signatures']>): Promise<Executable> => {
    const read = { ...nothing, fetches: { a, b } };
    const executable = await wasm.compile(program([a, b], { initialize, read, ...signatures }));
    executable.run('initialize', { a: Float64Array.from(start.a), b: Float32Array.from(start.b) });
    return executable;
  };
  const state = (executable: Executable) => {
    const { a, b } = executable.run('read', {});
    return { a: numbers(a), b: numbers(b) };
  };

  it('keeps variables between calls and reads them without a copy', async () => {
    const executable = await begun({});
    expect(state(executable)).toEqual(start);
    const { a } = executable.run('read', {});
    executable.run('initialize', { a: Float32Array.of(7, 7, 7), b: Float32Array.of(0, 0, 0) });
    expect(numbers(a)).toEqual([7, 7, 7]);
  });

  it('returns the same object and arrays at every call', async () => {
    const executable = await begun({ evaluate: { ...nothing, fetches: { total: sum(multiply(a, b)) } } });
    const first = executable.run('evaluate', {});
    expect(numbers(first.total)).toEqual([140]);
    expect(executable.run('evaluate', {})).toBe(first);
  });

  it('computes everything from the old values, also in a swap', async () => {
    const executable = await begun({
      step: {
        ...nothing,
        fetches: { old: a, shaped: reshape(a, [3, 1]), total: add(a, b) },
        assignments: [
          { variable: a, value: b },
          { variable: b, value: reshape(a, [3]) },
        ],
      },
    });
    const { old, shaped, total } = executable.run('step', {});
    expect([numbers(old), numbers(shaped), numbers(total)]).toEqual([start.a, start.a, [11, 22, 33]]);
    expect(state(executable)).toEqual({ a: start.b, b: start.a });
  });

  it('does not write a feed into a variable that the call still reads', async () => {
    const executable = await begun({
      step: {
        ...nothing,
        feeds: [fa],
        fetches: { before: square(a) },
        assignments: [{ variable: a, value: fa }],
      },
    });
    const { before } = executable.run('step', { a: Float32Array.of(5, 5, 5) });
    expect(numbers(before)).toEqual([1, 4, 9]);
    expect(state(executable).a).toEqual([5, 5, 5]);
  });

  it('fills a variable with a constant, and with one that is used elsewhere too', async () => {
    const [three, four] = [constant(3, [3]), constant(4, [3])];
    const executable = await begun({
      step: {
        ...nothing,
        fetches: { seven: add(b, four) },
        assignments: [
          { variable: a, value: three },
          { variable: b, value: four },
        ],
      },
    });
    expect(numbers(executable.run('step', {}).seven)).toEqual([14, 24, 34]);
    expect(state(executable)).toEqual({ a: [3, 3, 3], b: [4, 4, 4] });
  });

  it('writes a feed that two variables take into both', async () => {
    const executable = await begun({
      step: {
        ...nothing,
        feeds: [fa],
        assignments: [
          { variable: a, value: fa },
          { variable: b, value: fa },
        ],
      },
    });
    executable.run('step', { a: Float32Array.of(1, 1, 2) });
    expect(state(executable)).toEqual({ a: [1, 1, 2], b: [1, 1, 2] });
  });

  it('updates parameters after everything was computed, each from the old ones', async () => {
    const rule: TracedRule = {
      state: {},
      scalars: ['lr'],
      parameter: subtractRule(tensorLeaf('parameter'), {
        fn: 'multiply',
        args: [scalarLeaf('lr'), tensorLeaf('gradient')],
      }),
      nextState: {},
    };
    const scalars = feed('scalars', [1]);
    const executable = await begun({
      step: {
        ...nothing,
        feeds: [scalars],
        fetches: { a },
        // The gradient of each is the other one itself: a's new value must not reach b.
        updates: [
          { rule, parameter: a, gradient: b, state: {}, scalars },
          { rule, parameter: b, gradient: a, state: {}, scalars },
        ],
      },
    });
    expect(numbers(executable.run('step', { scalars: Float64Array.of(2) }).a)).toEqual(start.a);
    expect(state(executable)).toEqual({ a: [-19, -38, -57], b: [8, 16, 24] });
  });

  it('says which feed is missing or has a wrong length', async () => {
    const executable = await begun({});
    expect(() => executable.run('initialize', { a: Float32Array.of(1, 2, 3) })).toThrow(
      'signature initialize needs feed b with 3 values, not none',
    );
    expect(() => executable.run('initialize', { a: Float32Array.of(1), b: Float32Array.of(1) })).toThrow(
      'signature initialize needs feed a with 3 values, not 1',
    );
  });

  it('runs no more once it is disposed of', async () => {
    const executable = await begun({});
    executable.dispose();
    expect(() => executable.run('read', {})).toThrow('signature read is not there or was disposed of');
  });
});

describe('compile', () => {
  it('names every op that it cannot run, at once', () => {
    const image = feed('image', [1, 4, 4, 1]);
    const filter = variable('filter', [3, 3, 1, 1]);
    const fetches = { pooled: maxPool(conv2d(image, filter), 2), image };
    const all = program([filter], { evaluate: { ...nothing, feeds: [image], fetches } });
    const code = { parameters: 0, i32Locals: 0, v128Locals: 0, body: [] };
    const withPooling = new WebAssembly.Module(functionModule({ name: 'maxPool', ...code }));
    const other = new WebAssembly.Module(functionModule({ name: 'other', ...code }));
    expect(() => compileExecutable(all, other)).toThrow(
      'The wasm engine cannot run this model: it has no conv2d, maxPool; use --engine reference or tensorflow.',
    );
    expect(() => compileExecutable(all, withPooling)).toThrow(
      'The wasm engine cannot run this model: it has no conv2d; use --engine reference or tensorflow.',
    );
  });

  it('says how much memory is missing beyond 4 GiB', async () => {
    const huge = variable('huge', [1 << 30]);
    const twice = program([huge], { evaluate: { ...nothing, fetches: { huge } } });
    await expect(wasm.compile(twice)).rejects.toThrow(/cannot get the 4097 MiB that this model needs/);
  });
});

/** A program of random ops on values of one shape or with a row, sharing whatever they like. */
function randomGraph(seed: number): { feeds: Feed[]; nodes: Node[] } {
  const choices = uniforms(400, { seed, stream: 'data', draw: 0 }, 0);
  let used = 0;
  const below = (n: number): number => Math.floor(choices[used++]! * n);
  const [rows, width] = [1 + below(9), 1 + below(9)];
  const feeds = [feed('x', [rows, width]), feed('y', [rows, width]), feed('row', [width])];
  const nodes: Node[] = [feeds[0]!, feeds[1]!];
  const any = (): Node => nodes[below(nodes.length)]!;
  for (let i = 0; i < 30; i++) {
    const operations: (() => Node)[] = [
      () => add(any(), any()),
      () => subtract(any(), feeds[2]!),
      () => multiply(tanh(feeds[2]!), any()),
      () => multiply(tanh(any()), any()),
      () => multiply(any(), constant(0.5)),
      () => relu(any()),
      () => reshape(tanh(reshape(any(), [width * rows])), [rows, width]),
      () => tanh(matmul(matmul(any(), any(), { transposeB: true }), any())),
      () => slice(concat([any(), any()], 0), 0, below(rows + 1), rows),
      () => subtract(feeds[2]!, square(tanh(any()))),
    ];
    nodes.push(operations[below(operations.length)]!());
  }
  return { feeds: feeds as Feed[], nodes };
}

describe('shared memory', () => {
  const seeds = Array.from({ length: 60 }, (_, i) => i + 1);

  it.each(seeds)('random graph %i: reuse and overwriting change no bit', async (seed) => {
    const { feeds, nodes } = randomGraph(seed);
    const last = nodes.slice(-3);
    const fetch = (list: readonly Node[]) => ({
      ...nothing,
      feeds,
      fetches: Object.fromEntries(list.map((n) => [`n${nodes.indexOf(n)}`, n])),
    });
    // Where every node is fetched none may lose its memory.
    const all = program([], { evaluate: fetch(last), read: fetch(nodes) });
    const values = Object.fromEntries(
      feeds.map(({ attributes: { name, shape } }, draw) => [
        name,
        uniforms(
          shape.reduce((n, m) => n * m, 1),
          { seed, stream: 'init', draw },
          0,
        ).map(Math.fround),
      ]),
    );
    const executable = await wasm.compile(all);
    const apart = Object.fromEntries(
      Object.entries(executable.run('read', values)).map(([name, data]) => [name, numbers(data)]),
    );
    const expected = (await reference.compile(all)).run('evaluate', values);
    for (const [name, data] of Object.entries(executable.run('evaluate', values))) {
      expect(numbers(data), name).toEqual(apart[name]);
      const size = Math.max(1, ...numbers(expected[name]).map(Math.abs));
      numbers(expected[name]).forEach((x, i) => {
        expect(Math.abs(data[i]! - x) / size).toBeLessThan(1e-4);
      });
    }
    executable.dispose();
  });
});
