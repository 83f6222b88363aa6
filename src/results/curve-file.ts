import type { CurveRow } from '../training/trial-events.ts';

/** First line of every curve.csv. */
export const curveHeader = 'epoch,step,split,metric,value\n';

/** Rows as lines of curve.csv; numbers in JavaScript's shortest form that reads back to the same float64. */
export function curveLines(rows: readonly CurveRow[]): string {
  return rows
    .map(({ epoch, step, split, metric, value }) => `${epoch},${step},${split},${metric},${value}\n`)
    .join('');
}

/** The lines of a curve.csv without the header and without line ends. */
export function linesOfCurve(text: string): string[] {
  return text.slice(curveHeader.length).split('\n').slice(0, -1);
}
