import { compileRule } from '../../graph/evaluate-rule.ts';
import { uniforms } from '../../graph/philox.ts';
import {
  abs,
  add,
  divide,
  divideOrZero,
  maximum,
  multiply,
  type Operand,
  scalarLeaf,
  sqrt,
  square,
  subtract,
  type TracedRule,
  tensorLeaf,
} from '../../graph/rule.ts';
import { type Bindings, match, substitute } from './rule-pattern.ts';

/**
 * TensorFlow's training ops, recognized by what a rule computes and never by its name: the rule's expressions must have
 * the form of `step` and `nextState`, and the op's own formula must then give the same numbers.
 */
interface TrainingOp {
  readonly op: string;
  readonly nesterov?: boolean;
  /** What is subtracted from the parameter, and each slot's next value, with scalar leaves for any scalar expression. */
  readonly step: Operand;
  readonly nextState: Readonly<Record<string, Operand>>;
  /** The op's inputs behind the slots and in front of the gradient (or behind it), in order. */
  readonly arguments: Readonly<Record<string, Operand>>;
  /** Arguments that the op takes behind the gradient. */
  readonly last?: readonly string[];
  /** What the op computes from its arguments, slots and gradient, as TensorFlow's kernels define it. */
  readonly formula: { readonly step: Operand; readonly nextState: Readonly<Record<string, Operand>> };
}

const g = tensorLeaf('gradient');
const [m, v, u] = [tensorLeaf('m'), tensorLeaf('v'), tensorLeaf('u')];
const s = scalarLeaf;
const decayed = (rate: string, old: Operand, share: string, next: Operand): Operand =>
  add(multiply(s(rate), old), multiply(s(share), next));
/** old + (next - old) * (1 - rate), as the kernels write it. */
const moved = (rate: string, old: Operand, next: Operand): Operand =>
  add(old, multiply(subtract(next, old), subtract(1, s(rate))));

const velocity = add(multiply(s('momentum'), v), g);
const ahead = add(g, multiply(s('momentum'), velocity));
const momentumOp = { op: 'ResourceApplyMomentum', nextState: { v: velocity }, last: ['momentum'] };
const momentumFormula = (nesterov: boolean) => ({
  nextState: { v: velocity },
  step: nesterov
    ? add(multiply(g, s('lr')), multiply(multiply(velocity, s('momentum')), s('lr')))
    : multiply(s('lr'), velocity),
});

const [adamM, adamV] = [decayed('beta1', m, 'share1', g), decayed('beta2', v, 'share2', square(g))];
const [opM, opV] = [moved('beta1', m, g), moved('beta2', v, square(g))];
const maxU = maximum(multiply(s('beta2'), u), abs(g));
const deltaOf = (mean: Operand): Operand =>
  multiply(divide(sqrt(add(u, s('epsilon'))), sqrt(add(mean, s('epsilon')))), g);
const meanV = decayed('rho', v, 'share', square(g));
const delta = deltaOf(meanV);
/** As the kernel of AdaDelta writes it. */
const mixed = (old: Operand, next: Operand): Operand =>
  add(multiply(s('rho'), old), multiply(subtract(1, s('rho')), next));
const opDelta = deltaOf(mixed(v, square(g)));
const sumV = add(v, square(g));
/** The smallest normal float32: next to any other denominator it is nothing, and it makes 0/0 a 0. */
const tiny = 2 ** -126;

const trainingOps: readonly TrainingOp[] = [
  {
    op: 'ResourceApplyGradientDescent',
    step: multiply(s('lr'), g),
    nextState: {},
    arguments: { lr: s('lr') },
    formula: { step: multiply(s('lr'), g), nextState: {} },
  },
  ...[false, true].flatMap((nesterov): TrainingOp[] => [
    {
      ...momentumOp,
      nesterov,
      step: multiply(s('lr'), nesterov ? ahead : velocity),
      arguments: { lr: s('lr'), momentum: s('momentum') },
      formula: momentumFormula(nesterov),
    },
    {
      // The learning rate is inside the velocity: part of what the op takes for the gradient.
      ...momentumOp,
      nesterov,
      step: nesterov ? ahead : velocity,
      arguments: { lr: 1, momentum: s('momentum') },
      formula: momentumFormula(nesterov),
    },
  ]),
  {
    op: 'ResourceApplyAdagradV2',
    step: divide(multiply(s('lr'), g), add(sqrt(sumV), s('epsilon'))),
    nextState: { v: sumV },
    arguments: { lr: s('lr'), epsilon: s('epsilon') },
    formula: {
      step: divide(multiply(s('lr'), g), add(sqrt(sumV), s('epsilon'))),
      nextState: { v: sumV },
    },
  },
  {
    op: 'ResourceApplyAdadelta',
    step: multiply(s('lr'), delta),
    nextState: { v: meanV, u: decayed('rho', u, 'share', square(delta)) },
    arguments: { lr: s('lr'), rho: s('rho'), epsilon: s('epsilon') },
    formula: {
      step: multiply(s('lr'), opDelta),
      nextState: { v: mixed(v, square(g)), u: mixed(u, square(opDelta)) },
    },
  },
  {
    // With both powers of beta at 0 the op corrects no bias: the corrections are in lr and epsilon.
    op: 'ResourceApplyAdam',
    step: divide(multiply(s('scale'), adamM), add(sqrt(multiply(s('vScale'), adamV)), s('epsilon'))),
    nextState: { m: adamM, v: adamV },
    arguments: {
      beta1Power: 0,
      beta2Power: 0,
      lr: divide(s('scale'), sqrt(s('vScale'))),
      beta1: s('beta1'),
      beta2: s('beta2'),
      epsilon: divide(s('epsilon'), sqrt(s('vScale'))),
    },
    formula: {
      step: divide(multiply(s('lr'), opM), add(sqrt(opV), s('epsilon'))),
      nextState: { m: opM, v: opV },
    },
  },
  ...[tiny, s('epsilon')].map((epsilon): TrainingOp => {
    const denominator = epsilon === tiny ? maxU : add(maxU, epsilon);
    return {
      op: 'ResourceApplyAdaMax',
      step: divideOrZero(multiply(s('scale'), adamM), denominator),
      nextState: { m: adamM, u: maxU },
      arguments: { beta1Power: 0, lr: s('scale'), beta1: s('beta1'), beta2: s('beta2'), epsilon },
      formula: {
        step: divide(multiply(s('lr'), opM), add(maxU, s('epsilon'))),
        nextState: { m: opM, u: maxU },
      },
    };
  }),
];

