import { buildProblem, type ProblemSettings } from '../problems/index.ts';
import type { ResultTables } from '../results/read-tables.ts';
import type { RunInfo } from '../results/run-info.ts';

/** The functions of two numbers that paths are drawn over. */

export interface Window {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

export interface Landscape {
  readonly value: (x: number, y: number) => number;
  /** What is drawn of the plane. */
  readonly window: Window;
  /** Height of a panel by its width. */
  readonly aspect: number;
  /** Paths that swing across all of the plane are told apart only in a panel for each family of rules. */
  readonly byFamily: boolean;
  /** Values of the isolines, ascending. */
  readonly levels: readonly number[];
  /** Minimum or saddle point. */
  readonly goal: { readonly name: string; readonly x: number; readonly y: number };
  readonly start: { readonly x: number; readonly y: number };
}

type LandscapeSettings = Extract<ProblemSettings, { type: 'ravine' | 'beale' | 'saddle' }>;

/** Undefined where the runs are not all on one function of x and y from one start. */
export function landscapeOf({ runs }: ResultTables): Landscape | undefined {
  const [first, ...others] = runs.map(problemOf);
  const same = JSON.stringify(first);
  if (first === undefined || others.some((other) => JSON.stringify(other) !== same)) return undefined;
  const problem = buildProblem(first, 0);
  const unmoved = { step: 0, before: new Float64Array(2), gradient: new Float64Array(2) };
  const value = (x: number, y: number): number =>
    problem.measure({ ...unmoved, parameters: Float64Array.of(x, y) }).cost!;
  const [x, y] = first.start as [number, number];
  const { goal, ...shape } = shapeOf(first);
  const window = holding(holding(shape.window, { x, y }), goal);
  return { value, ...shape, window, levels: levelsOf(first, value, window), goal, start: { x, y } };
}

/** What determines the function of a run and its start; undefined for a run on anything else. */
function problemOf({ model }: RunInfo): LandscapeSettings | undefined {
  const { problem } = model as { problem?: ProblemSettings };
  const known = problem?.type === 'ravine' || problem?.type === 'beale' || problem?.type === 'saddle';
  return known ? problem : undefined;
}

/** Windows about the paths of the shipped experiments; the overview's of Beale's function is wider, about -5 to 5. */
function shapeOf(settings: LandscapeSettings): Pick<Landscape, 'window' | 'aspect' | 'byFamily' | 'goal'> {
  switch (settings.type) {
    case 'ravine': {
      const [a, b] = settings.minimum as [number, number];
      return {
        window: { x: [a - 5, a + 11], y: [b - 1.25, b + 1.25] },
        aspect: 0.3,
        byFamily: true,
        goal: { name: 'minimum', x: a, y: b },
      };
    }
    case 'beale':
      return {
        window: { x: [-1.5, 4.5], y: [-2.5, 2.2] },
        aspect: 0.78,
        byFamily: false,
        goal: { name: 'minimum', x: 3, y: 0.5 },
      };
    case 'saddle':
      return {
        window: { x: [-1, 1.5], y: [-0.5, 1] },
        aspect: 0.6,
        byFamily: false,
        goal: { name: 'saddle point', x: 0, y: 0 },
      };
  }
}

/** The window, enlarged where a start or minimum of another spec would lie at its edge or outside. */
function holding({ x, y }: Window, point: { readonly x: number; readonly y: number }): Window {
  const along = ([low, high]: readonly [number, number], at: number): readonly [number, number] => {
    const margin = 0.06 * (high - low);
    return [Math.min(low, at - margin), Math.max(high, at + margin)];
  };
  return { x: along(x, point.x), y: along(y, point.y) };
}

/** 1, 3, 10, 30 ... over five decades for what has its minimum at 0, equal distances for what goes below. */
function levelsOf({ type }: LandscapeSettings, value: Landscape['value'], { x, y }: Window): number[] {
  const steps = 40;
  const at = ([low, high]: readonly [number, number], i: number): number => low + ((high - low) * i) / steps;
  const values = Array.from({ length: (steps + 1) ** 2 }, (_, i) =>
    value(at(x, i % (steps + 1)), at(y, Math.floor(i / (steps + 1)))),
  );
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (type !== 'saddle') {
    const decade = Math.floor(Math.log10(most));
    const decades = Array.from({ length: 6 }, (_, i) => 10 ** (decade - 5 + i));
    return decades.flatMap((ten) => [ten, 3 * ten]).filter((level) => level < most);
  }
  const step = roundStep((most - least) / 18);
  const first = Math.ceil(least / step);
  return Array.from({ length: Math.floor(most / step) - first + 1 }, (_, i) => (first + i) * step);
}

/** 1, 2 or 5 times a power of ten, at least as large as asked for. */
function roundStep(least: number): number {
  const ten = 10 ** Math.floor(Math.log10(least));
  return ten * ([1, 2, 5].find((factor) => factor * ten >= least) ?? 10);
}
