import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { reference } from '../../../src/engines/reference/index.ts';
import { loadedTensorFlow } from '../../../src/engines/tensorflow/binding.ts';
import { tensorflow, updateKinds } from '../../../src/engines/tensorflow/index.ts';
import { add, feed, gather, multiply, sum, variable } from '../../../src/graph/ops/index.ts';
import { uniforms } from '../../../src/graph/philox.ts';
import type { Program, Signature } from '../../../src/graph/program.ts';
import {
  type OptimizerName,
  optimizers,
  resolveHyper,
  scalarValues,
  traceRule,
} from '../../../src/optimizers/index.ts';
import { ruleProgram } from '../../../src/optimizers/rule-program.ts';
import { withTensorFlow } from './required.ts';

const nothing: Signature = { feeds: [], fetches: {}, assignments: [], updates: [] };

/** Two variables; `step` exchanges them and fetches one and a sum of both. */
function exchange(): Program {
  const [a, b] = [variable('a', [3]), variable('b', [3])];
  const [x, y] = [feed('x', [3]), feed('y', [3])];
  return {
    variables: [a, b].map((node) => ({ node, role: 'parameter' })),
    signatures: {
      initialize: {
        ...nothing,
        feeds: [x, y],
        assignments: [
          { variable: a, value: x },
          { variable: b, value: y },
        ],
      },
      step: {
        ...nothing,
        fetches: { a, total: add(a, b) },
        assignments: [
          { variable: a, value: b },
          { variable: b, value: a },
        ],
      },
      evaluate: nothing,
      read: { ...nothing, fetches: { a, b } },
      restore: nothing,
    },
  };
}

const random = (n: number, draw: number) =>
  Float32Array.from(uniforms(n, { seed: 2, stream: 'data', draw }, 0), (x) => 2 * x - 1);