/** How a rule is carried out by a training op. */
export interface Recognized {
  readonly op: string;
  readonly nesterov: boolean | undefined;
  /** The rule's slots in the op's order. */
  readonly slots: readonly string[];
  /** Scalar expressions in front of and behind the gradient. */
  readonly before: readonly Operand[];
  readonly after: readonly Operand[];
  /** What the op takes for the gradient: an expression of gradient and parameter. */
  readonly gradient: Operand;
  /** Decoupled weight decay: this scalar times the parameter is subtracted as well; null for none. */
  readonly decay: Operand | null;
}

const parameter = tensorLeaf('parameter');

/** The training op that computes a rule, or null. */
export function recognize(rule: TracedRule): Recognized | null {
  for (const op of trainingOps) {
    for (const isDecayed of [false, true]) {
      const step = isDecayed ? add(op.step, multiply(s('decay'), parameter)) : op.step;
      const found = matchRule(rule, subtract(parameter, step), op.nextState);
      if (found === null || !sameNumbers(rule, op, found, isDecayed)) continue;
      const slotOf = (name: string): string => found.slots.get(name)!;
      const scalar = (operand: Operand): Operand => substitute(operand, found);
      const names = Object.keys(op.arguments);
      const argumentsOf = (wanted: (name: string) => boolean): Operand[] =>
        names.filter(wanted).map((name) => scalar(op.arguments[name]!));
      const isLast = (name: string): boolean => op.last?.includes(name) ?? false;
      return {
        op: op.op,
        nesterov: op.nesterov,
        slots: Object.keys(op.nextState).map(slotOf),
        before: argumentsOf((name) => !isLast(name)),
        after: argumentsOf(isLast),
        gradient: found.gradient ?? g,
        decay: isDecayed ? scalar(s('decay')) : null,
      };
    }
  }
  return null;
}

function matchRule(
  rule: TracedRule,
  next: Operand,
  nextState: Readonly<Record<string, Operand>>,
): Bindings | null {
  if (Object.keys(rule.state).length !== Object.keys(nextState).length) return null;
  for (const found of match(next, rule.parameter, rule)) {
    const isComplete = Object.keys(nextState).every((name) => found.slots.has(name));
    if (!isComplete) continue;
    // What the next states' patterns name, the step's pattern names too.
    const states = Object.entries(nextState).map(([name, pattern]) => {
      const [state] = match(pattern, rule.nextState[found.slots.get(name)!]!, rule, found);
      return state;
    });
    if (states.every((state) => state !== undefined)) return found;
  }
  return null;
}

/** Whether the op's formula with the bound arguments is the rule, on random values and on zeros. */
function sameNumbers(rule: TracedRule, op: TrainingOp, found: Bindings, isDecayed: boolean): boolean {
  const bound: Bindings = {
    ...found,
    scalars: new Map(Object.entries(op.arguments).map(([name, x]) => [name, substitute(x, found)])),
  };
  if (isDecayed) bound.scalars.set('decay', found.scalars.get('decay')!);
  const step = isDecayed ? add(op.formula.step, multiply(s('decay'), parameter)) : op.formula.step;
  const formula: TracedRule = {
    state: rule.state,
    scalars: rule.scalars,
    parameter: substitute(subtract(parameter, step), bound),
    nextState: Object.fromEntries(
      Object.entries(op.formula.nextState).map(([name, x]) => [found.slots.get(name)!, substitute(x, bound)]),
    ),
  };
  const slots = Object.keys(rule.state);
  const count = 64;
  const random = (draw: number): Float64Array => uniforms(count, { seed: 1, stream: 'data', draw }, 0);
  const run = (r: TracedRule): number[] => {
    const zeroed = (values: Float64Array): Float64Array => values.map((x, i) => (i % 8 === 7 ? 0 : x));
    const arrays = {
      parameter: random(0).map((x) => 2 * x - 1),
      gradient: zeroed(random(1).map((x) => 2 * x - 1)),
      state: Object.fromEntries(slots.map((slot, i) => [slot, zeroed(random(3 + i))])),
    };
    compileRule(r)(
      arrays,
      random(2).map((x) => 0.1 + 0.8 * x),
    );
    return [...arrays.parameter, ...slots.flatMap((slot) => [...arrays.state[slot]!])];
  };
  const actual = run(formula);
  return run(rule).every((x, i) => {
    const y = actual[i]!;
    return Object.is(x, y) || Math.abs(x - y) <= 1e-9 * Math.max(1e-3, Math.abs(x));
  });
}
