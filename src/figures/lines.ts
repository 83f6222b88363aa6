import type { PaperCurve } from '../paper/index.ts';
import { type Point, type Quantity, type ResultTables, runsOf, seriesOf } from '../results/read-tables.ts';
import type { RunInfo } from '../results/run-info.ts';
import { distinguishing, type SeedGroup, seedGroups } from '../results/seed-groups.ts';
import { shortDigest } from '../results/tables.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import { spreadOf } from '../statistics.ts';
import { type Style, stylesOf } from './palette.ts';

/** What a figure needs to know of an experiment besides its tables. */
export type FigureExperiment = Pick<
  ResolvedExperiment,
  'name' | 'variant' | 'title' | 'paper' | 'profile' | 'optimizers' | 'cuts' | 'runs'
>;

/** All runs of one optimizer with one setting: a line with a band. */
export interface Line {
  readonly label: string;
  readonly style: Style;
  /** With dropout, in a figure that has the same optimizer without it too: same colour, other dash. */
  readonly isDropoutTwin: boolean;
  readonly group: SeedGroup;
  readonly paperCurve: PaperCurve | undefined;
}

/** The values of several seeds at one epoch. */
export interface EpochSpread {
  readonly epoch: number;
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** How many seeds have a finite value here. */
  readonly seeds: number;
}

/** Lines in the given order of labels, the others after them in the order of the spec; runs that it lacks come last. */
export function linesOf(
  experiment: FigureExperiment,
  tables: ResultTables,
  order: readonly string[],
): Line[] {
  const { optimizers, runs } = experiment;
  const place = (name: string): number => {
    const found = optimizers.find((optimizer) => optimizer.name === name);
    const at = order.indexOf(found?.paperCurve?.name ?? found?.label ?? name);
    return at === -1 ? order.length : at;
  };
  const names = [
    ...new Set([...optimizers.map(({ name }) => name), ...tables.runs.map((run) => run.optimizer)]),
  ].sort((a, b) => place(a) - place(b));
  const groups = currentOf(
    experiment,
    names.flatMap((name) => seedGroups(begunOf(runsOf(tables, name)))),
  ).filter((group) => group.runs.length > 0);
  const told = distinguishing(groups);
  const rules = new Map(runs.map((run) => [run.optimizer, run.optimizerSettings.rule]));
  const styled = groups.map(({ optimizer, settings }) => ({
    rule: rules.get(optimizer) ?? optimizer,
    decoupled: String(settings.get('weightDecay.mode')).startsWith('decoupled'),
  }));
  const twins = groups.map((group) => hasDropout(group) && groups.some((other) => !hasDropout(other)));
  const styles = stylesOf(styled);
  for (const twin of [false, true]) {
    const places = [...groups.keys()].filter((i) => twins[i] === twin);
    stylesOf(places.map((i) => styled[i]!)).forEach(({ color }, nth) => {
      const i = places[nth]!;
      styles[i] = { ...styles[i]!, color };
    });
  }
  return groups.map((group, i) => {
    const spec = optimizers.find(({ name }) => name === group.optimizer);
    const settings = [...told[i]!].map(([path, value]) => `${path}=${value}`).join(', ');
    const label = `${spec?.label ?? group.optimizer}${settings === '' ? '' : ` (${settings})`}`;
    return { label, style: styles[i]!, isDropoutTwin: twins[i]!, group, paperCurve: spec?.paperCurve };
  });
}

/** Without those of a rule of the user's own that the experiment has with another content of its file. */
export function currentOf(
  { runs }: Pick<FigureExperiment, 'runs'>,
  groups: readonly SeedGroup[],
): SeedGroup[] {
  const versions = new Map(runs.map((run) => [run.optimizer, run.optimizerSettings.ruleDigest]));
  return groups.filter(({ optimizer, settings }) => {
    const version = versions.get(optimizer);
    return version === undefined || settings.get('ruleDigest') === shortDigest(version);
  });
}

const hasDropout = ({ settings }: SeedGroup): boolean =>
  [...settings].some(([path, rate]) => path.startsWith('model.dropout') && Number(rate) > 0);

/** Seeds that did not begin have no engine yet and would make a line of their own beside those that did. */
function begunOf(runs: readonly RunInfo[]): readonly RunInfo[] {
  const begun = runs.filter(({ engine }) => engine !== undefined);
  return begun.length === 0 ? runs : begun;
}

/** Median, least and greatest of the finite values of all seeds, epoch by epoch. */
export function spreadByEpoch(tables: ResultTables, { runs }: SeedGroup, quantity: Quantity): EpochSpread[] {
  const byEpoch = new Map<number, number[]>();
  for (const run of runs) {
    for (const { epoch, value } of seriesOf(tables, run, quantity)) {
      if (!Number.isFinite(value)) continue;
      if (!byEpoch.has(epoch)) byEpoch.set(epoch, []);
      byEpoch.get(epoch)!.push(value);
    }
  }
  return [...byEpoch]
    .sort(([a], [b]) => a - b)
    .map(([epoch, values]) => {
      const { median, min, max } = spreadOf(values);
      return { epoch, median, low: min, high: max, seeds: values.length };
    });
}

/** Where the runs that diverged end: the last finite value of each that has one. */
export function endsOf(
  tables: ResultTables,
  { runs }: SeedGroup,
  quantity: Quantity,
): { readonly run: RunInfo; readonly point: Point }[] {
  return runs
    .filter(({ status }) => status === 'diverged')
    .flatMap((run) => {
      const point = seriesOf(tables, run, quantity).findLast(({ value }) => Number.isFinite(value));
      return point === undefined ? [] : [{ run, point }];
    });
}
