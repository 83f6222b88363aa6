import { type Point, type Quantity, type ResultTables, seriesOf } from '../results/read-tables.ts';
import type { RunInfo } from '../results/run-info.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import type { Pair } from './pair-groups.ts';

/** What two groups of runs have in common, and how far they are apart. */

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

export interface Numbers {
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

/** A run that diverged is a result without any value too: nothing is lower than no value, so it counts as infinite. */
export const isResult = (tables: ResultTables, run: RunInfo, quantity: Quantity): boolean =>
  run.status === 'diverged' || seriesOf(tables, run, quantity).length > 0;

/** Over the seeds that both sides have; where there is none, over all of each. Undefined without a common epoch. */
export function numbersOf(
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
  const going = all.filter((one) => !hasDiverged(one));
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
