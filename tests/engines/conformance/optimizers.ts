import { expect, it } from 'vitest';
import type { Engine, Executable } from '../../../src/engines/engine.ts';
import { reference } from '../../../src/engines/reference/index.ts';
import { gradients } from '../../../src/graph/autodiff.ts';
import type { Shape } from '../../../src/graph/node.ts';
import {
  addBias,
  constant,
  feed,
  matmul,
  mean,
  square,
  subtract,
  tanh,
  variable,
} from '../../../src/graph/ops/index.ts';
import { uniforms } from '../../../src/graph/philox.ts';
import type { Program, Update } from '../../../src/graph/program.ts';
import type { TracedRule } from '../../../src/graph/rule.ts';
import {
  type OptimizerName,
  optimizers,
  resolveHyper,
  scalarValues,
  traceRule,
} from '../../../src/optimizers/index.ts';
import type { WeightDecaySettings } from '../../../src/spec/run.ts';
import { nothing } from './case-program.ts';

const [rows, width, outputs] = [12, 7, 3];
const steps = 200;

/** A small regression, outputs = tanh(x weights + bias), trained with one rule. */
function regression(rule: TracedRule): Program {
  const x = feed('x', [rows, width]);
  const targets = feed('targets', [rows, outputs]);
  const scalars = feed('scalars', [Math.max(1, rule.scalars.length)]);
  const weights = variable('weights', [width, outputs]);
  const bias = variable('bias', [outputs]);
  const loss = mean(square(subtract(tanh(addBias(matmul(x, weights), bias)), targets)));
  const [weightGradient, biasGradient] = gradients(loss, [weights, bias]);
  const slots = (name: string, shape: Shape) =>
    Object.fromEntries(Object.keys(rule.state).map((slot) => [slot, variable(`${name}.${slot}`, shape)]));
  const updates: Update[] = [
    { rule, parameter: weights, gradient: weightGradient!, state: slots('weights', weights.shape), scalars },
    { rule, parameter: bias, gradient: biasGradient!, state: slots('bias', bias.shape), scalars },
  ];
  const start = feed('start', weights.shape);
  const states = updates.flatMap((u) =>
    Object.entries(u.state).map(([slot, node]) => ({ node, start: rule.state[slot]! })),
  );
  return {
    variables: [
      { node: weights, role: 'parameter' },
      { node: bias, role: 'parameter' },
      ...states.map(({ node }) => ({ node, role: 'state' as const })),
    ],
    signatures: {
      initialize: {
        ...nothing,
        feeds: [start],
        assignments: [
          { variable: weights, value: start },
          { variable: bias, value: constant(0.5, bias.shape) },
          ...states.map(({ node, start }) => ({ variable: node, value: constant(start, node.shape) })),
        ],
      },
      step: { ...nothing, feeds: [x, targets, scalars], fetches: { loss }, updates },
      evaluate: { ...nothing, feeds: [x, targets], fetches: { loss } },
      read: { ...nothing, fetches: { weights, bias } },
      restore: nothing,
    },
  };
}

const random = (count: number, draw: number): Float64Array =>
  uniforms(count, { seed: 5, stream: 'data', draw }, 0).map((u) => Math.fround(2 * u - 1));

/** The weights that the targets come from; no parameter comes near 0, where a relative error would mean nothing. */
const teacher = random(width * outputs, 0).map((u) => Math.sign(u) * (0.5 + Math.abs(u) / 2));

/** A new batch for every step keeps the gradients from dying out. */
function batch(step: number): { x: Float64Array; targets: Float64Array } {
  const x = random(rows * width, 2 * step);
  const targets = random(rows * outputs, 2 * step + 1).map((noise, i) => {
    const row = x.subarray(Math.floor(i / outputs) * width).subarray(0, width);
    const sum = row.reduce((total, value, j) => total + value * teacher[j * outputs + (i % outputs)]!, 0);
    return Math.tanh(0.5 + sum) + 0.1 * noise;
  });
  return { x, targets };
}

const decays: (WeightDecaySettings | null)[] = [
  null,
  { mode: 'l2', rate: 0.01 },
  { mode: 'decoupled', rate: 0.001 },
];

/** Trains with every shipped rule; the float32 parameters must stay beside the reference's. */
export function optimizerConformance(engine: Engine): void {
  const rules = (Object.keys(optimizers) as OptimizerName[]).flatMap((name) =>
    decays.map((decay) => [name, decay?.mode ?? 'no', decay] as const),
  );
  it.each(rules)(`${engine.name}: 200 steps of %s with %s weight decay`, async (name, _, decay) => {
    const optimizer = optimizers[name];
    const hyper = resolveHyper(optimizer);
    const program = regression(traceRule(optimizer, hyper, decay));
    const executables = [await engine.compile(program), await reference.compile(program)];
    const train = (executable: Executable) => {
      executable.run('initialize', { start: teacher.map((w) => 0.8 * w) });
      for (let t = 1; t <= steps; t++) {
        const scalars = scalarValues(optimizer, hyper, decay, t, 1);
        executable.run('step', { ...batch(t), scalars });
      }
      const { weights, bias } = executable.run('read', {});
      return [...weights!, ...bias!];
    };
    const [actual, wanted] = executables.map(train) as [number[], number[]];
    expect(wanted.every(Number.isFinite)).toBe(true);
    wanted.forEach((w, i) => {
      // 200 updates, each rounded to 6e-8 of the parameter at random, and gradients of as few digits.
      const allowed = Math.max(2e-5 * Math.abs(w), 1e-7);
      if (!(Math.abs(actual[i]! - w) <= allowed)) expect.fail(`parameter ${i} is ${actual[i]}, not ${w}`);
    });
    for (const executable of executables) executable.dispose();
  });
}
