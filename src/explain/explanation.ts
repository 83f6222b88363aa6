import { UsageError } from '../errors.ts';
import type { Optimizer } from '../optimizers/define.ts';
import { allowedValues, resolveHyper } from '../optimizers/hyper-parameters.ts';
import { nearestName } from '../optimizers/nearest-name.ts';
import { type OptimizerName, optimizers } from '../optimizers/shipped.ts';
import { scalarValues, traceRule } from '../optimizers/trace.ts';
import type { HyperParameter, WeightDecaySettings } from '../spec/run.ts';
import { formulaLines } from './formula.ts';
import type { RuleNotes } from './notes.ts';
import { adam, adamax, adamw, amsgrad, nadam } from './notes-adam.ts';
import { adadelta, adagrad, rmsprop } from './notes-adaptive.ts';
import { momentum, nesterov, sgd, sgdw } from './notes-classic.ts';

/** Every shipped rule, and the two that a weight decay makes of one. */
export const explained: Readonly<Record<OptimizerName | 'sgdw' | 'adamw', RuleNotes>> = {
  ...{ sgd, momentum, nesterov, sgdw },
  ...{ adagrad, rmsprop, adadelta },
  ...{ adam, adamw, adamax, nadam, amsgrad },
};
export type ExplainedName = keyof typeof explained;
export const explainedNames = Object.keys(explained) as ExplainedName[];

/** What `explain` says of a rule. */
export interface Explanation {
  readonly name: string;
  readonly reference: string;
  /** Equations of one step, read off the rule's definition. */
  readonly formula: readonly string[];
  /** The formula's per-step scalars, as equations or, for a rule from a file, as values at some steps. */
  readonly scalars: Readonly<Record<string, string>>;
  readonly hyper: readonly {
    readonly name: string;
    readonly default: HyperParameter;
    readonly allowed: string;
    readonly doc: string;
  }[];
  /** What is kept for each parameter, with what it starts from. */
  readonly state: Readonly<Record<string, number>>;
  readonly choices: RuleNotes['choices'];
  /** Null for a rule from a file. */
  readonly calls: RuleNotes['calls'] | null;
  readonly remarks: readonly string[];
}

const decoupled: WeightDecaySettings = { mode: 'decoupled', rate: 1 };
const combined = {
  sgdw: { optimizer: optimizers.momentum, reference: 'Loshchilov & Hutter 2019, Algorithm 1 (green)' },
  adamw: { optimizer: optimizers.adam, reference: 'Loshchilov & Hutter 2019, Algorithm 2 (green)' },
} as const;

/** @throws UsageError with the nearest name if there is no such rule. */
export function explainShipped(name: string): Explanation {
  if (!Object.hasOwn(explained, name)) {
    const nearest = nearestName(name, explainedNames);
    const hint =
      nearest === undefined
        ? `there are ${explainedNames.join(', ')}, and rules of your own by their path, such as ./mine.ts.`
        : `did you mean "${nearest}"?`;
    throw new UsageError(`there is no rule "${name}"; ${hint}`);
  }
  const notes = explained[name as ExplainedName];
  const both = Object.hasOwn(combined, name) ? combined[name as keyof typeof combined] : undefined;
  const optimizer = both?.optimizer ?? optimizers[name as OptimizerName];
  const { choices, scalars, calls, remarks } = notes;
  return {
    ...explainRule(optimizer, both === undefined ? null : decoupled),
    ...{ name, reference: both?.reference ?? optimizer.reference, choices, scalars, calls, remarks },
  };
}

/** A rule of which nothing is known but its definition. */
export function explainRule(optimizer: Optimizer, decay: WeightDecaySettings | null = null): Explanation {
  const usual = resolveHyper(optimizer);
  const { state, scalars } = traceRule(optimizer, usual);
  const steps = [1, 2, 10, 100];
  const values = steps.map((t) => scalarValues(optimizer, usual, null, t, 1));
  const shown = scalars.slice(1).map((name, i) => {
    const at = steps.map((t, k) => `${Number(values[k]![i + 1]!.toPrecision(4))} at t = ${t}`);
    return [name, at.join(', ')];
  });
  return {
    name: optimizer.name,
    reference: optimizer.reference,
    formula: formulaLines(optimizer, {}, decay),
    scalars: Object.fromEntries(shown),
    hyper: Object.entries(optimizer.hyper).map(([name, descriptor]) => ({
      ...{ name, default: descriptor.default },
      ...{ allowed: allowedValues(descriptor), doc: descriptor.doc ?? '' },
    })),
    state,
    ...{ choices: [], calls: null, remarks: [] },
  };
}
