import type { FigureExperiment } from '../../src/figures/lines.ts';
import type { ResultTables } from '../../src/results/read-tables.ts';
import type { RunInfo } from '../../src/results/run-info.ts';
import { sampleRun } from '../results/sample-run.ts';

/** One run of a grid. */
export interface SampleCell {
  readonly optimizer?: string;
  readonly lr?: number;
  readonly decay?: number;
  readonly normalized?: number;
  readonly hyper?: Readonly<Record<string, unknown>>;
  readonly epochs?: number;
  readonly status?: RunInfo['status'];
  /** By epoch; the metric is the experiment's. */
  readonly values?: Readonly<Record<number, number>>;
}

const decayOf = ({ decay = 0, normalized, optimizer = 'adam' }: SampleCell) => ({
  ...{ mode: optimizer.includes('l2') ? ('l2' as const) : ('decoupled' as const), rate: decay },
  ...(normalized === undefined ? {} : { normalized }),
});

export function sweepTables(
  cells: readonly SampleCell[],
  { split, metric }: { split: string; metric: string },
): ResultTables {
  const runs = cells.map((cell, i): RunInfo => {
    const { optimizer = 'adam', lr = 0.001, epochs = 30, status = 'complete', hyper = {} } = cell;
    return {
      ...{ id: `run${i}`, optimizer, seed: 0, engine: 'wasm', status, epochs, epochsDone: epochs },
      hyperParameters: { lr, weightDecay: decayOf(cell), ...hyper },
      ...{ batchSize: 32, model: { type: 'cnn' }, data: { name: 'cifar10' }, seconds: undefined },
    };
  });
  const rows = runs.flatMap((run, i) =>
    Object.entries(cells[i]!.values ?? {}).map(([epoch, value]) => ({
      ...{ run, split, metric, value, epoch: Number(epoch), step: Number(epoch) },
    })),
  );
  return { experiment: 'sample', profile: 'paper', runs, rows };
}

export function sweepExperiment(
  paper: FigureExperiment['paper'],
  planned: readonly SampleCell[],
): FigureExperiment {
  const names = [...new Set(planned.map(({ optimizer = 'adam' }) => optimizer))];
  return {
    ...{ name: 'sample', variant: 'as-drawn', title: 'A sample', profile: 'paper', cuts: [], paper },
    optimizers: names.map((name) => ({ name, label: `The ${name}` })),
    runs: planned.map((cell) => {
      const { optimizer = 'adam', lr = 0.001, epochs = 30 } = cell;
      const settings = { ...sampleRun().optimizerSettings, hyper: { lr }, weightDecay: decayOf(cell) };
      return sampleRun({ optimizer, epochs, optimizerSettings: settings });
    }),
  };
}

/** A layer of the first part's panels, as far as tests look at it. */
export interface DrawnLayer {
  readonly data: { readonly values: readonly Readonly<Record<string, unknown>>[] };
  readonly mark: Readonly<Record<string, unknown>>;
  readonly encoding: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface DrawnPanel {
  readonly title: { readonly text: string };
  readonly layer: readonly DrawnLayer[];
}

export function panelsIn(spec: Readonly<Record<string, unknown>>): readonly DrawnPanel[] {
  return (spec.vconcat as { concat: DrawnPanel[] }[])[0]!.concat;
}

export const columnsIn = (spec: Readonly<Record<string, unknown>>): number =>
  (spec.vconcat as { columns: number }[])[0]!.columns;

export const wide = { panelWidth: 300, paperStyle: false, lineLength: 100 };
export const paperStyle = { panelWidth: 100, paperStyle: true, lineLength: 40 };

/** How many times something stands in a text. */
export const count = (text: string, part: string): number => text.split(part).length - 1;
