import { UsageError } from '../errors.ts';
import type { RunRecord } from '../results/index.ts';
import { runId } from '../spec/hash.ts';
import type { ResolvedRun } from '../spec/run.ts';
import { mean } from '../statistics.ts';
import type { Settings } from './space.ts';
import { settingsText } from './yaml-lines.ts';

/** One optimizer with settings to try: a run for each seed. */
export interface Candidate {
  readonly optimizer: string;
  /** Paths of the spec's fields, the same for all optimizers of the experiment. */
  readonly shared: Settings;
  /** Paths in the optimizer's entry. */
  readonly settings: Settings;
  readonly runs: readonly ResolvedRun[];
}

/** What a run's curve says; `value` is what the search minimizes. */
export interface Values {
  readonly value: number;
  /** Of a distance: median and maximum, where the value is the mean. */
  readonly median?: number;
  readonly max?: number;
}

/** What a candidate's runs gave. */
export interface Measurement {
  readonly candidate: Candidate;
  /** Length of the runs. */
  readonly epochs: number;
  readonly ids: readonly string[];
  /** `complete` if all runs are, else the first other status. */
  readonly status: RunRecord['state']['status'];
  /** Means over the seeds; undefined unless all runs are complete, or where there is nothing to compare. */
  readonly values?: Values;
  /** The lowest and the highest value of a seed. */
  readonly range?: readonly [number, number];
}

/** `valuesOf` gets the lines of a complete run's curve. */
export function measurementOf(
  candidate: Candidate,
  records: readonly RunRecord[],
  valuesOf: (lines: readonly string[]) => Values | undefined,
): Measurement {
  const open = records.find(({ state }) => state.status !== 'complete');
  const common = {
    candidate,
    epochs: records[0]!.run.epochs,
    ids: records.map(({ state }) => state.id),
    status: open?.state.status ?? ('complete' as const),
  };
  const known = open === undefined ? records.map(({ lines }) => valuesOf(lines)) : [];
  const seeds = known.filter((values) => values !== undefined && Number.isFinite(values.value)) as Values[];
  if (seeds.length < records.length) return common;
  const single = seeds.map(({ value }) => value);
  const values = { value: mean(single), ...meanOf(seeds, 'median'), ...meanOf(seeds, 'max') };
  return { ...common, values, range: [Math.min(...single), Math.max(...single)] };
}

/**
 * Refuses equal values that are written in two ways, such as 1e-3 and 0.001: their one run would count as two trials.
 *
 * @throws UsageError naming the first two candidates with a run in common.
 */
export function checkDistinct(candidates: readonly Candidate[]): void {
  const known = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const id = runId(candidate.runs[0]!);
    const other = known.get(id);
    if (other !== undefined) {
      const [first, second] = [other, candidate].map((c) => settingsText({ ...c.shared, ...c.settings }));
      throw new UsageError(
        `two candidates of ${candidate.optimizer} are the same run, ${first} and ${second}: leave one of them out.`,
      );
    }
    known.set(id, candidate);
  }
}

/** The best first; what diverged or cannot be compared comes last. */
export function ranked(measurements: readonly Measurement[]): Measurement[] {
  const last = Number.MAX_VALUE;
  return [...measurements].sort((a, b) => (a.values?.value ?? last) - (b.values?.value ?? last));
}

function meanOf(seeds: readonly Values[], key: 'median' | 'max') {
  const values = seeds.flatMap((seed) => seed[key] ?? []);
  return values.length < seeds.length ? {} : { [key]: mean(values) };
}
