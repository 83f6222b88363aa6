import {
  distinguishing,
  type Point,
  type Quantity,
  quantitiesOf,
  type ResultTables,
  type SeedGroup,
  seedGroups,
  seriesOf,
} from '../results/read-tables.ts';
import { type Spread, spreadOf } from '../statistics.ts';

/** What one side has of a row: the spread over its seeds. */
export interface Side {
  readonly engine: string | undefined;
  readonly seeds: readonly number[];
  /** Of the compared quantity at the compared epoch; infinite where a run diverged before. */
  readonly value: Spread;
  /** Of training alone, for one epoch (of a problem: one step); undefined where no times are known. */
  readonly secondsPerEpoch: number | undefined;
}

/** The same settings on both sides, or, of one setting each, what the optimizer's name stands for. */
export interface Comparison {
  readonly optimizer: string;
  /** What tells the row from others of the optimizer, and where the two sides differ: `path` of A and of B. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly changed: Readonly<Record<string, readonly [a: unknown, b: unknown]>>;
  readonly quantity: Quantity;
  /** The last that every run of both sides has, but for those that diverged. */
  readonly epoch: number;
  readonly a: Side;
  readonly b: Side;
  /** B's median over A's, less 1. */
  readonly difference: number;
  /** Whether the ranges over the seeds overlap; undefined with one seed on both sides. */
  readonly withinSpread: boolean | undefined;
  /** Of |ln(b / a)| over all epochs that a seed has on both sides; undefined where no value is above 0. */
  readonly largestLogRatio: number | undefined;
  /** Every value that a seed has on both sides is the same number. */
  readonly same: boolean;
}

export interface Compared {
  readonly rows: readonly Comparison[];
  /** Settings that only one side has, by optimizer; with a count of their runs. */
  readonly onlyA: Readonly<Record<string, number>>;
  readonly onlyB: Readonly<Record<string, number>>;
}

interface Pair {
  readonly a: SeedGroup;
  readonly b: SeedGroup;
}

/**
 * Matches the runs of two tables by optimizer and settings, whatever their engines; where an optimizer is left with one
 * setting on each side, these are compared, and what changed is named.
 */
export function compareTables(a: ResultTables, b: ResultTables): Compared {
  const left = measured(a);
  const right = measured(b);
  const pairs: Pair[] = [];
  const take = (group: SeedGroup, other: SeedGroup): void => {
    pairs.push({ a: group, b: other });
    left.splice(left.indexOf(group), 1);
    right.splice(right.indexOf(other), 1);
  };
  for (const group of [...left]) {
    const same = right.find((other) => settingsKey(other) === settingsKey(group));
    if (same !== undefined) take(group, same);
  }
  for (const group of [...left]) {
    const alike = (other: SeedGroup): boolean => other.optimizer === group.optimizer;
    const others = right.filter(alike);
    if (left.filter(alike).length === 1 && others.length === 1) take(group, others[0]!);
  }
  return { rows: rowsOf(pairs, a, b), onlyA: countOf(left), onlyB: countOf(right) };
}

/** Two optimizers of one experiment; of several settings each is there with the one whose last value is lowest. */
export function compareOptimizers(tables: ResultTables, first: string, second: string): Compared {
  const quantity = quantityOf(tables, tables)!;
  const bestOf = (optimizer: string): SeedGroup[] => {
    const ends = measured(tables)
      .filter((group) => group.optimizer === optimizer)
      .map((group) => ({ group, end: endOf(tables, group, quantity) }))
      .sort((x, y) => x.end - y.end);
    return ends.slice(0, 1).map(({ group }) => group);
  };
  const [[a], [b]] = [bestOf(first), bestOf(second)];
  const rows = a === undefined || b === undefined ? [] : rowsOf([{ a, b }], tables, tables);
  return { rows, onlyA: {}, onlyB: {} };
}

const endOf = (tables: ResultTables, { runs }: SeedGroup, quantity: Quantity): number =>
  spreadOf(
    runs.map((run) =>
      run.status === 'diverged'
        ? Number.POSITIVE_INFINITY
        : (seriesOf(tables, run, quantity).at(-1)?.value ?? Number.POSITIVE_INFINITY),
    ),
  ).median;

const measured = (tables: ResultTables): SeedGroup[] =>
  seedGroups(tables.runs).filter(({ runs }) =>
    runs.some(({ epochsDone, status }) => epochsDone > 0 || status === 'diverged'),
  );

