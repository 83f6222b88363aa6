import {
  type Point,
  type Quantity,
  quantitiesOf,
  type ResultTables,
  runsOf,
  seriesOf,
} from '../results/read-tables.ts';
import type { RunInfo } from '../results/run-info.ts';
import { distinguishing, type SeedGroup, seedGroups } from '../results/seed-groups.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { type Pair, pairGroups } from './pair-groups.ts';
import { changesOf, namesOf, type PairNames } from './pair-names.ts';

/** What one side has of a row: the spread over its seeds. */
export interface Side {
  readonly engine: string | undefined;
  readonly seeds: readonly number[];
  /** That the other side lacks: nothing of the row is made from them. None where the two have no seed in common. */
  readonly seedsLeftOut: readonly number[];
  /** Of the compared quantity at the compared epoch; infinite where a run diverged before. */
  readonly value: Spread;
  /** Of training alone, for one epoch (of a problem: one step); undefined where no times are known. */
  readonly secondsPerEpoch: number | undefined;
}

/** The same settings on both sides, or, of one setting each, what the optimizer's name stands for. */
export interface Comparison {
  readonly optimizer: string;
  /** What tells the row from others of the optimizer on either side, and where the two sides differ: `path` of A and of B. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly changed: Readonly<Record<string, readonly [a: unknown, b: unknown]>>;
  readonly quantity: Quantity;
  /** The last that every run of both sides has, but for those that diverged; 0 where all did at once. */
  readonly epoch: number;
  readonly a: Side;
  readonly b: Side;
  /** B's median over A's, less 1; infinite where only one of them diverged, negative where A did. */
  readonly difference: number;
  /** Whether the ranges over the seeds overlap; undefined with one seed on both sides. */
  readonly withinSpread: boolean | undefined;
  /** Of |ln(b / a)| over all epochs that a seed has on both sides; undefined where no value is above 0. */
  readonly largestLogRatio: number | undefined;
  /** Every value that a seed has on both sides is the same number, and each seed diverged on both or neither. */
  readonly same: boolean;
}

export interface Compared {
  readonly rows: readonly Comparison[];
  /** Settings with runs on both sides that have no epoch with a value in common. */
  readonly notComparable: readonly PairNames[];
  /** Settings that only one side has, by optimizer; with a count of their runs. */
  readonly onlyA: Readonly<Record<string, number>>;
  readonly onlyB: Readonly<Record<string, number>>;
  /** Runs left out as nothing of the quantity was measured of them, by optimizer: begun, waiting or failed. */
  readonly withoutValueA: Readonly<Record<string, number>>;
  readonly withoutValueB: Readonly<Record<string, number>>;
}

/**
 * Matches the runs of two tables by optimizer and settings, those of one engine first; where an optimizer is left with one
 * setting on each side, these are compared, and what changed is named.
 */
export function compareTables(a: ResultTables, b: ResultTables): Compared {
  const groups = [measured(a), measured(b)] as const;
  const { pairs, onlyA, onlyB } = pairGroups(...groups);
  const quantity = quantityOf(a, b);
  const told = groups.map(toldOf) as [Told, Told];
  return {
    ...rowsOf(pairs, [a, b], quantity, told),
    ...{
      onlyA: countOf(onlyA.flatMap(({ runs }) => runs)),
      onlyB: countOf(onlyB.flatMap(({ runs }) => runs)),
    },
    withoutValueA: withoutValue(a, a.runs, quantity),
    withoutValueB: withoutValue(b, b.runs, quantity),
  };
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
  const pairs = a === undefined || b === undefined ? [] : [{ a, b }];
  const compared = rowsOf(pairs, [tables, tables], quantity, [new Map(), new Map()]);
  return {
    ...{ ...compared, onlyA: {}, onlyB: {} },
    withoutValueA: withoutValue(tables, runsOf(tables, first), quantity),
    withoutValueB: withoutValue(tables, runsOf(tables, second), quantity),
  };
}

type Told = ReadonlyMap<SeedGroup, ReadonlyMap<string, unknown>>;

function toldOf(groups: readonly SeedGroup[]): Told {
  const told = distinguishing(groups);
  return new Map(groups.map((group, i) => [group, told[i]!]));
}

/** A run that diverged is a result without any value too: nothing is lower than no value, so it counts as infinite. */
const isResult = (tables: ResultTables, run: RunInfo, quantity: Quantity): boolean =>
  run.status === 'diverged' || seriesOf(tables, run, quantity).length > 0;

/** Nothing where no quantity is there to be compared: then no run is left out for the lack of one. */
const withoutValue = (tables: ResultTables, runs: readonly RunInfo[], quantity: Quantity | undefined) =>
  countOf(runs.filter((run) => quantity !== undefined && !isResult(tables, run, quantity)));

function endOf(tables: ResultTables, { runs }: SeedGroup, quantity: Quantity): number {
  const ends = runs
    .filter((run) => isResult(tables, run, quantity))
    .map((run) => (run.status === 'diverged' ? undefined : seriesOf(tables, run, quantity).at(-1)?.value))
    .map((value) => value ?? Number.POSITIVE_INFINITY);
  return ends.length === 0 ? Number.POSITIVE_INFINITY : spreadOf(ends).median;
}

