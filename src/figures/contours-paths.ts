import { type ResultTables, seriesOf } from '../results/read-tables.ts';
import type { RunInfo } from '../results/run-info.ts';
import type { Window } from './contours-landscape.ts';
import type { Line } from './lines.ts';

/** Where an optimizer stood after a step. */
export interface PathPoint {
  readonly step: number;
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

export interface Path {
  readonly curve: string;
  readonly points: readonly PathPoint[];
}

/** A landscape has no randomness: one run stands for all its seeds. */
export function pathsOf(lines: readonly Line[], tables: ResultTables): Path[] {
  return lines.flatMap(({ label, group }) => {
    const [run] = group.runs;
    return run === undefined ? [] : [{ curve: label, points: pathOf(tables, run) }];
  });
}

/** Every measured step at which position and value are finite. */
function pathOf(tables: ResultTables, run: RunInfo): PathPoint[] {
  const byStep = (metric: string): ReadonlyMap<number, number> =>
    new Map(seriesOf(tables, run, { split: 'train', metric }).map(({ step, value }) => [step, value]));
  const [x, y, cost] = [byStep('x'), byStep('y'), byStep('cost')];
  return [...x].flatMap(([step, at]) => {
    const point = { step, x: at, y: y.get(step) ?? Number.NaN, value: cost.get(step) ?? Number.NaN };
    return [point.x, point.y, point.value].every(Number.isFinite) ? [point] : [];
  });
}

export const isWithin = ({ x, y }: Window, point: { readonly x: number; readonly y: number }): boolean =>
  point.x >= x[0] && point.x <= x[1] && point.y >= y[0] && point.y <= y[1];

/** The first measured step outside of the window; undefined for a path that stays within. */
export function leavesAt({ points }: Path, window: Window): PathPoint | undefined {
  return points.find((point) => !isWithin(window, point));
}

/**
 * What has to be drawn of a path: up to where it leaves the window, and of points that lie on one another the first.
 *
 * @param farther the least distance between two drawn points, in parts of the window.
 */
export function drawnPart(points: readonly PathPoint[], window: Window, farther: number): PathPoint[] {
  const [width, height] = [window.x[1] - window.x[0], window.y[1] - window.y[0]];
  const apart = (a: PathPoint, b: PathPoint): number => Math.hypot((a.x - b.x) / width, (a.y - b.y) / height);
  const kept: PathPoint[] = [];
  for (const [i, point] of points.entries()) {
    const last = kept.at(-1);
    if (!isWithin(window, point)) {
      return last === undefined ? [] : [...kept, toward(point, last, 2 / apart(point, last))];
    }
    if (last === undefined || apart(point, last) >= farther || i === points.length - 1) kept.push(point);
  }
  return kept;
}

/** The point itself, or one on the way to it: renderers lose count of pixels far outside of a picture. */
function toward(point: PathPoint, from: PathPoint, share: number): PathPoint {
  if (share >= 1) return point;
  return { ...point, x: from.x + share * (point.x - from.x), y: from.y + share * (point.y - from.y) };
}
