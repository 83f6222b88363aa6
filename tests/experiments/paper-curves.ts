import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

/** A curve read off one of the paper's figures: y by x. */
export function paperCurve(figure: string, curve: string): Map<number, number> {
  const file = new URL('../../experiments/paper/adam-curves.csv', import.meta.url);
  const rows: Record<string, string>[] = parse(readFileSync(file), { columns: true });
  return new Map(
    rows.filter((r) => r.figure === figure && r.curve === curve).map((r) => [Number(r.x), Number(r.y)]),
  );
}

/** Median of |log(ours / paper's)| over the points that both have. */
export function medianLogRatio(
  ours: ReadonlyMap<number, number>,
  paper: ReadonlyMap<number, number>,
): number {
  const ratios = [...paper].flatMap(([x, y]) => (ours.has(x) ? [Math.abs(Math.log(ours.get(x)! / y))] : []));
  if (ratios.length === 0) return Number.NaN;
  return ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)]!;
}
