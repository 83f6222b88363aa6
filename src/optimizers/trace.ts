import { UsageError } from '../errors.ts';
import {
  type Expr,
  type Leaf,
  type Operand,
  ruleFunctions,
  scalarLeaf,
  subtract,
  type TracedRule,
  tensorLeaf,
} from '../graph/rule.ts';
import type { WeightDecaySettings } from '../spec/run.ts';
import type { Optimizer } from './define.ts';
import type { HyperValues } from './hyper-parameters.ts';
import { decayedGradient, decayedStep, decayScalar, isDecoupled } from './weight-decay.ts';

const reservedSlots = ['p', 'g', 'parameter', 'gradient', 'step'];
const reservedScalars = ['lr', 'weightDecay'];

/**
 * Traces a rule for fixed hyper-parameters, with weight decay built in. The first scalar is `lr`, the learning rate
 * of the step; decoupled decay adds `weightDecay` at the end.
 *
 * @param hyper every hyper-parameter, as `resolveHyper` returns them.
 * @throws UsageError if the rule's functions throw or return something that is no update.
 */
export function traceRule(
  optimizer: Optimizer,
  hyper: HyperValues,
  weightDecay: WeightDecaySettings | null = null,
): TracedRule {
  const { name } = optimizer;
  const fixed = withoutLearningRate(hyper);
  const state = attempt(name, 'state', () => ({ ...optimizer.state(fixed) }));
  const stepScalars = attempt(name, 'scalars', () => ({ ...optimizer.scalars(1, fixed) }));
  checkNames(name, 'state slot', state, reservedSlots);
  checkNames(name, 'scalar', stepScalars, reservedScalars);
  const scalarNames = ['lr', ...Object.keys(stepScalars)];

  const slots = mapNames(Object.keys(state), tensorLeaf);
  const scalars = mapNames(scalarNames, scalarLeaf);
  const p = tensorLeaf('parameter');
  const g = decayedGradient(tensorLeaf('gradient'), p, weightDecay);
  const { step, ...nextState } = attempt(name, 'update', () => ({
    ...optimizer.update({ ...slots, p, g }, fixed, scalars),
  }));
  if (step === undefined)
    throw new UsageError(`Optimizer ${name}: update returns no step: return { ..., step }.`);
  for (const slot of Object.keys(nextState)) {
    if (!Object.hasOwn(state, slot)) {
      throw new UsageError(
        `Optimizer ${name}: update returns ${slot}, which is no state slot: add it to state.`,
      );
    }
  }
  const known = new Set(['parameter', 'gradient', ...Object.keys(state), ...scalarNames]);
  const seen = new Set<Expr>();
  checkOperand(name, 'step', step, known, seen);
  for (const slot of Object.keys(state)) {
    if (!Object.hasOwn(nextState, slot)) {
      throw new UsageError(`Optimizer ${name}: update does not return the next value of ${slot}: add it.`);
    }
    checkOperand(name, slot, nextState[slot], known, seen);
  }

  return {
    state,
    scalars: isDecoupled(weightDecay) ? [...scalarNames, 'weightDecay'] : scalarNames,
    parameter: subtract(p, decayedStep(step, p, weightDecay)),
    nextState,
  };
}

/**
 * The per-step scalars in the order of `TracedRule.scalars`.
 *
 * @param t the step, from 1.
 * @param multiplier the schedule's value at this step; it multiplies `lr`, and decay where its mode says so.
 * @param out written and returned; pass the same one for every step to allocate no array.
 */
export function scalarValues(
  optimizer: Optimizer,
  hyper: HyperValues,
  weightDecay: WeightDecaySettings | null,
  t: number,
  multiplier: number,
  out?: Float64Array,
): Float64Array {
  const stepScalars = optimizer.scalars(t, withoutLearningRate(hyper));
  const decoupled = isDecoupled(weightDecay);
  const count = 1 + Object.keys(stepScalars).length + (decoupled ? 1 : 0);
  const values = out ?? new Float64Array(count);
  if (values.length !== count) {
    throw new UsageError(
      `Optimizer ${optimizer.name}: scalars must return the same names at step ${t} as at step 1.`,
    );
  }
  const lr = Number(hyper.lr);
  let i = 0;
  values[i++] = lr * multiplier;
  for (const name in stepScalars) values[i++] = stepScalars[name]!;
  if (decoupled) values[i] = decayScalar(weightDecay, lr, multiplier);
  return values;
}

// One object per set of hyper-parameters, so that nothing is copied at each step.
const fixedHyper = new WeakMap<HyperValues, HyperValues>();
function withoutLearningRate(hyper: HyperValues): HyperValues {
  let fixed = fixedHyper.get(hyper);
  if (!fixed) {
    const { lr: _, ...others } = hyper;
    fixed = others;
    fixedHyper.set(hyper, fixed);
  }
  return fixed;
}

function attempt<T>(name: string, part: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`Optimizer ${name}: its ${part} function fails: ${reason}`, { cause });
  }
}

function checkNames(
  name: string,
  what: string,
  values: Record<string, unknown>,
  reserved: readonly string[],
): void {
  for (const [key, value] of Object.entries(values)) {
    if (!/^[A-Za-z_]\w*$/.test(key) || reserved.includes(key)) {
      throw new UsageError(
        `Optimizer ${name}: "${key}" cannot be the name of a ${what}: choose another one.`,
      );
    }
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw new UsageError(
        `Optimizer ${name}: the ${what} ${key} is ${String(value)}: give it a finite number.`,
      );
    }
  }
}

/** JavaScript's own operators make NaN out of expressions, and an unchecked file may pass anything else. */
function checkOperand(
  name: string,
  output: string,
  operand: unknown,
  known: Set<string>,
  seen: Set<Expr>,
): void {
  const fail = (what: string): never => {
    throw new UsageError(
      `Optimizer ${name}: its update computes ${output} from ${what}: use add, multiply and the other rule functions.`,
    );
  };
  if (typeof operand === 'number') {
    if (Number.isNaN(operand)) fail('NaN, which * or + on an expression gives');
    return;
  }
  if (typeof operand !== 'object' || operand === null) fail(String(operand));
  const e = operand as Leaf | { fn: string; args: readonly Operand[] };
  if (seen.has(e as Expr)) return;
  seen.add(e as Expr);
  if (e.fn === 'leaf') {
    if (!known.has((e as Leaf).name)) fail(`the unknown name ${(e as Leaf).name}`);
  } else if (Object.hasOwn(ruleFunctions, e.fn)) {
    for (const argument of (e as { args: readonly Operand[] }).args)
      checkOperand(name, output, argument, known, seen);
  } else fail('an object that is no expression');
}

const mapNames = <V>(names: readonly string[], make: (name: string) => V): Record<string, V> =>
  Object.fromEntries(names.map((name) => [name, make(name)]));