/** All settings but the engine, which is what two folders may differ in. */
const settingsKey = ({ optimizer, settings }: SeedGroup): string =>
  JSON.stringify([optimizer, ...[...settings].filter(([path]) => path !== 'engine')]);

function countOf(groups: readonly SeedGroup[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { optimizer, runs } of groups) counts[optimizer] = (counts[optimizer] ?? 0) + runs.length;
  return counts;
}

/** The minibatch cost where both have it, else the first quantity that both have. */
function quantityOf(a: ResultTables, b: ResultTables): Quantity | undefined {
  const theirs = quantitiesOf(b);
  const common = quantitiesOf(a).filter(({ split, metric }) =>
    theirs.some((other) => other.split === split && other.metric === metric),
  );
  return common.find(({ metric }) => metric === 'minibatch-cost') ?? common[0];
}

function rowsOf(pairs: readonly Pair[], a: ResultTables, b: ResultTables): Comparison[] {
  const quantity = quantityOf(a, b);
  if (quantity === undefined) return [];
  const told = distinguishing(pairs.map((pair) => pair.a));
  return pairs.flatMap((pair, i) => {
    const left = pair.a.runs.map((run) => ({ run, points: seriesOf(a, run, quantity) }));
    const right = pair.b.runs.map((run) => ({ run, points: seriesOf(b, run, quantity) }));
    const epoch = lastCommon([...left, ...right]);
    if (epoch === undefined) return [];
    const at = ({ points }: Series): number =>
      points.find((point) => point.epoch === epoch)?.value ?? Number.POSITIVE_INFINITY;
    const [x, y] = [left, right].map((series) => spreadOf(series.map(at))) as [Spread, Spread];
    const ratios = left.flatMap(({ run, points }) =>
      pointPairs(points, right.find((other) => other.run.seed === run.seed)?.points ?? []),
    );
    const logs = ratios.filter(([p, q]) => p > 0 && q > 0).map(([p, q]) => Math.abs(Math.log(q / p)));
    const several = left.length > 1 || right.length > 1;
    return [
      {
        ...{ optimizer: nameOf(pair), quantity, epoch },
        settings: Object.fromEntries([...told[i]!].filter(([path]) => path !== 'engine')),
        changed: changesOf(pair),
        a: { ...sideOf(pair.a), value: x },
        b: { ...sideOf(pair.b), value: y },
        difference: x.median === y.median ? 0 : y.median / x.median - 1,
        withinSpread: several ? x.min <= y.max && y.min <= x.max : undefined,
        largestLogRatio: logs.length === 0 ? undefined : Math.max(...logs),
        same: ratios.length > 0 && ratios.every(([p, q]) => Object.is(p, q)),
      },
    ];
  });
}

interface Series {
  readonly run: SeedGroup['runs'][number];
  readonly points: readonly Point[];
}

const nameOf = ({ a, b }: Pair): string =>
  a.optimizer === b.optimizer ? a.optimizer : `${a.optimizer} | ${b.optimizer}`;

/** The last epoch of every run that has not diverged; where all have, the first side's last one of all. */
function lastCommon(all: readonly Series[]): number | undefined {
  const going = all.filter(({ run }) => run.status !== 'diverged');
  const [first, ...others] = going.length > 0 ? going : all;
  return first?.points
    .map(({ epoch }) => epoch)
    .findLast((epoch) => others.every(({ points }) => points.some((point) => point.epoch === epoch)));
}

function pointPairs(left: readonly Point[], right: readonly Point[]): [number, number][] {
  const values = new Map(right.map(({ epoch, value }) => [epoch, value]));
  return left.flatMap(({ epoch, value }) => {
    const other = values.get(epoch);
    return other === undefined ? [] : [[value, other]];
  });
}

function changesOf({ a, b }: Pair): Comparison['changed'] {
  const paths = new Set([...a.settings.keys(), ...b.settings.keys()]);
  const changes = [...paths]
    .map((path) => [path, [a.settings.get(path) ?? null, b.settings.get(path) ?? null]] as const)
    .filter(([path, [x, y]]) => path !== 'engine' && x !== y);
  return Object.fromEntries(changes);
}

function sideOf({ runs }: SeedGroup): Omit<Side, 'value'> {
  const times = runs.flatMap(({ seconds, epochsDone }) =>
    seconds === undefined || epochsDone === 0 ? [] : [seconds.train / epochsDone],
  );
  return {
    engine: runs.find(({ engine }) => engine !== undefined)?.engine,
    seeds: runs.map(({ seed }) => seed),
    secondsPerEpoch: times.length === 0 ? undefined : spreadOf(times).median,
  };
}
