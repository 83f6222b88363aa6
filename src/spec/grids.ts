import { z } from 'zod';
import { checkAgainst, valueAt } from './check.ts';
import { gridSchema } from './entry-schema.ts';
import { type Mistake, pathText, type SpecIssue, type SpecPath } from './issue.ts';
import { type Merged, startsWith } from './merge.ts';
import { withOverride } from './overrides.ts';
import { isEntries, unknownKey } from './rules.ts';

/** Values of one setting, all of which are run. */
export interface Axis {
  /** Of the setting in the spec. */
  readonly path: SpecPath;
  /** Where the list of its values stands. */
  readonly list: SpecPath;
  readonly values: readonly unknown[];
}

export interface Grids {
  /** Of the whole experiment. */
  readonly shared: readonly Axis[];
  readonly byOptimizer: ReadonlyMap<string, readonly Axis[]>;
}

/** All optimizers with one point of the grid of the whole experiment. */
export interface Block {
  /** Each has one point of every optimizer's own grid; an optimizer with fewer points repeats its last one. */
  readonly rounds: readonly Merged[];
}

/** Beyond it a list is a mistake in a spec rather than a plan. */
export const mostRuns = 100_000;

const sharedRoots = ['data', 'model', 'training', 'evaluation'];
const fixedOfEntry = ['rule', 'label', 'grid', 'paperCurve'];

/** How many points an optimizer's own grid has; 1 without a grid. */
export function pointsOf({ byOptimizer }: Grids, optimizer: string): number {
  return sizeOf(byOptimizer.get(optimizer) ?? []);
}

const sizeOf = (axes: readonly Axis[]): number => axes.reduce((size, { values }) => size * values.length, 1);

/** The grids in a spec's merged data; a list that makes no sense is named, and left out. */
export function gridsOf(merged: Merged): { grids: Grids; issues: SpecIssue[] } {
  const { data } = merged;
  const mistakes: Mistake[] = [];
  const axesAt = (path: SpecPath): Axis[] => {
    const grid = valueAt(data, [...path, 'grid']);
    if (grid === undefined) return [];
    const found = listMistakes([...path, 'grid'], grid);
    mistakes.push(...found);
    if (!isEntries(grid)) return [];
    return Object.entries(grid).flatMap(([key, values]): Axis[] => {
      const list = [...path, 'grid', key];
      const mistake = pathMistake(path, key);
      if (mistake !== undefined) mistakes.push(mistake);
      if (mistake !== undefined || found.some((m) => startsWith(m.path, list))) return [];
      return [{ path: [...path, ...key.split('.')], list, values: values as unknown[] }];
    });
  };
  const shared = axesAt([]);
  const entries = isEntries(data) && isEntries(data.optimizers) ? Object.keys(data.optimizers) : [];
  const byOptimizer = new Map(entries.map((name) => [name, axesAt(['optimizers', name])]));
  const seeds = valueAt(data, ['seeds']);
  const each = [...byOptimizer.values()].reduce((sum, axes) => sum + sizeOf(axes), 0);
  const runs = sizeOf(shared) * each * (Array.isArray(seeds) ? seeds.length : 1);
  if (runs > mostRuns) {
    const all = [...shared, ...[...byOptimizer.values()].flat()];
    const longest = all.reduce((a, b) => (b.values.length > a.values.length ? b : a));
    const message = `the grids make ${runs.toLocaleString('en-US')} runs: at most ${mostRuns.toLocaleString('en-US')} are possible`;
    mistakes.push({ code: 'invalid-value', path: longest.list, at: 'key', message });
  }
  const issues = mistakes.map(({ at, ...mistake }) => ({ ...mistake, ...merged.place(mistake.path, at) }));
  const none = { shared: [], byOptimizer: new Map() };
  return { grids: runs > mostRuns ? none : { shared, byOptimizer }, issues };
}

function listMistakes(path: SpecPath, grid: unknown): Mistake[] {
  const around = <T>(inner: T, wrap: (key: string, inner: T) => T): T =>
    path.reduceRight((value, key) => wrap(String(key), value), inner);
  const schema = around<z.ZodType>(gridSchema, (key, inner) => z.object({ [key]: inner }));
  return checkAgainst(
    schema,
    around<unknown>(grid, (key, inner) => ({ [key]: inner })),
  ).mistakes;
}

