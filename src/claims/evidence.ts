import { type Point, type ResultTables, runsOf, seriesOf } from '../results/read-tables.ts';
import { isFinished, type RunInfo, settingsOf } from '../results/run-info.ts';
import { type SeedGroup, seedGroups } from '../results/seed-groups.ts';
import type { SeedValues } from './checks.ts';
import { NotEnough } from './claim.ts';

/** What criteria ask of the tables. Each throws NotEnough where the answer is not there. */

/**
 * The runs of an optimizer in one setting. Of several, which there are only where none is the spec's (`specRuns`), it is
 * the one with the most epochs, and of these the first of the table, which is that of the last command.
 */
export function runsOfSetting(tables: ResultTables, optimizer: string): readonly RunInfo[] {
  const [first, ...others] = settingGroups(tables, optimizer);
  return others.reduce((best, group) => (epochsOf(group) > epochsOf(best) ? group : best), first!).runs;
}

/** All settings of an optimizer. */
export function settingGroups(tables: ResultTables, optimizer: string): SeedGroup[] {
  const groups = seedGroups(runsOf(tables, optimizer));
  if (groups.length === 0) throw new NotEnough(`no run of ${optimizer}`);
  return groups;
}

const epochsOf = ({ runs }: SeedGroup): number => runs[0]!.epochs;

/**
 * The mean of a quantity over an inclusive range of epochs, for each seed; infinite where the run diverged before its end.
 * `epochs` may be one number.
 */
export function valuesAt(
  tables: ResultTables,
  optimizer: string,
  metric: string,
  epochs: number | readonly [first: number, last: number],
  name = optimizer,
): SeedValues {
  const runs = runsOfSetting(tables, optimizer);
  return { name, bySeed: new Map(runs.map((run) => [run.seed, valueAt(tables, run, metric, epochs)])) };
}

export function valueAt(
  tables: ResultTables,
  run: RunInfo,
  metric: string,
  epochs: number | readonly [first: number, last: number],
  split = 'train',
): number {
  const [first, last] = typeof epochs === 'number' ? [epochs, epochs] : epochs;
  const points = seriesOf(tables, run, { split, metric }).filter(
    ({ epoch }) => epoch >= first && epoch <= last,
  );
  // A run that diverged has no value after that: nothing is lower than no value, so it counts as infinite.
  if (points.some(({ value }) => !Number.isFinite(value))) return Number.POSITIVE_INFINITY;
  if (points.at(-1)?.epoch === last) {
    return points.reduce((sum, { value }) => sum + value, 0) / points.length;
  }
  if (run.status === 'diverged') return Number.POSITIVE_INFINITY;
  throw new NotEnough(
    `too short: ${run.optimizer} has no ${metric} at epoch ${last} (${run.epochsDone} epochs done, ${run.status})`,
  );
}

/** The run of one setting: every value given must be equal. */
export function runWith(
  tables: ResultTables,
  optimizer: string,
  settings: Readonly<Record<string, unknown>>,
): RunInfo {
  const run = runsOf(tables, optimizer).find((candidate) => {
    const own = settingsOf(candidate);
    return Object.entries(settings).every(([path, value]) => own.get(path) === value);
  });
  if (run === undefined) throw new NotEnough(`no run of ${optimizer} with ${JSON.stringify(settings)}`);
  return run;
}

/** Values of a problem's metric by step, of the first run of an optimizer. */
export function stepValues(
  tables: ResultTables,
  run: RunInfo | string,
  metric: string,
): ReadonlyMap<number, number> {
  const info = typeof run === 'string' ? runsOfSetting(tables, run)[0]! : run;
  const points: readonly Point[] = seriesOf(tables, info, { split: 'train', metric });
  if (points.length === 0) throw new NotEnough(`${info.optimizer} has no values of ${metric}`);
  if (!isFinished(info)) {
    throw new NotEnough(`${info.optimizer} is not complete (${info.status})`);
  }
  return new Map(points.map(({ step, value }) => [step, value]));
}

/** The last value of a metric; infinite for a run that diverged. */
export function lastValue(tables: ResultTables, run: RunInfo | string, metric: string): number {
  const values = [...stepValues(tables, run, metric).values()];
  const info = typeof run === 'string' ? runsOfSetting(tables, run)[0]! : run;
  return info.status === 'diverged' ? Number.POSITIVE_INFINITY : values.at(-1)!;
}

/** The largest |a - b| / max(|a|, |b|) over the steps that both have. */
export function largestRelativeDifference(
  a: ReadonlyMap<number, number>,
  b: ReadonlyMap<number, number>,
): number {
  return largest(a, b, (x, y) => Math.abs(x - y) / Math.max(Math.abs(x), Math.abs(y)));
}

export function largestDifference(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): number {
  return largest(a, b, (x, y) => Math.abs(x - y));
}

function largest(
  a: ReadonlyMap<number, number>,
  b: ReadonlyMap<number, number>,
  distance: (x: number, y: number) => number,
): number {
  const shared = [...a].filter(([step]) => b.has(step));
  if (shared.length === 0) throw new NotEnough('the runs have no step in common');
  return Math.max(...shared.map(([step, x]) => (x === b.get(step) ? 0 : distance(x, b.get(step)!))));
}
