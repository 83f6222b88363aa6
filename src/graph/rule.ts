/**
 * The update-rule language: elementwise expressions over the parameter, its gradient, the optimizer's state and
 * per-step scalars. A rule is traced once for fixed hyper-parameters; every engine compiles the same expressions.
 */

/** Functions of one number. */
export type UnaryFunction = 'negate' | 'square' | 'sqrt' | 'abs' | 'sign';
/** Functions of two numbers. */
export type BinaryFunction = 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum' | 'greater';
/** The functions of update rules. */
export type RuleFunction = UnaryFunction | BinaryFunction | 'select';

/** A tensor leaf is elementwise (same shape as the parameter); a scalar leaf is one number per step. */
export interface Leaf {
  readonly fn: 'leaf';
  readonly kind: 'tensor' | 'scalar';
  readonly name: string;
}
/** A function and what it is applied to. */
export interface Call {
  readonly fn: RuleFunction;
  readonly args: readonly Operand[];
}
/** An expression of an update rule: something given, or a function of expressions. */
export type Expr = Leaf | Call;
/** Numbers are constants, folded where all operands are numbers. */
export type Operand = Expr | number;

export const tensorLeaf = (name: string): Leaf => ({ fn: 'leaf', kind: 'tensor', name });
export const scalarLeaf = (name: string): Leaf => ({ fn: 'leaf', kind: 'scalar', name });

/** What each function computes, in float64: the definition the engines are tested against. */
export const ruleFunctions: Record<RuleFunction, (...x: number[]) => number> = {
  negate: (x) => -x!,
  square: (x) => x! * x!,
  sqrt: (x) => Math.sqrt(x!),
  abs: (x) => Math.abs(x!),
  sign: (x) => (x! > 0 ? 1 : x! < 0 ? -1 : 0),
  add: (x, y) => x! + y!,
  subtract: (x, y) => x! - y!,
  multiply: (x, y) => x! * y!,
  divide: (x, y) => x! / y!,
  maximum: (x, y) => Math.max(x!, y!),
  minimum: (x, y) => Math.min(x!, y!),
  greater: (x, y) => (x! > y! ? 1 : 0),
  select: (condition, x, y) => (condition !== 0 ? x! : y!),
};

function call(fn: RuleFunction, ...args: Operand[]): Operand {
  if (args.every((a) => typeof a === 'number')) return ruleFunctions[fn](...args);
  return { fn, args };
}

/** `x + y`. */
export const add = (x: Operand, y: Operand): Operand => call('add', x, y);
/** `x - y`. */
export const subtract = (x: Operand, y: Operand): Operand => call('subtract', x, y);
/** `x * y`. */
export const multiply = (x: Operand, y: Operand): Operand => call('multiply', x, y);
/** `x / y`. */
export const divide = (x: Operand, y: Operand): Operand => call('divide', x, y);
/** The larger of two. */
export const maximum = (x: Operand, y: Operand): Operand => call('maximum', x, y);
/** The smaller of two. */
export const minimum = (x: Operand, y: Operand): Operand => call('minimum', x, y);
/** 1 where x > y, else 0. */
export const greater = (x: Operand, y: Operand): Operand => call('greater', x, y);
/** x where the condition is not 0, else y; both are computed. */
export const select = (condition: Operand, x: Operand, y: Operand): Operand =>
  call('select', condition, x, y);
/** `-x`. */
export const negate = (x: Operand): Operand => call('negate', x);
/** `x * x`. */
export const square = (x: Operand): Operand => call('square', x);
/** The square root. */
export const sqrt = (x: Operand): Operand => call('sqrt', x);
/** The absolute value. */
export const abs = (x: Operand): Operand => call('abs', x);
/** 1, 0 or -1. */
export const sign = (x: Operand): Operand => call('sign', x);
/** x / y, and 0 where y is 0. */
export const divideOrZero = (x: Operand, y: Operand): Operand => select(greater(abs(y), 0), divide(x, y), 0);

/** Where an expression is lowered to: numbers, text, WebAssembly instructions, graph nodes. */
export interface RuleTarget<V> {
  leaf(leaf: Leaf): V;
  constant(value: number): V;
  apply(fn: RuleFunction, args: readonly V[]): V;
}

/** Lowers an expression, visiting each shared sub-expression once (pass the same `seen` for several outputs). */
export function lower<V>(e: Operand, to: RuleTarget<V>, seen: Map<Expr, V> = new Map()): V {
  if (typeof e === 'number') return to.constant(e);
  let v = seen.get(e);
  if (v === undefined) {
    v =
      e.fn === 'leaf'
        ? to.leaf(e)
        : to.apply(
            e.fn,
            e.args.map((a) => lower(a, to, seen)),
          );
    seen.set(e, v);
  }
  return v;
}

/**
 * A rule for fixed hyper-parameters. Tensor leaves are named `parameter`, `gradient` and after the state slots,
 * scalar leaves after the entries of `scalars`. All outputs are computed from the old values and then stored.
 */
export interface TracedRule {
  /** State slots in order, with the value every element starts from. */
  readonly state: Readonly<Record<string, number>>;
  /** Per-step scalars, in the order in which the host feeds them. */
  readonly scalars: readonly string[];
  /** The parameter's next value. */
  readonly parameter: Operand;
  /** Each slot's next value. */
  readonly nextState: Readonly<Record<string, Operand>>;
}
