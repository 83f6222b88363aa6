import { groupBy } from '../group-by.ts';
import { canonicalJson } from '../spec/hash.ts';
import type { ResolvedRun } from '../spec/run.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import type { RunSummary } from './cost-table.ts';
import { distinguishingSettings } from './distinguishing-settings.ts';
import { cost, percent } from './format.ts';
import { renderTable } from './table.ts';

/** Runs of one optimizer and setting that differ in the seed alone. */
export interface SeedGroup {
  readonly optimizer: string;
  /** What tells the setting apart from others of the optimizer; '' where it is the only one. */
  readonly told: string;
  readonly seeds: number;
  readonly complete: number;
  readonly diverged: number;
  /** Over the complete runs; null where there is none with a value. */
  readonly minibatchCost: Band | null;
  readonly trainCost: Band | null;
  readonly testError: Band | null;
}

export interface Band extends Spread {
  /** How many runs it is taken over. */
  readonly of: number;
}

/** In the order of the runs. `settings`: what each run was made of. */
export function seedGroups(runs: readonly RunSummary[], settings: readonly ResolvedRun[]): SeedGroup[] {
  const told = distinguishingSettings(settings);
  const rows = runs.map((run, i) => ({
    ...{ run, told: told[i]! },
    alike: canonicalJson({ ...settings[i]!, seed: 0 }),
  }));
  const groups = groupBy(rows, ({ alike }) => alike);
  return [...groups.values()].map((members) => {
    const { run, told: setting } = members[0]!;
    const complete = members.map((member) => member.run).filter(({ status }) => status === 'complete');
    const band = (measure: 'minibatchCost' | 'trainCost' | 'testError') =>
      bandOf(complete.map((one) => one[measure]).filter((value) => value !== null));
    return {
      optimizer: run.optimizer,
      told: setting,
      seeds: members.length,
      complete: complete.length,
      diverged: members.filter((member) => member.run.status === 'diverged').length,
      minibatchCost: band('minibatchCost'),
      trainCost: band('trainCost'),
      testError: band('testError'),
    };
  });
}

function bandOf(values: readonly number[]): Band | null {
  return values.length === 0 ? null : { ...spreadOf(values), of: values.length };
}

/** Above it, a table of settings would be as long as one of runs. */
const mostGroups = 30;

/**
 * One line per optimizer and setting over its seeds; undefined where no setting has several, where there are too many
 * settings, and where nothing is done. What diverged is counted beside the values and is in none of them.
 */
export function seedTable(runs: readonly RunSummary[], settings: readonly ResolvedRun[]): string | undefined {
  const groups = seedGroups(runs, settings);
  if (groups.length > mostGroups || groups.every(({ seeds }) => seeds === 1)) return undefined;
  if (groups.every(({ complete, diverged }) => complete + diverged === 0)) return undefined;
  const withSettings = groups.some((group) => group.told !== '');
  const table = renderTable(
    [
      { title: 'optimizer' },
      ...(withSettings ? [{ title: 'setting' }] : []),
      { title: 'seeds', align: 'right' },
      { title: 'minibatch cost' },
      { title: 'train cost' },
      { title: 'test error' },
      { title: '' },
    ],
    groups.map((group) => [
      group.optimizer,
      ...(withSettings ? [group.told] : []),
      String(group.seeds),
      bandText(group.minibatchCost, cost),
      bandText(group.trainCost, cost),
      bandText(group.testError, percent),
      exceptionText(group),
    ]),
  );
  return `Over the seeds, median (lowest to highest) of the complete runs:\n\n${table}`;
}

function bandText(band: Band | null, format: (value: number) => string): string {
  if (band === null) return '-';
  const { median, min, max, of } = band;
  return of === 1 ? format(median) : `${format(median)} (${format(min)} to ${format(max)})`;
}

function exceptionText({ seeds, complete, diverged }: SeedGroup): string {
  const open = seeds - complete - diverged;
  const parts = [
    ...(diverged > 0 ? [`${diverged} of ${seeds} diverged`] : []),
    ...(open > 0 ? [`${open} of ${seeds} not done`] : []),
  ];
  return parts.join(', ');
}