const measured = (tables: ResultTables): SeedGroup[] =>
  seedGroups(tables.runs).filter(({ runs }) =>
    runs.some(({ epochsDone, status }) => epochsDone > 0 || status === 'diverged'),
  );

function countOf(runs: readonly RunInfo[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { optimizer } of runs) counts[optimizer] = (counts[optimizer] ?? 0) + 1;
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

function rowsOf(
  pairs: readonly Pair[],
  tables: readonly [a: ResultTables, b: ResultTables],
  quantity: Quantity | undefined,
  told: readonly [a: Told, b: Told],
): Pick<Compared, 'rows' | 'notComparable'> {
  const rows: Comparison[] = [];
  const notComparable: PairNames[] = [];
  for (const pair of pairs) {
    const names = namesOf(pair, told[0].get(pair.a), told[1].get(pair.b));
    const numbers = quantity && numbersOf(pair, tables, quantity);
    if (numbers === undefined) notComparable.push(names);
    else rows.push({ ...names, changed: changesOf(pair), ...numbers });
  }
  return { rows, notComparable };
}

type Numbers = Omit<Comparison, 'optimizer' | 'settings' | 'changed'>;

/** Over the seeds that both sides have; where there is none, over all of each. Undefined without a common epoch. */
function numbersOf(
  pair: Pair,
  tables: readonly [a: ResultTables, b: ResultTables],
  quantity: Quantity,
): Numbers | undefined {
  const all = [pair.a, pair.b].map(({ runs }, i) =>
    runs
      .filter((run) => isResult(tables[i]!, run, quantity))
      .map((run): Series => ({ run, points: seriesOf(tables[i]!, run, quantity) })),
  ) as [Series[], Series[]];
  const [left, right] = commonSeeds(all);
  if (left.length === 0 || right.length === 0) return undefined;
  const allDiverged = [...left, ...right].every(hasDiverged);
  const epoch = lastCommon([...left, ...right]) ?? (allDiverged ? 0 : undefined);
  if (epoch === undefined) return undefined;
  const spreadAt = (side: readonly Series[]): Spread =>
    spreadOf(side.map((one) => (allDiverged ? Number.POSITIVE_INFINITY : valueAt(one, epoch))));
  const [x, y] = [spreadAt(left), spreadAt(right)];
  const likes = left.flatMap((one) => {
    const like = right.find((other) => other.run.seed === one.run.seed);
    return like === undefined ? [] : [[one, like] as const];
  });
  const ratios = likes.flatMap(([one, like]) => pointPairs(one.points, like.points));
  const logs = ratios.filter(([p, q]) => p > 0 && q > 0).map(([p, q]) => Math.abs(Math.log(q / p)));
  const several = left.length > 1 || right.length > 1;
  const difference = differenceOf(x.median, y.median);
  return {
    ...{ quantity, epoch, difference },
    a: { ...sideOf(left, all[0]), value: x },
    b: { ...sideOf(right, all[1]), value: y },
    withinSpread: several ? x.min <= y.max && y.min <= x.max : undefined,
    largestLogRatio: logs.length === 0 ? undefined : Math.max(...logs),
    // One that diverged where the other went on has the same values up to there.
    same: likes.length > 0 && likes.every(([one, like]) => isSame(one, like, epoch)),
  };
}

function differenceOf(a: number, b: number): number {
  if (a === b) return 0;
  return Number.isFinite(a) ? b / a - 1 : Number.NEGATIVE_INFINITY;
}

const hasDiverged = ({ run }: Series): boolean => run.status === 'diverged';

function isSame(one: Series, like: Series, epoch: number): boolean {
  const end = ({ points }: Series): number => points.at(-1)?.epoch ?? 0;
  const isEndSame =
    hasDiverged(one) && hasDiverged(like)
      ? end(one) === end(like)
      : Object.is(valueAt(one, epoch), valueAt(like, epoch));
  return isEndSame && pointPairs(one.points, like.points).every(([p, q]) => Object.is(p, q));
}

interface Series {
  readonly run: RunInfo;
  readonly points: readonly Point[];
}

function commonSeeds(all: readonly [Series[], Series[]]): readonly [Series[], Series[]] {
  const [left, right] = all.map((side, i) =>
    side.filter(({ run }) => all[1 - i]!.some((other) => other.run.seed === run.seed)),
  ) as [Series[], Series[]];
  return left.length === 0 ? all : [left, right];
}

/** Infinite where the run diverged at this epoch or before. */
function valueAt({ points }: Series, at: number): number {
  const value = points.find(({ epoch }) => epoch === at)?.value ?? Number.NaN;
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}

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

function sideOf(used: readonly Series[], all: readonly Series[]): Omit<Side, 'value'> {
  const runs = used.map(({ run }) => run);
  const times = runs.flatMap(({ seconds, epochsDone }) =>
    seconds === undefined || epochsDone === 0 ? [] : [seconds.train / epochsDone],
  );
  return {
    engine: runs.find(({ engine }) => engine !== undefined)?.engine,
    seeds: runs.map(({ seed }) => seed),
    seedsLeftOut: all.filter((one) => !used.includes(one)).map(({ run }) => run.seed),
    secondsPerEpoch: times.length === 0 ? undefined : spreadOf(times).median,
  };
}
