import { sizeOf } from '../../graph/node.ts';
import type { Program, Update } from '../../graph/program.ts';
import {
  type Expr,
  lower,
  type Operand,
  type RuleTarget,
  ruleFunctions,
  type TracedRule,
} from '../../graph/rule.ts';
import { isScalar } from './rule-pattern.ts';
import { type Recognized, recognize } from './training-ops.ts';

/** How an update rule is carried out, fastest first. */
export type UpdateKind = 'training-op' | 'compiled' | 'elementwise';

/** A rule ready to be written into graphs. `scalars` are the numbers that the host computes for each step, in order. */
export type UpdatePlan = {
  readonly rule: TracedRule;
  readonly scalars: readonly Operand[];
} & (
  | { readonly kind: 'training-op'; readonly found: Recognized }
  | { readonly kind: 'compiled' | 'elementwise' }
);

/**
 * A compiled call costs 0.08 ms more than a few nodes, and half a second when it is compiled; the nodes cost some
 * nanoseconds more for each element. Logistic regression's 7,840 weights take 0.21 ms per step with nodes and 0.37 with
 * calls, an MLP of 1.8 million 29 with nodes and 19 with calls (AMSGrad, one busy core).
 */
const leastCompiledElements = 2 ** 15;

/**
 * Says which way a rule goes for a parameter of `size` elements: the training op where one computes exactly it, else
 * for a large parameter a call that XLA compiles, else nodes.
 */
export function planUpdate(rule: TracedRule, size: number, xla: boolean): UpdatePlan {
  const found = recognize(rule);
  const scalars: Operand[] = [];
  const collect = collector(scalars);
  if (found !== null) {
    for (const e of [...found.before, ...found.after, found.gradient, found.decay ?? 0]) collect(e);
    return { rule, kind: 'training-op', found, scalars };
  }
  for (const e of outputs(rule)) collect(e);
  return { rule, kind: xla && size >= leastCompiledElements ? 'compiled' : 'elementwise', scalars };
}

export interface UpdateKindOf {
  readonly parameter: string;
  readonly kind: UpdateKind;
  /** The training op's name. */
  readonly op: string | null;
}

/** How each parameter's update in the program's `step` is carried out. */
export function updateKinds(program: Program, xla = true): readonly UpdateKindOf[] {
  const planOf = planner(xla);
  return program.signatures.step.updates.map((update) => {
    const plan = planOf(update);
    const op = plan.kind === 'training-op' ? plan.found.op : null;
    return { parameter: update.parameter.attributes.name, kind: plan.kind, op };
  });
}

/** Plans of updates, the same one for the same rule and way. */
export function planner(xla: boolean): (update: Update) => UpdatePlan {
  const plans = new Map<TracedRule, UpdatePlan[]>();
  return ({ rule, parameter }) => {
    const known = plans.get(rule) ?? [];
    plans.set(rule, known);
    const fresh = planUpdate(rule, sizeOf(parameter.shape), xla);
    const plan = known.find((p) => p.kind === fresh.kind) ?? fresh;
    if (plan === fresh) known.push(fresh);
    return plan;
  };
}

/** What a rule computes: the parameter's next value, then each slot's. */
export const outputs = (rule: TracedRule): Operand[] => [
  rule.parameter,
  ...Object.keys(rule.state).map((slot) => rule.nextState[slot]!),
];

/** Puts the largest scalar parts of expressions into `into`, each once; plain numbers stay where they are. */
function collector(into: Operand[]): (e: Operand) => void {
  const seen = new Set<Operand>();
  const collect = (e: Operand): void => {
    if (typeof e === 'number' || seen.has(e)) return;
    seen.add(e);
    if (isScalar(e)) into.push(e);
    else if (e.fn !== 'leaf') e.args.forEach(collect);
  };
  return collect;
}

/** Scalar expressions as a function of the step's scalars, in float64. */
export function compileScalars(
  rule: TracedRule,
  expressions: readonly Operand[],
): (values: ArrayLike<number>, out: Float32Array) => void {
  type Value = (values: ArrayLike<number>) => number;
  const seen = new Map<Expr, Value>();
  const target: RuleTarget<Value> = {
    leaf: ({ name }) => {
      const i = rule.scalars.indexOf(name);
      return (values) => values[i]!;
    },
    constant: (value) => () => value,
    apply: (fn, args) => (values) => ruleFunctions[fn](...args.map((a) => a(values))),
  };
  const functions = expressions.map((e) => lower(e, target, seen));
  return (values, out) => {
    functions.forEach((f, i) => {
      out[i] = f(values);
    });
  };
}
