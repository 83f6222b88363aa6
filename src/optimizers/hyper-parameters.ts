import { UsageError } from '../errors.ts';
import type { HyperParameter } from '../spec/run.ts';
import type { Optimizer } from './define.ts';
import { nearestName } from './nearest-name.ts';

/** Hyper-parameters by name, every one filled in. */
export type HyperValues = Readonly<Record<string, HyperParameter>>;

/** Limits of a number: `min` and `max` belong to the range, `above` and `below` do not. */
export interface NumberRange {
  readonly min?: number;
  readonly above?: number;
  readonly max?: number;
  readonly below?: number;
}
/** A hyper-parameter that is a number within a range. */
export interface NumberHyper extends NumberRange {
  readonly kind: 'number';
  readonly default: number;
  readonly doc?: string;
}
/** A hyper-parameter that is true or false. */
export interface FlagHyper {
  readonly kind: 'flag';
  readonly default: boolean;
  readonly doc?: string;
}
/** A hyper-parameter that is one of some words. */
export interface ChoiceHyper<C extends string = string> {
  readonly kind: 'choice';
  readonly default: C;
  readonly choices: readonly C[];
  readonly doc?: string;
}
/** A hyper-parameter of a rule: its kind, default and range. */
export type HyperDescriptor = NumberHyper | FlagHyper | ChoiceHyper;
/** A descriptor, or just a default: any finite number, or true and false. */
export type HyperInput = HyperDescriptor | number | boolean;
/** The type of a hyper-parameter's value. */
export type HyperValue<D> = D extends { readonly default: infer V }
  ? V
  : D extends boolean
    ? boolean
    : number;

/** Options that every hyper-parameter has. */
interface Documented {
  /** One line for tables and editors. */
  readonly doc?: string;
}

/** A number, any finite one unless a range is given. */
export const number = (fallback: number, options: NumberRange & Documented = {}): NumberHyper => ({
  kind: 'number',
  default: fallback,
  ...options,
});
/** A hyper-parameter that is true or false, `fallback` by default. */
export const flag = (fallback: boolean, options: Documented = {}): FlagHyper => ({
  kind: 'flag',
  default: fallback,
  ...options,
});
/** One of several words. */
export const choice = <const C extends string>(
  fallback: NoInfer<C>,
  choices: readonly C[],
  options: Documented = {},
): ChoiceHyper<C> => ({ kind: 'choice', default: fallback, choices, ...options });

export function hyperDescriptor(input: HyperInput): HyperDescriptor {
  if (typeof input === 'number') return number(input);
  if (typeof input === 'boolean') return flag(input);
  return input;
}

/** The values that a hyper-parameter allows, as a clause: "a number >= 0 and < 1". */
export function allowedValues(descriptor: HyperDescriptor): string {
  if (descriptor.kind === 'flag') return 'true or false';
  if (descriptor.kind === 'choice') return `one of ${descriptor.choices.join(', ')}`;
  const { min, above, max, below } = descriptor;
  const limits = [
    min !== undefined && `>= ${min}`,
    above !== undefined && `> ${above}`,
    max !== undefined && `<= ${max}`,
    below !== undefined && `< ${below}`,
  ].filter((limit) => limit !== false);
  return limits.length === 0 ? 'a finite number' : `a number ${limits.join(' and ')}`;
}

/** What is wrong with a value, as a clause ("it must be ..."), or undefined if it is allowed. */
export function rangeProblem(descriptor: HyperDescriptor, value: unknown): string | undefined {
  return isAllowed(descriptor, value) ? undefined : `it must be ${allowedValues(descriptor)}`;
}

function isAllowed(descriptor: HyperDescriptor, value: unknown): boolean {
  if (descriptor.kind === 'flag') return typeof value === 'boolean';
  if (descriptor.kind === 'choice') return descriptor.choices.some((allowed) => allowed === value);
  const { min = -Infinity, above = -Infinity, max = Infinity, below = Infinity } = descriptor;
  return (
    typeof value === 'number' &&
    Number.isFinite(value) &&
    value >= min &&
    value > above &&
    value <= max &&
    value < below
  );
}

/** One mistake in given hyper-parameters; the spec loader adds file, line and column. */
export interface HyperIssue {
  readonly key: string;
  readonly message: string;
  /** The nearest valid name or word. */
  readonly suggestion?: string;
}

/** All mistakes in given hyper-parameters: unknown names, wrong types, values out of range. */
export function hyperIssues(optimizer: Optimizer, given: Readonly<Record<string, unknown>>): HyperIssue[] {
  return Object.entries(given).flatMap(([key, value]): HyperIssue[] => {
    const names = Object.keys(optimizer.hyper);
    const descriptor = Object.hasOwn(optimizer.hyper, key) ? optimizer.hyper[key] : undefined;
    if (!descriptor) {
      return [
        {
          key,
          message: `${optimizer.name} has no hyper-parameter ${key} (it has ${names.join(', ')})`,
          ...suggest(key, names),
        },
      ];
    }
    const problem = rangeProblem(descriptor, value);
    if (!problem) return [];
    const words =
      descriptor.kind === 'choice' && typeof value === 'string' ? suggest(value, descriptor.choices) : {};
    return [{ key, message: `${optimizer.name}: ${key} is ${shown(value)}, but ${problem}`, ...words }];
  });
}

/**
 * The hyper-parameters of a rule with every default filled in.
 *
 * @throws UsageError that names every unknown name and every value out of range.
 */
export function resolveHyper(
  optimizer: Optimizer,
  given: Readonly<Record<string, unknown>> = {},
): HyperValues {
  const issues = hyperIssues(optimizer, given);
  if (issues.length > 0) {
    const said = issues.map((i) =>
      i.suggestion ? `${i.message}; did you mean ${i.suggestion}?` : `${i.message}.`,
    );
    throw new UsageError(said.join(' '));
  }
  const defaults = Object.entries(optimizer.hyper).map(([key, descriptor]) => [key, descriptor.default]);
  return { ...Object.fromEntries(defaults), ...given };
}

function suggest(word: string, known: readonly string[]): { suggestion?: string } {
  const suggestion = nearestName(word, known);
  return suggestion === undefined ? {} : { suggestion };
}

const shown = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : String(value));
