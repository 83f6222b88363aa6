import { contours } from 'd3-contour';
import type { Landscape, Window } from './contours-landscape.ts';

/** A corner of an isoline; an isoline of several parts has a number for each. */
export interface IsolineRow {
  readonly line: number;
  readonly corner: number;
  readonly x: number;
  readonly y: number;
  /** Place among the levels, from 0. */
  readonly rank: number;
}

type Position = readonly [x: number, y: number];

const cells = 240;
/** A fifth of a pixel of a figure of usual width, in parts of the window. */
const flat = 1 / 4000;

/** Isolines in the window; where they leave it they go on outside, to be clipped. */
export function isolinesOf({
  value,
  window,
  levels,
}: Pick<Landscape, 'value' | 'window' | 'levels'>): IsolineRow[] {
  // They are closed along the edge of the grid: it lies a cell outside of the window.
  const size = cells + 3;
  const place = (range: Window['x'], at: number): number =>
    range[0] + ((range[1] - range[0]) * (at - 1)) / cells;
  // Roots are closer to linear between the grid's points, which gives smooth lines in a narrow valley.
  const root = levels[0]! > 0 ? Math.sqrt : (v: number) => v;
  const values = Array.from({ length: size * size }, (_, i) =>
    root(value(place(window.x, i % size), place(window.y, Math.floor(i / size)))),
  );
  const shapes = contours().size([size, size]).thresholds(levels.map(root))(values);
  const rings = shapes.flatMap(({ coordinates }, rank) =>
    coordinates.flat().map((ring) => ({ ring: ring as unknown as Position[], rank })),
  );
  // d3-contour has the value of cell 0 at 0.5, and the edge of the grid is one of its lines too.
  const seen = rings.filter(({ ring }) =>
    ring.some((corner) => corner.every((at) => at > 1 && at < size - 1)),
  );
  return seen.flatMap(({ ring, rank }, line) =>
    withoutFlatCorners(ring, flat * cells).map(([i, j], corner) => ({
      ...{ line, corner, rank },
      x: rounded(place(window.x, i - 0.5)),
      y: rounded(place(window.y, j - 0.5)),
    })),
  );
}

/** A line that goes nowhere farther than `most` from the given one (Ramer, Douglas and Peucker). */
function withoutFlatCorners(corners: readonly Position[], most: number): Position[] {
  const [first, last] = [corners[0]!, corners.at(-1)!];
  const [dx, dy] = [last[0] - first[0], last[1] - first[1]];
  const length = Math.hypot(dx, dy);
  const distance = ([x, y]: Position): number =>
    length === 0
      ? Math.hypot(x - first[0], y - first[1])
      : Math.abs(dx * (y - first[1]) - dy * (x - first[0])) / length;
  const distances = corners.map(distance);
  const farthest = distances.indexOf(Math.max(...distances));
  if (corners.length < 3 || distances[farthest]! <= most) return [first, last];
  return [
    ...withoutFlatCorners(corners.slice(0, farthest + 1), most).slice(0, -1),
    ...withoutFlatCorners(corners.slice(farthest), most),
  ];
}

const rounded = (coordinate: number): number => Number(coordinate.toFixed(4));
