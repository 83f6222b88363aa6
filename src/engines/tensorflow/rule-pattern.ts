import { type Call, type Expr, type Operand, type TracedRule, tensorLeaf } from '../../graph/rule.ts';

/**
 * Matching of update rules. A pattern is an expression of the rule language: its scalar leaves stand for any scalar
 * expression, the leaf `gradient` for any expression without state, other tensor leaves for a slot each; `parameter`
 * is itself.
 */
export interface Bindings {
  readonly scalars: Map<string, Operand>;
  readonly slots: Map<string, string>;
  readonly gradient: Operand | null;
}

const nothing: Bindings = { scalars: new Map(), slots: new Map(), gradient: null };
const commutative = new Set(['add', 'multiply', 'maximum', 'minimum']);

const every = (e: Operand, holds: (leaf: Extract<Expr, { fn: 'leaf' }>) => boolean): boolean =>
  typeof e === 'number' || (e.fn === 'leaf' ? holds(e) : e.args.every((a) => every(a, holds)));
export const isScalar = (e: Operand): boolean => every(e, (leaf) => leaf.kind === 'scalar');

function same(a: Operand, b: Operand): boolean {
  if (a === b) return true;
  if (typeof a === 'number' || typeof b === 'number' || a.fn !== b.fn) return false;
  if (a.fn === 'leaf') return b.fn === 'leaf' && a.kind === b.kind && a.name === b.name;
  return a.args.every((x, i) => same(x, (b as Call).args[i]!));
}

/** Every way in which a pattern matches an expression of a rule, on top of what is bound already. */
export function* match(
  pattern: Operand,
  e: Operand,
  rule: TracedRule,
  bound: Bindings = nothing,
): Generator<Bindings> {
  if (typeof pattern === 'number') {
    if (pattern === e) yield bound;
    return;
  }
  if (pattern.fn === 'leaf') {
    const { kind, name } = pattern;
    if (kind === 'scalar') {
      const known = bound.scalars.get(name);
      if (known !== undefined ? same(known, e) : isScalar(e))
        yield { ...bound, scalars: new Map(bound.scalars).set(name, e) };
    } else if (name === 'gradient') {
      const isStateless = every(e, (leaf) => !Object.hasOwn(rule.state, leaf.name));
      if (bound.gradient !== null ? same(bound.gradient, e) : isStateless && !isScalar(e))
        yield { ...bound, gradient: e };
    } else if (typeof e !== 'number' && e.fn === 'leaf' && e.kind === 'tensor') {
      const known = bound.slots.get(name);
      if (name === 'parameter') {
        if (e.name === name) yield bound;
      } else if (known !== undefined) {
        if (known === e.name) yield bound;
      } else if (Object.hasOwn(rule.state, e.name) && ![...bound.slots.values()].includes(e.name)) {
        yield { ...bound, slots: new Map(bound.slots).set(name, e.name) };
      }
    }
    return;
  }
  if (typeof e === 'number' || e.fn !== pattern.fn) return;
  const [first, ...others] = e.args as [Operand, ...Operand[]];
  const orders = commutative.has(e.fn) ? [e.args, [...others, first]] : [e.args];
  for (const args of orders) yield* matchAll(pattern.args, args, rule, bound);
}

function* matchAll(
  patterns: readonly Operand[],
  args: readonly Operand[],
  rule: TracedRule,
  bound: Bindings,
): Generator<Bindings> {
  const [pattern, ...others] = patterns;
  if (pattern === undefined) {
    yield bound;
    return;
  }
  for (const found of match(pattern, args[0]!, rule, bound)) {
    yield* matchAll(others, args.slice(1), rule, found);
  }
}

/** A pattern with what it is bound to in the place of its leaves. */
export function substitute(pattern: Operand, bound: Bindings): Operand {
  if (typeof pattern === 'number') return pattern;
  if (pattern.fn !== 'leaf') return { fn: pattern.fn, args: pattern.args.map((a) => substitute(a, bound)) };
  const { kind, name } = pattern;
  if (kind === 'scalar') return bound.scalars.get(name)!;
  if (name === 'gradient') return bound.gradient ?? pattern;
  return name === 'parameter' ? pattern : tensorLeaf(bound.slots.get(name)!);
}
