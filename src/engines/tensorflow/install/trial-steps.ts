import { gradients } from '../../../graph/autodiff.ts';
import { addBias, feed, matmul, mean, relu, square, subtract, variable } from '../../../graph/ops/index.ts';
import type { Program } from '../../../graph/program.ts';
import * as rule from '../../../graph/rule.ts';
import type { Engine } from '../../engine.ts';

const [rows, inputs, outputs] = [4, 3, 2];

/** Momentum with a learning rate of 0.1. */
const momentum: rule.TracedRule = {
  state: { velocity: 0 },
  scalars: ['lr'],
  parameter: rule.subtract(
    rule.tensorLeaf('parameter'),
    rule.multiply(rule.scalarLeaf('lr'), nextVelocity()),
  ),
  nextState: { velocity: nextVelocity() },
};

function nextVelocity(): rule.Operand {
  return rule.add(rule.multiply(0.9, rule.tensorLeaf('velocity')), rule.tensorLeaf('gradient'));
}

/** A regression with one layer, relu(x weights), and the square error. */
function regression(): Program {
  const x = feed('x', [rows, inputs]);
  const targets = feed('targets', [rows, outputs]);
  const scalars = feed('scalars', [1]);
  const weights = variable('weights', [inputs, outputs]);
  const bias = variable('bias', [outputs]);
  const variables = [weights, bias];
  const velocities = variables.map(({ attributes, shape }) => variable(`${attributes.name}/velocity`, shape));
  const loss = mean(square(subtract(relu(addBias(matmul(x, weights), bias)), targets)));
  const gradient = gradients(loss, variables);
  const nothing = { feeds: [], fetches: {}, assignments: [], updates: [] };
  const assign = [...variables, ...velocities].map((node) => ({
    variable: node,
    value: feed(node.attributes.name, node.shape),
  }));
  return {
    variables: [
      ...variables.map((node) => ({ node, role: 'parameter' as const })),
      ...velocities.map((node) => ({ node, role: 'state' as const })),
    ],
    signatures: {
      initialize: { ...nothing, feeds: assign.map(({ value }) => value), assignments: assign },
      step: {
        ...nothing,
        feeds: [x, targets, scalars],
        fetches: { loss },
        updates: variables.map((parameter, i) => ({
          rule: momentum,
          parameter,
          gradient: gradient[i]!,
          state: { velocity: velocities[i]! },
          scalars,
        })),
      },
      evaluate: nothing,
      read: { ...nothing, fetches: { weights, bias } },
      restore: nothing,
    },
  };
}

/** Loss of two steps on fixed numbers, then the weights and biases after them. */
export async function trialSteps(engine: Engine): Promise<number[]> {
  const executable = await engine.compile(regression());
  const numbers = (count: number, seed: number) =>
    Float32Array.from({ length: count }, (_, i) => Math.sin(seed + 1.7 * i));
  executable.run('initialize', {
    weights: numbers(inputs * outputs, 1),
    bias: new Float32Array(outputs).fill(0.5),
    'weights/velocity': new Float32Array(inputs * outputs),
    'bias/velocity': new Float32Array(outputs),
  });
  const batch = {
    x: numbers(rows * inputs, 2),
    targets: numbers(rows * outputs, 3),
    scalars: Float32Array.of(0.1),
  };
  const losses = [0, 1].map(() => executable.run('step', batch).loss![0]!);
  const { weights, bias } = executable.run('read', {});
  const result = [...losses, ...weights!, ...bias!];
  executable.dispose();
  return result;
}
