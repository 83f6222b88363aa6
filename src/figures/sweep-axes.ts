import type { DecayKind } from './sweep.ts';

/** Axes of learning rates and weight decays, which are powers of two of a thousandth in AdamW 2019. */

const unit = 0.001;

/** `1/8`, `4` or `0.3`, in thousandths for rates. */
export function multipleText(value: number, kind: DecayKind | 'lr'): string {
  const multiple = kind === 'normalized' ? value : value / unit;
  const parts = Math.round(1 / multiple);
  const isFraction = parts > 1 && Number.isFinite(parts) && Math.abs(multiple * parts - 1) < 1e-6;
  return isFraction ? `1/${parts}` : String(Number(multiple.toPrecision(4)));
}

const names = {
  lr: 'learning rate',
  l2: 'L2 factor',
  decoupled: 'weight decay',
  normalized: 'normalized decay',
};

export const axisTitle = (kind: DecayKind | 'lr'): string =>
  kind === 'normalized' ? names[kind] : `${names[kind]} / ${unit}`;

/** An ordinal axis: zero has a place on it, and powers of two are equally far apart. */
export function ordinalAxis(values: readonly number[], kind: DecayKind | 'lr') {
  const texts = Object.fromEntries(values.map((value) => [value, multipleText(value, kind)]));
  return {
    type: 'ordinal',
    sort: [...values],
    scale: { domain: [...values] },
    axis: {
      ...{ title: axisTitle(kind), labelExpr: `(${JSON.stringify(texts)})[datum.value]` },
      ...{ labelAngle: 0, labelOverlap: true },
    },
  } as const;
}
