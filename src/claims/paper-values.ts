import { paperCurve } from '../paper/index.ts';

/** The mean of a curve of the Adam paper over the points from `first` to `last` of its axis; point k is our epoch k + 1. */
export function paperMean(figure: string, curve: string, first: number, last = first): number {
  const points = pointsOf(figure, curve).filter(({ x }) => x >= first && x <= last);
  if (points.length === 0) throw new Error(`no point ${first} to ${last} in ${curve} of figure ${figure}`);
  return points.reduce((sum, { y }) => sum + y, 0) / points.length;
}

/** The first point of a curve that is at or below a cost. */
export function paperFirstBelow(figure: string, curve: string, cost: number): number | undefined {
  return pointsOf(figure, curve).find(({ y }) => y <= cost)?.x;
}

function pointsOf(figure: string, curve: string) {
  const found = paperCurve({ key: 'adam', figure }, curve);
  if (found === undefined) throw new Error(`no curve ${curve} in figure ${figure}`);
  return found.points;
}