function pathMistake(path: SpecPath, key: string): Mistake | undefined {
  const at = [...path, 'grid'];
  const [root, ...rest] = key.split('.');
  if (path.length === 0 && !sharedRoots.includes(root!)) return unknownKey(at, key, sharedRoots);
  const whole = path.length === 0 && (rest.length === 0 || rest.includes('file'));
  if (
    !whole &&
    !fixedOfEntry.includes(root!) &&
    !key.split('.').some((part) => part === '' || part === '__proto__')
  )
    return undefined;
  const message = `${pathText([...at, key])}: this cannot be a list of values`;
  return { code: 'invalid-value', path: [...at, key], at: 'key', message };
}

interface Assignment extends Axis {
  readonly index: number;
}

/** A spec's data once for every point of its grids, without the grids. */
export function blocksOf(merged: Merged, grids: Grids): Block[] {
  const optimizers = [...grids.byOptimizer];
  const rounds = Math.max(1, ...optimizers.map(([, axes]) => sizeOf(axes)));
  return points(grids.shared).map((shared) => ({
    rounds: Array.from({ length: rounds }, (_, round) => {
      const own = optimizers.flatMap(([, axes]) => pointAt(axes, Math.min(round, sizeOf(axes) - 1)));
      return atPoint(merged, [...shared, ...own]);
    }),
  }));
}

/** A spec's data with the first value of every list, without the grids. */
export function firstPoint(merged: Merged): Merged {
  const { shared, byOptimizer } = gridsOf(merged).grids;
  const axes = [...shared, ...[...byOptimizer.values()].flat()];
  return atPoint(
    merged,
    axes.map((axis) => ({ ...axis, index: 0 })),
  );
}

const points = (axes: readonly Axis[]): Assignment[][] =>
  Array.from({ length: sizeOf(axes) }, (_, i) => pointAt(axes, i));

/** The last axis changes fastest. */
function pointAt(axes: readonly Axis[], index: number): Assignment[] {
  let rest = index;
  return [...axes]
    .reverse()
    .map((axis) => {
      const assignment = { ...axis, index: rest % axis.values.length };
      rest = Math.floor(rest / axis.values.length);
      return assignment;
    })
    .reverse();
}

function atPoint(merged: Merged, assignments: readonly Assignment[]): Merged {
  let data = withoutGrids(merged.data);
  const issues: SpecIssue[] = [];
  for (const { path, list, values, index } of assignments) {
    const applied = withOverride(data, { typed: '', path, value: values[index] });
    data = applied.data;
    if (applied.issue === undefined) continue;
    const { code, message } = applied.issue;
    issues.push({ code, path: list, message, ...merged.place(list, 'key') });
  }
  return {
    ...merged,
    data,
    issues,
    place: (path, at) => {
      const assigned = assignments.findLast((a) => startsWith(path, a.path));
      if (assigned !== undefined) {
        const { list, index } = assigned;
        const rest = path.slice(assigned.path.length);
        return merged.place(at === 'key' && rest.length === 0 ? list : [...list, index, ...rest], at);
      }
      // A map that exists only because something in it has a list of values.
      const inner = assignments.find((a) => startsWith(a.path, path));
      if (inner !== undefined && valueAt(merged.data, path) === undefined)
        return merged.place(inner.list, 'key');
      return merged.place(path, at);
    },
    locate: (path, written) => {
      const assigned = assignments.findLast((a) => startsWith(path, a.path));
      return merged.locate(assigned?.list ?? path, written);
    },
  };
}

function withoutGrids(data: unknown): unknown {
  if (!isEntries(data)) return data;
  const { grid: _, ...rest } = data;
  if (!isEntries(data.optimizers)) return rest;
  const optimizers = Object.entries(data.optimizers).map(([name, entry]) => {
    if (!isEntries(entry)) return [name, entry];
    const { grid: _, ...settings } = entry;
    return [name, settings];
  });
  return { ...rest, optimizers: Object.fromEntries(optimizers) };
}
