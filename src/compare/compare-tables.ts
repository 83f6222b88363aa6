import { type Quantity, quantitiesOf, type ResultTables, runsOf, seriesOf } from '../results/read-tables.ts';
import type { RunInfo } from '../results/run-info.ts';
import { distinguishing, type SeedGroup, seedGroups } from '../results/seed-groups.ts';
import { spreadOf } from '../statistics.ts';
import { isResult, type Numbers, numbersOf } from './numbers.ts';
import { type Pair, pairGroups } from './pair-groups.ts';
import { changesOf, namesOf, type PairNames } from './pair-names.ts';

/** The same settings on both sides, or, of one setting each, what the optimizer's name stands for. */
export interface Comparison extends Numbers {
  readonly optimizer: string;
  /** What tells the row from others of the optimizer on either side, and where the two sides differ: `path` of A and of B. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly changed: Readonly<Record<string, readonly [a: unknown, b: unknown]>>;
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
