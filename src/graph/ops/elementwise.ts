import { misfit } from '../graph-error.ts';
import { apply, defineOp, type Node, type Shape, sameShape } from '../node.ts';
import { constant } from './leaves.ts';

/** Elementwise functions. A binary one takes equal shapes, or one that is the other's last axes ([] or a row). */

type None = Record<string, never>;
const none: None = {};

/** The first input's shape, once all inputs are known to be floats: engines would read whole numbers' bits as floats. */
function floats(op: string, inputs: readonly Node[]): Shape {
  if (inputs.some((x) => x.dtype !== 'float')) misfit(op, inputs, 'the inputs must be floats');
  return inputs[0]!.shape;
}

function broadcast(op: string, inputs: readonly [Node, Node]): Shape {
  floats(op, inputs);
  const [a, b] = inputs;
  const [long, short] = a.shape.length >= b.shape.length ? [a.shape, b.shape] : [b.shape, a.shape];
  if (!sameShape(long.slice(long.length - short.length), short)) {
    misfit(op, inputs, "the shapes are neither equal nor is one the other's last axes");
  }
  return long;
}

const operand = (x: Node | number): Node => (typeof x === 'number' ? constant(x) : x);

export const addOp = defineOp<2>({
  name: 'add',
  shape: (x) => broadcast('add', x),
  gradient: (_, g) => [g, g],
});
/** `a + b` for each element; shapes are equal, or one is the last axes of the other (a number, a row). */
export const add = (a: Node | number, b: Node | number): Node => apply(addOp, [operand(a), operand(b)], none);
/** Adds a row [n] to every row of [..., n]. */
export const addBias = (x: Node, bias: Node): Node => add(x, bias);

export const subtractOp = defineOp<2>({
  name: 'subtract',
  shape: (x) => broadcast('subtract', x),
  gradient: (_, g) => [g, negate(g)],
});
/** `a - b` for each element; shapes are equal, or one is the last axes of the other (a number, a row). */
export const subtract = (a: Node | number, b: Node | number): Node =>
  apply(subtractOp, [operand(a), operand(b)], none);

export const multiplyOp = defineOp<2>({
  name: 'multiply',
  shape: (x) => broadcast('multiply', x),
  gradient: ({ inputs: [a, b] }, g) => [multiply(g, b), multiply(g, a)],
});
/** `a * b` for each element; shapes are equal, or one is the last axes of the other (a number, a row). */
export const multiply = (a: Node | number, b: Node | number): Node =>
  apply(multiplyOp, [operand(a), operand(b)], none);

export const divideOp = defineOp<2>({
  name: 'divide',
  shape: (x) => broadcast('divide', x),
  gradient: ({ inputs: [, b], output }, g) => [divide(g, b), negate(multiply(g, divide(output, b)))],
});
/** `a / b` for each element; shapes are equal, or one is the last axes of the other (a number, a row). */
export const divide = (a: Node | number, b: Node | number): Node =>
  apply(divideOp, [operand(a), operand(b)], none);

export const negateOp = defineOp<1>({
  name: 'negate',
  shape: (x) => floats('negate', x),
  gradient: (_, g) => [negate(g)],
});
/** `-x` for each element; the shape stays. */
export const negate = (x: Node): Node => apply(negateOp, [x], none);

export const squareOp = defineOp<1>({
  name: 'square',
  shape: (x) => floats('square', x),
  gradient: ({ inputs: [x] }, g) => [multiply(g, multiply(x, 2))],
});
/** `x * x` for each element; the shape stays. */
export const square = (x: Node): Node => apply(squareOp, [x], none);

export const sqrtOp = defineOp<1>({
  name: 'sqrt',
  shape: (x) => floats('sqrt', x),
  gradient: ({ output }, g) => [divide(g, multiply(output, 2))],
});
/** The square root of each element; the shape stays. */
export const sqrt = (x: Node): Node => apply(sqrtOp, [x], none);

export const expOp = defineOp<1>({
  name: 'exp',
  shape: (x) => floats('exp', x),
  gradient: ({ output }, g) => [multiply(g, output)],
});
/** e to the power of each element; the shape stays. */
export const exp = (x: Node): Node => apply(expOp, [x], none);

export const logOp = defineOp<1>({
  name: 'log',
  shape: (x) => floats('log', x),
  gradient: ({ inputs: [x] }, g) => [divide(g, x)],
});
/** The natural logarithm of each element; the shape stays. */
export const log = (x: Node): Node => apply(logOp, [x], none);

export const reluOp = defineOp<1>({
  name: 'relu',
  shape: (x) => floats('relu', x),
  gradient: ({ output }, g) => [apply(reluGradientOp, [output, g], none)],
});
/** max(x, 0) of each element; its derivative at 0 is 0. */
export const relu = (x: Node): Node => apply(reluOp, [x], none);
/** (y, g) -> g where y > 0, else 0. */
export const reluGradientOp = defineOp<2>({
  name: 'reluGradient',
  shape: (x) => floats('reluGradient', x),
  gradient: 'none',
});

export const sigmoidOp = defineOp<1>({
  name: 'sigmoid',
  shape: (x) => floats('sigmoid', x),
  gradient: ({ output }, g) => [apply(sigmoidGradientOp, [output, g], none)],
});
/** 1 / (1 + exp(-x)) of each element. */
export const sigmoid = (x: Node): Node => apply(sigmoidOp, [x], none);
/** (y, g) -> g y (1 - y). */
export const sigmoidGradientOp = defineOp<2>({
  name: 'sigmoidGradient',
  shape: (x) => floats('sigmoidGradient', x),
  gradient: 'none',
});

export const tanhOp = defineOp<1>({
  name: 'tanh',
  shape: (x) => floats('tanh', x),
  gradient: ({ output }, g) => [apply(tanhGradientOp, [output, g], none)],
});
/** The hyperbolic tangent of each element; the shape stays. */
export const tanh = (x: Node): Node => apply(tanhOp, [x], none);
/** (y, g) -> g (1 - y^2). */
export const tanhGradientOp = defineOp<2>({
  name: 'tanhGradient',
  shape: (x) => floats('tanhGradient', x),
  gradient: 'none',
});

export const softplusOp = defineOp<1>({
  name: 'softplus',
  shape: (x) => floats('softplus', x),
  gradient: ({ inputs: [x] }, g) => [apply(softplusGradientOp, [x, g], none)],
});
/** log(1 + exp(x)) of each element, without overflow. */
export const softplus = (x: Node): Node => apply(softplusOp, [x], none);
/** (x, g) -> g sigmoid(x). */
export const softplusGradientOp = defineOp<2>({
  name: 'softplusGradient',
  shape: (x) => floats('softplusGradient', x),
  gradient: 'none',
});