withTensorFlow('executables', () => {
  it('compute everything from the values before the call', async () => {
    const executable = await tensorflow.compile(exchange());
    executable.run('initialize', { x: Float32Array.of(1, 2, 3), y: Float32Array.of(10, 20, 30) });
    const { a, total } = executable.run('step', {});
    expect([...a!, ...total!]).toEqual([1, 2, 3, 11, 22, 33]);
    const read = executable.run('read', {});
    expect([...read.a!, ...read.b!]).toEqual([10, 20, 30, 1, 2, 3]);
    expect(executable.run('evaluate', {})).toEqual({});
    executable.dispose();
    expect(() => executable.run('read', {})).toThrow('disposed');
  });

  it('have variables of their own', async () => {
    const program = exchange();
    const [one, two] = [await tensorflow.compile(program), await tensorflow.compile(program)];
    one.run('initialize', { x: Float32Array.of(1, 1, 1), y: new Float32Array(3) });
    two.run('initialize', { x: Float32Array.of(2, 2, 2), y: new Float32Array(3) });
    expect([...one.run('read', {}).a!, ...two.run('read', {}).a!]).toEqual([1, 1, 1, 2, 2, 2]);
    one.dispose();
    expect([...two.run('read', {}).a!]).toEqual([2, 2, 2]);
    two.dispose();
  });

  it('say which feed is wrong', async () => {
    const executable = await tensorflow.compile(exchange());
    expect(() => executable.run('initialize', { x: new Float32Array(3) })).toThrow(
      'signature initialize needs feed y with 3 values, not none',
    );
    executable.dispose();
  });

  it('leave neither tensors nor folders', async () => {
    const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('adam-repro-tensorflow-'));
    const before = folders();
    const rule = traceRule(optimizers.adam, resolveHyper(optimizers.adam));
    const executable = await tensorflow.compile(ruleProgram(rule, 64));
    expect(folders().filter((name) => !before.includes(name))).toEqual([]);
    executable.run('restore', {
      'value/parameter': random(64, 0),
      'value/m': new Float32Array(64),
      'value/v': new Float32Array(64),
    });
    for (let i = 0; i < 20; i++)
      executable.run('step', { gradient: random(64, 1), scalars: Float64Array.of(0.1, 1, 1) });
    executable.run('read', {});
    expect(loadedTensorFlow()!.memory().numTensors).toBe(0);
    executable.dispose();
  });

  // TensorFlow shares the memory of arrays that begin at a multiple of 64 bytes: one of these does.
  it.each([0, 4, 8, 12])(
    'keep what they were fed, whatever becomes of the array (offset %d)',
    async (offset) => {
      const executable = await tensorflow.compile(exchange());
      const x = new Float32Array(offset + 3).subarray(offset);
      x.set([1, 2, 3]);
      executable.run('initialize', { x, y: new Float32Array(3) });
      x.fill(9);
      expect([...executable.run('read', {}).a!]).toEqual([1, 2, 3]);
      executable.dispose();
    },
  );

  it.each([2 ** 26 + 1, 2 ** 20 + 3, 7])('gather from %d bytes, however they are stored', async (size) => {
    const data = variable('data', [size], 'uint8');
    const [bytes, rows] = [feed('bytes', [size], 'uint8'), feed('rows', [4], 'int32')];
    const executable = await tensorflow.compile({
      variables: [{ node: data, role: 'data' }],
      signatures: {
        initialize: { ...nothing, feeds: [bytes], assignments: [{ variable: data, value: bytes }] },
        step: { ...nothing, feeds: [rows], fetches: { x: gather(data, rows, 0.5) } },
        evaluate: nothing,
        read: nothing,
        restore: nothing,
      },
    });
    const values = new Uint8Array(size).map((_, i) => i % 251);
    executable.run('initialize', { bytes: values });
    const numbers = Int32Array.of(0, 5, size - 1, size - 2);
    const { x } = executable.run('step', { rows: numbers });
    expect([...x!]).toEqual([...numbers].map((i) => values[i]! / 2));
    executable.dispose();
  });

  const compiled = (['adagrad', 'rmsprop', 'nadam', 'amsgrad'] satisfies OptimizerName[]).flatMap((name) =>
    ([null, 'l2', 'decoupled'] as const).map((mode) => [name, mode] as const),
  );
  it.each(compiled)('carry out %s with %s decay as XLA compiles it', async (name, mode) => {
    const n = 2 ** 15;
    const optimizer = optimizers[name];
    const hyper = resolveHyper(optimizer);
    const decay = mode === null ? null : { mode, rate: 0.01 };
    const program = ruleProgram(traceRule(optimizer, hyper, decay), n);
    expect(updateKinds(program)).toMatchObject([{ kind: 'compiled' }]);
    const [actual, wanted] = await Promise.all(
      [tensorflow, reference].map(async (engine) => {
        const executable = await engine.compile(program);
        const zeros = program.variables
          .slice(1)
          .map(({ node }) => [`value/${node.attributes.name.slice(6)}`, new Float32Array(n)]);
        executable.run('restore', { 'value/parameter': random(n, 0), ...Object.fromEntries(zeros) });
        for (let t = 1; t <= 5; t++) {
          const scalars = scalarValues(optimizer, hyper, decay, t, 1);
          executable.run('step', { gradient: random(n, t), scalars });
        }
        const parameter = [...executable.run('read', {}).parameter!];
        executable.dispose();
        return parameter;
      }),
    );
    const furthest = Math.max(...wanted!.map((x, i) => Math.abs(x - actual![i]!)));
    expect(furthest).toBeLessThan(2e-6);
  });

  it('treats denormals as zeros, which keeps decaying state fast', async () => {
    const [x, y] = [feed('x', [2]), feed('y', [2])];
    const executable = await tensorflow.compile({
      variables: [],
      signatures: {
        ...{ initialize: nothing, evaluate: nothing, read: nothing, restore: nothing },
        step: { ...nothing, feeds: [x, y], fetches: { product: multiply(x, y), total: sum(x) } },
      },
    });
    const { product } = executable.run('step', {
      x: Float32Array.of(1e-30, 1e-30),
      y: Float32Array.of(1e-10, 1),
    });
    expect([...product!]).toEqual([0, Math.fround(1e-30)]);
    executable.dispose();
  });
});
