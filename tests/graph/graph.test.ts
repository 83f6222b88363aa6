import { describe, expect, it } from 'vitest';
import { gradients } from '../../src/graph/autodiff.ts';
import { GraphError } from '../../src/graph/graph-error.ts';
import * as g from '../../src/graph/ops/index.ts';
import { ops } from '../../src/graph/ops/index.ts';
import { topologicalOrder } from '../../src/graph/order.ts';
import { printGraph } from '../../src/graph/print.ts';
import { checkProgram, type Program, type Signature } from '../../src/graph/program.ts';

const x = g.variable('x', [3, 4]);
const w = g.variable('w', [4, 2]);
const row = g.variable('row', [4]);
const labels = g.feed('labels', [3], 'uint8');

describe('shape rules', () => {
  it.each([
    ['matmul', g.matmul(x, w), [3, 2]],
    ['transposed matmul', g.matmul(x, w, { transposeA: false, transposeB: false }), [3, 2]],
    ['add with a row', g.add(x, row), [3, 4]],
    ['add with a scalar', g.add(2, x), [3, 4]],
    ['sum', g.sum(x), []],
    ['sum of the last axis', g.sum(x, 1), [3]],
    ['sum of the first axis', g.sum(x, 0, 1), [4]],
    ['mean', g.mean(x), []],
    ['slice', g.slice(x, 1, 1, 2), [3, 2]],
    ['concat', g.concat([x, x], 1), [3, 8]],
    ['reshape', g.reshape(x, [2, 6]), [2, 6]],
    ['expand', g.expand(row, [5, 4], 0, 1), [5, 4]],
    ['softmaxCrossEntropy', g.softmaxCrossEntropy(x, labels), [3]],
    ['conv2d same', g.conv2d(g.variable('i', [2, 7, 7, 3]), g.variable('f', [5, 5, 3, 8])), [2, 7, 7, 8]],
    [
      'conv2d valid',
      g.conv2d(g.variable('i', [2, 7, 7, 3]), g.variable('f', [5, 5, 3, 8]), { padding: 'valid' }),
      [2, 3, 3, 8],
    ],
    ['maxPool', g.maxPool(g.variable('i', [2, 32, 32, 3]), 3, { stride: 2 }), [2, 16, 16, 3]],
    ['gather', g.gather(x, g.feed('rows', [5], 'int32')), [5, 4]],
  ])('%s', (_, node, shape) => expect(node.shape).toEqual(shape));

  it.each([
    [
      'matmul',
      () => g.matmul(x, x),
      'matmul: the inner sizes differ (4 and 3), with inputs variable float[3, 4] and variable float[3, 4]',
    ],
    [
      'add',
      () => g.add(x, w),
      "add: the shapes are neither equal nor is one the other's last axes, with inputs variable float[3, 4] and variable float[4, 2]",
    ],
    [
      'reshape',
      () => g.reshape(x, [5]),
      'reshape: [5] has another number of elements, with inputs variable float[3, 4]',
    ],
    ['slice', () => g.slice(x, 1, 3, 2), 'slice: axis 1 has no range 3..5, with inputs variable float[3, 4]'],
    [
      'softmaxCrossEntropy',
      () => g.softmaxCrossEntropy(x, row),
      'softmaxCrossEntropy: it needs logits [examples, classes] and labels [examples], with inputs variable float[3, 4] and variable float[4]',
    ],
    [
      'tanh of whole numbers',
      () => g.tanh(g.variable('n', [2], 'int32')),
      'tanh: the inputs must be floats, with inputs variable int32[2]',
    ],
    ['variable', () => g.variable('v', [0]), 'variable: the result would have shape [0]'],
  ])('%s says what does not fit', (_, build, message) => {
    expect(build).toThrow(GraphError);
    expect(build).toThrow(message);
  });

  it('names every op by its key', () => {
    for (const [name, definition] of Object.entries(ops)) expect(definition.name).toBe(name);
  });
});

describe('gradients', () => {
  it('are graphs of the parameters’ shapes, broadcast pieces summed back', () => {
    const loss = g.sum(g.add(g.matmul(x, w), g.variable('b', [2])));
    expect(gradients(g.sum(g.multiply(g.add(x, row), 3)), [x, row]).map((n) => n.shape)).toEqual([
      [3, 4],
      [4],
    ]);
    expect(gradients(loss, [w])[0]!.shape).toEqual([4, 2]);
  });

  it('print as one readable line per node', () => {
    const [gradient] = gradients(g.sum(g.softmaxCrossEntropy(g.matmul(x, w), labels)), [w]);
    expect(printGraph([gradient!])).toMatchInlineSnapshot(`
      "%0 = variable() name=x : float[3, 4]
      %1 = variable() name=w : float[4, 2]
      %2 = matmul(%0, %1) : float[3, 2]
      %3 = feed() name=labels : uint8[3]
      %4 = constant() value=1 : float[]
      %5 = expand(%4) from=0 to=1 : float[3]
      %6 = softmaxCrossEntropyGradient(%2, %3, %5) : float[3, 2]
      %7 = matmul(%0, %6) transposeA=true : float[4, 2]"
    `);
  });

  it.each([
    ['a loss that is no scalar', () => gradients(x, [x]), 'gradients: the loss must be a scalar'],
    [
      'a parameter without influence',
      () => gradients(g.sum(x), [w]),
      'the loss does not depend on this node',
    ],
    [
      'an op without gradient on the way',
      () => gradients(g.sum(g.misclassified(x, labels)), [x]),
      'misclassified: the op has no gradient',
    ],
  ])('refuse %s', (_, build, message) => expect(build).toThrow(message));

  it('do not mind ops without gradient beside the way', () => {
    const rows = g.feed('rows', [3], 'int32');
    const data = g.variable('data', [9, 4], 'uint8');
    expect(() => gradients(g.sum(g.matmul(g.gather(data, rows, 0.5), w)), [w])).not.toThrow();
  });
});

describe('topologicalOrder', () => {
  it('puts inputs first, each node once, and does not overflow on deep graphs', () => {
    let deep: ReturnType<typeof g.add> = x;
    for (let i = 0; i < 20_000; i++) deep = g.add(deep, deep);
    const order = topologicalOrder([deep]);
    expect(order.length).toBe(20_001);
    expect(order[0]).toBe(x);
  });
});

describe('checkProgram', () => {
  const empty: Signature = { feeds: [], fetches: {}, assignments: [], updates: [] };
  const program = (change: Partial<Program['signatures']>, variables = [x]): Program => ({
    variables: variables.map((node) => ({ node, role: 'parameter' as const })),
    signatures: { initialize: empty, step: empty, evaluate: empty, read: empty, restore: empty, ...change },
  });

  it.each([
    [
      'an undeclared variable',
      program({ read: { ...empty, fetches: { w } } }),
      'signature read uses a variable that is not declared',
    ],
    [
      'an undeclared feed',
      program({ read: { ...empty, fetches: { labels } } }),
      'signature read uses a feed that is not declared',
    ],
    ['two variables of one name', program({}, [x, g.variable('x', [1])]), 'two variables are named x'],
    [
      'an assignment that does not fit',
      program({ restore: { ...empty, assignments: [{ variable: x, value: g.constant(0, [4, 3]) }] } }),
      'signature restore assigns what does not fit',
    ],
  ])('names %s', (_, wrong, message) => expect(() => checkProgram(wrong)).toThrow(message));

  it('accepts a sound program', () =>
    expect(() => checkProgram(program({ read: { ...empty, fetches: { x } } }))).not.toThrow());
});
