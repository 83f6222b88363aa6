import type { Call, Expr, Operand } from '../graph/rule.ts';

/** Binding strengths: what stands within something stronger gets brackets. */
const sum = 1;
const product = 2;
const atom = 3;

interface Text {
  readonly text: string;
  readonly strength: number;
}

export interface RuleFormatter {
  /** Names for what the expression contains and others use too, each with its text, those it needs itself first. */
  shared(e: Operand): [name: string, text: string][];
  text(e: Operand): string;
  /** From now on the expression is written as this name. */
  name(e: Expr, name: string): void;
}

/** Writes expressions as a paper would. `outputs`: all of them, to see what they share; `constants` have names. */
export function ruleFormatter(
  outputs: readonly Operand[],
  constants: ReadonlyMap<number, string>,
): RuleFormatter {
  const uses = countUses(outputs);
  const names = new Map<Expr, string>();
  let made = 0;

  function format(e: Operand): Text {
    if (typeof e === 'number') {
      const name = constants.get(e) ?? numberText(e);
      return { text: name, strength: name.startsWith('-') ? sum : atom };
    }
    const name = names.get(e);
    if (name !== undefined) return { text: name, strength: atom };
    if (e.fn === 'leaf') return { text: leafNames[e.name] ?? e.name, strength: atom };
    const guarded = guardedDivision(e);
    if (guarded !== undefined) {
      const { text } = formatCall(guarded);
      return { text: `(${text}, or 0 where ${inside(guarded.args[1]!, sum)} = 0)`, strength: atom };
    }
    return formatCall(e);
  }

  const inside = (e: Operand, strength: number): string => {
    const { text, strength: own } = format(e);
    return own < strength ? `(${text})` : text;
  };

  function formatCall({ fn, args }: Call): Text {
    const [x, y, z] = args as [Operand, Operand, Operand];
    const list = (): string => args.map((a) => inside(a, 0)).join(', ');
    switch (fn) {
      case 'add':
        return { text: `${inside(x, sum)} + ${inside(y, sum)}`, strength: sum };
      case 'subtract':
        return { text: `${inside(x, sum)} - ${inside(y, product)}`, strength: sum };
      case 'multiply':
        return { text: `${inside(x, product)} * ${inside(y, product)}`, strength: product };
      case 'divide':
        return { text: `${inside(x, product)} / ${inside(y, atom)}`, strength: product };
      case 'negate':
        return { text: `-${inside(x, product)}`, strength: sum };
      case 'square':
        return { text: `${inside(x, atom)}^2`, strength: atom };
      case 'abs':
        return { text: `|${inside(x, 0)}|`, strength: atom };
      case 'maximum':
        return { text: `max(${list()})`, strength: atom };
      case 'minimum':
        return { text: `min(${list()})`, strength: atom };
      case 'greater':
        return { text: `[${inside(x, sum)} > ${inside(y, sum)}]`, strength: atom };
      case 'select':
        return {
          text: `(${inside(y, sum)} where ${inside(x, sum)}, else ${inside(z, sum)})`,
          strength: atom,
        };
      default:
        return { text: `${fn}(${list()})`, strength: atom };
    }
  }

  function shared(e: Operand): [string, string][] {
    const found: [string, string][] = [];
    const visit = (inner: Operand, isTop: boolean): void => {
      if (typeof inner === 'number' || inner.fn === 'leaf' || names.has(inner)) return;
      const guarded = guardedDivision(inner);
      for (const argument of (guarded ?? inner).args) visit(argument, false);
      if (isTop || uses.get(inner)! < 2 || isShort(inner)) return;
      const name = `a${++made}`;
      found.push([name, format(inner).text]);
      names.set(inner, name);
    };
    visit(e, true);
    return found;
  }

  return { shared, text: (e) => format(e).text, name: (e, name) => names.set(e, name) };
}

const leafNames: Readonly<Record<string, string>> = {
  parameter: 'theta',
  gradient: 'g',
  weightDecay: 'decay',
};

/** `lr * g` is clearer than a name for it. */
const isShort = ({ args }: Call): boolean => args.every((a) => typeof a === 'number' || a.fn === 'leaf');

/** The division within what `divideOrZero` makes. */
function guardedDivision(e: Call): Call | undefined {
  const [condition, division, otherwise] = e.args;
  if (e.fn !== 'select' || otherwise !== 0) return undefined;
  if (typeof division !== 'object' || division.fn !== 'divide') return undefined;
  if (typeof condition !== 'object' || condition.fn !== 'greater' || condition.args[1] !== 0)
    return undefined;
  const [size] = condition.args;
  const isItsDenominator = typeof size === 'object' && size.fn === 'abs' && size.args[0] === division.args[1];
  return isItsDenominator ? division : undefined;
}

/** In how many places each expression is used; a guarded division counts as one. */
function countUses(outputs: readonly Operand[]): Map<Expr, number> {
  const uses = new Map<Expr, number>();
  const visit = (e: Operand): void => {
    if (typeof e === 'number') return;
    const before = uses.get(e) ?? 0;
    uses.set(e, before + 1);
    if (before > 0 || e.fn === 'leaf') return;
    for (const argument of (guardedDivision(e) ?? e).args) visit(argument);
  };
  for (const output of outputs) visit(output);
  return uses;
}

/** Constants of a trace carry the marks of several hyper-parameters: six digits are what a reader needs. */
const numberText = (x: number): string => String(Number(x.toPrecision(6)));
