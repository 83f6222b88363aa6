import { UsageError } from '../errors.ts';
import type { Expr, Operand } from '../graph/rule.ts';
import {
  type HyperDescriptor,
  type HyperInput,
  type HyperValue,
  type HyperValues,
  hyperDescriptor,
  rangeProblem,
} from './hyper-parameters.ts';

/**
 * An update rule, independent of engines: plain data and functions, so that a rule from a user's file, which may
 * hold its own copy of this module, is as good as a shipped one.
 */
export interface Optimizer {
  readonly name: string;
  /** Where the rule is defined: paper and equation. */
  readonly reference: string;
  /** Every hyper-parameter with its default and range, `lr` among them. */
  readonly hyper: Readonly<Record<string, HyperDescriptor>>;
  /** State slots of a parameter's shape, with the value every element starts from. */
  readonly state: (hyper: HyperValues) => Readonly<Record<string, number>>;
  /** Per-step numbers, computed on the host in float64; steps count from 1. */
  readonly scalars: (step: number, hyper: HyperValues) => Readonly<Record<string, number>>;
  /** Each slot's next value, and `step`: what is subtracted from the parameter. */
  readonly update: (
    tensors: Readonly<Record<string, Expr>>,
    hyper: HyperValues,
    scalars: Readonly<Record<string, Expr>>,
  ) => Readonly<Record<string, Operand>>;
}

/** Hyper-parameters by name; `lr` is one of them. */
type HyperInputs = { readonly lr: HyperInput } & Readonly<Record<string, HyperInput>>;

/** What a rule's functions get as `h`: all hyper-parameters but `lr`, which the schedule changes from step to step. */
export type RuleHyper<H> = { readonly [K in Exclude<keyof H, 'lr'>]: HyperValue<H[K]> };

/** What `defineOptimizer` takes: an update rule for single numbers. */
export interface OptimizerDefinition<H extends HyperInputs, S extends string, C extends string> {
  readonly name: string;
  readonly reference: string;
  readonly hyper: H;
  /** Start values by slot, or a function of the hyper-parameters that returns them; leave out for no state. */
  readonly state?: Readonly<Record<S, number>> | ((h: RuleHyper<H>) => Readonly<Partial<Record<S, number>>>);
  /** Numbers that change with the step `t` (from 1), such as bias corrections. */
  readonly scalars?: (t: number, h: RuleHyper<H>) => Readonly<Record<C, number>>;
  /**
   * `p` is the parameter, `g` its gradient; `s.lr` is the learning rate of this step. `h` holds plain values, so
   * `if` and arithmetic on them are resolved while the rule is traced, once per run.
   */
  readonly update: (
    tensors: Readonly<Record<'p' | 'g' | S, Expr>>,
    h: RuleHyper<H>,
    s: Readonly<Record<'lr' | C, Expr>>,
  ) => { readonly step: Operand } & { readonly [K in S]?: Operand };
}

/**
 * Defines an optimizer by its elementwise update; every engine runs it from this one definition.
 *
 * @throws UsageError if the definition lacks a part, has no `lr`, or a default is out of its own range.
 */
export function defineOptimizer<
  const H extends HyperInputs,
  S extends string = never,
  C extends string = never,
>(definition: OptimizerDefinition<H, S, C>): Optimizer {
  const { name, reference, state = {}, scalars = () => ({}), update } = definition;
  if (typeof name !== 'string' || name === '') {
    throw new UsageError('An optimizer definition has no name: give it one, such as name: "my-rule".');
  }
  if (typeof update !== 'function')
    throw new UsageError(`Optimizer ${name} has no update function: add one.`);
  const hyper = Object.fromEntries(
    Object.entries(definition.hyper ?? {}).map(([key, input]) => [key, hyperDescriptor(input)]),
  );
  if (hyper.lr?.kind !== 'number') {
    throw new UsageError(`Optimizer ${name} has no learning rate: add lr to its hyper-parameters.`);
  }
  for (const [key, descriptor] of Object.entries(hyper)) {
    const problem = rangeProblem(descriptor, descriptor.default);
    if (problem) {
      throw new UsageError(
        `Optimizer ${name}: the default of ${key} is ${String(descriptor.default)}, but ${problem}.`,
      );
    }
  }
  return Object.freeze({
    name,
    reference: reference ?? '',
    hyper: Object.freeze(hyper),
    state: typeof state === 'function' ? state : () => state,
    scalars,
    update,
    // The definition's functions take narrower records than the interface's; traceRule and resolveHyper build them.
  } as unknown as Optimizer);
}

/** Whether a value has the shape of an `Optimizer`; it may come from another copy of this module. */
export function isOptimizer(value: unknown): value is Optimizer {
  if (typeof value !== 'object' || value === null) return false;
  const { name, hyper, state, scalars, update } = value as Partial<Record<keyof Optimizer, unknown>>;
  return (
    typeof name === 'string' &&
    typeof hyper === 'object' &&
    hyper !== null &&
    [state, scalars, update].every((f) => typeof f === 'function')
  );
}
