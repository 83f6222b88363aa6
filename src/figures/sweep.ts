import { lastOf, type ResultTables } from '../results/read-tables.ts';
import type { RunInfo } from '../results/run-info.ts';
import type { WeightDecaySettings } from '../spec/run.ts';
import { spreadOf } from '../statistics.ts';
import type { FigureExperiment } from './lines.ts';

/** Runs of a grid over learning rate, weight decay and epochs, each with its test error at the end. */

/** One point of the grid: all seeds of one setting. */
export interface SweepCell {
  readonly optimizer: string;
  readonly lr: number;
  /** The normalized decay where that is what the spec has, else the decay; 0 without any. */
  readonly decay: number;
  readonly epochs: number;
  readonly state: 'done' | 'diverged' | 'not finished';
  /** Median over the seeds of the fraction of wrong answers; undefined unless done. */
  readonly error: number | undefined;
  readonly seeds: number;
}

/** What the decay of an optimizer is, which its axis says. */
export type DecayKind = 'l2' | 'decoupled' | 'normalized';

/** Every cell that was run or is planned; planned cells of an optimizer that was run for other epochs are left out. */
export function sweepCells({ runs }: FigureExperiment, tables: ResultTables): SweepCell[] {
  const found = new Map<string, { place: Place; runs: RunInfo[] }>();
  for (const run of tables.runs) {
    const place = placeOf(run.optimizer, run.epochs, run.hyperParameters);
    const cell = found.get(keyOf(place)) ?? { place, runs: [] };
    found.set(keyOf(place), cell);
    cell.runs.push(run);
  }
  for (const { optimizer, epochs, optimizerSettings } of runs) {
    const { hyper, weightDecay } = optimizerSettings;
    const place = placeOf(optimizer, epochs, { ...hyper, weightDecay });
    const elsewhere = tables.runs.some((run) => run.optimizer === optimizer);
    const known =
      !elsewhere || tables.runs.some((run) => run.optimizer === optimizer && run.epochs === epochs);
    if (known && !found.has(keyOf(place))) found.set(keyOf(place), { place, runs: [] });
  }
  return [...found.values()].map(({ place, runs: cell }) => ({ ...place, ...outcomeOf(cell, tables) }));
}

export function decayKindOf(
  experiment: FigureExperiment,
  tables: ResultTables,
  optimizer: string,
): DecayKind {
  const planned = experiment.runs.find((run) => run.optimizer === optimizer)?.optimizerSettings.weightDecay;
  const run = tables.runs.find((other) => other.optimizer === optimizer);
  const decay = run === undefined ? planned : decayIn(run.hyperParameters);
  if (decay?.normalized !== undefined) return 'normalized';
  return decay?.mode === 'l2' ? 'l2' : 'decoupled';
}

/** The cells with the least errors, the best first; of equal ones the one that comes first. */
export function bestCells(cells: readonly SweepCell[], count: number): SweepCell[] {
  return cells
    .filter(({ error }) => error !== undefined)
    .sort((a, b) => a.error! - b.error!)
    .slice(0, count);
}

/** Ascending and each once. */
export function ascending(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

type Place = Pick<SweepCell, 'optimizer' | 'lr' | 'decay' | 'epochs'>;

function placeOf(optimizer: string, epochs: number, hyper: Readonly<Record<string, unknown>>): Place {
  const decay = decayIn(hyper);
  return { optimizer, epochs, lr: Number(hyper.lr), decay: decay?.normalized ?? decay?.rate ?? 0 };
}

const decayIn = (hyper: Readonly<Record<string, unknown>>): WeightDecaySettings | null =>
  (hyper.weightDecay ?? null) as WeightDecaySettings | null;

const keyOf = ({ optimizer, lr, decay, epochs }: Place): string => `${optimizer} ${lr} ${decay} ${epochs}`;

function outcomeOf(
  runs: readonly RunInfo[],
  tables: ResultTables,
): Pick<SweepCell, 'state' | 'error' | 'seeds'> {
  const errors = runs
    .filter(({ status }) => status === 'complete')
    .flatMap((run) => lastOf(tables, run, { split: 'test', metric: 'error' })?.value ?? [])
    .filter(Number.isFinite);
  if (runs.some(({ status }) => status === 'diverged')) {
    return { state: 'diverged', error: undefined, seeds: runs.length };
  }
  return errors.length === 0
    ? { state: 'not finished', error: undefined, seeds: 0 }
    : { state: 'done', error: spreadOf(errors).median, seeds: errors.length };
}
