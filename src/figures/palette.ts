/**
 * One colour and one marker for each family of optimizers, in every figure and table. The colours are those of Okabe and
 * Ito and three of Tol, which people who do not tell red from green tell apart; the markers do the same without colour.
 */

export interface Style {
  /** `#rrggbb` on white. */
  readonly color: string;
  /** Name of a Vega symbol. */
  readonly shape: string;
}

const families: Readonly<Record<string, Style>> = {
  sgd: { color: '#555555', shape: 'circle' },
  momentum: { color: '#56b4e9', shape: 'square' },
  nesterov: { color: '#009e73', shape: 'triangle-up' },
  adagrad: { color: '#0072b2', shape: 'diamond' },
  rmsprop: { color: '#e69f00', shape: 'cross' },
  adadelta: { color: '#cc79a7', shape: 'triangle-down' },
  adam: { color: '#d55e00', shape: 'circle' },
  adamax: { color: '#882255', shape: 'square' },
  nadam: { color: '#999933', shape: 'triangle-right' },
  amsgrad: { color: '#332288', shape: 'triangle-left' },
  adamw: { color: '#a50f15', shape: 'square' },
  sgdw: { color: '#000000', shape: 'triangle-right' },
};

/** For rules of users, in the order in which they are met. */
const others: readonly Style[] = [
  { color: '#117733', shape: 'square' },
  { color: '#7b5e00', shape: 'diamond' },
  { color: '#aa4499', shape: 'cross' },
  { color: '#44aa99', shape: 'circle' },
];

/** How much white is in the lightest shade of a family that has many curves. */
const lightest = 0.72;

const shapes = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down', 'triangle-right'];

/** What a curve belongs to, as far as its colour depends on it. */
export interface Styled {
  /** Name of the rule. */
  readonly rule: string;
  /** Weight decay that is not part of the gradient makes a family of its own: AdamW, SGDW. */
  readonly decoupled?: boolean;
}

/**
 * The styles of the curves of one figure, in their order. Several curves of one family have its colour in lighter and
 * lighter shades, and each a marker of its own.
 */
export function stylesOf(curves: readonly Styled[]): Style[] {
  const seen = new Map<string, number>();
  const sizes = new Map<string, number>();
  for (const curve of curves) sizes.set(familyOf(curve), (sizes.get(familyOf(curve)) ?? 0) + 1);
  const unknown: string[] = [];
  return curves.map((curve) => {
    const family = familyOf(curve);
    const nth = seen.get(family) ?? 0;
    seen.set(family, nth + 1);
    if (families[family] === undefined && !unknown.includes(family)) unknown.push(family);
    const base = families[family] ?? others[unknown.indexOf(family) % others.length]!;
    if (nth === 0) return base;
    const shape = shapes[(shapes.indexOf(base.shape) + 2 * nth + shapes.length) % shapes.length]!;
    return { color: lighter(base.color, Math.min(0.4, lightest / (sizes.get(family)! - 1)) * nth), shape };
  });
}

function familyOf({ rule, decoupled = false }: Styled): string {
  if (!decoupled) return rule;
  if (rule === 'adam') return 'adamw';
  return rule === 'sgd' || rule === 'momentum' || rule === 'nesterov' ? 'sgdw' : rule;
}

/** Mixed with so much white. */
export function lighter(color: string, share: number): string {
  const parts = [1, 3, 5].map((at) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16);
    return Math.round(value + (255 - value) * share)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${parts.join('')}`;
}
