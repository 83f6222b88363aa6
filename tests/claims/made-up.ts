import type { CurveRow, ResultTables } from '../../src/results/read-tables.ts';
import type { RunInfo } from '../../src/results/run-info.ts';

export interface MadeUpRun {
  readonly optimizer: string;
  readonly seed?: number;
  readonly hyper?: Readonly<Record<string, unknown>>;
  readonly model?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly batchSize?: number;
  /** Default: `wasm`. Null: not known, as of a run without a value. */
  readonly engine?: string | null;
  readonly status?: RunInfo['status'];
  readonly epochs?: number;
  readonly split?: string;
  readonly beyond?: Readonly<Record<string, unknown>>;
  /** By metric: values by epoch. */
  readonly values: Readonly<Record<string, readonly (readonly [epoch: number, value: number])[]>>;
}

/** Tables as they would be read, of runs that never were. */
export function madeUp(runs: readonly MadeUpRun[], profile = 'paper'): ResultTables {
  const rows: CurveRow[] = [];
  const infos = runs.map((made, i): RunInfo => {
    const { optimizer, seed = 0, hyper = {}, model = {}, status = 'complete', split = 'train' } = made;
    const { data = {}, batchSize = 128, engine = 'wasm' } = made;
    const last = Math.max(0, ...Object.values(made.values).flatMap((v) => v.map(([epoch]) => epoch)));
    const info: RunInfo = {
      ...{ id: `run${i}`, optimizer, seed, engine: engine ?? undefined, status, epochs: made.epochs ?? last },
      ...{ epochsDone: last, batchSize, hyperParameters: hyper, model, data, seconds: undefined },
      ...(made.beyond && { beyond: new Map(Object.entries(made.beyond)) }),
    };
    for (const [metric, points] of Object.entries(made.values)) {
      for (const [epoch, value] of points) rows.push({ run: info, epoch, step: epoch, split, metric, value });
    }
    return info;
  });
  return { experiment: 'made-up', profile, runs: infos, rows };
}

/** One run of each optimizer and seed; seeds differ by a thousandth of the value. */
export function costs(
  finals: Readonly<Record<string, number>>,
  epochs: readonly number[],
  { seeds = 1, metric = 'minibatch-cost', split = 'train' } = {},
): MadeUpRun[] {
  return Object.entries(finals).flatMap(([optimizer, value]) =>
    Array.from({ length: seeds }, (_, seed) => ({
      ...{ optimizer, seed, split },
      ...(Number.isFinite(value) ? {} : { status: 'diverged' as const }),
      values: {
        [metric]: Number.isFinite(value) ? epochs.map((e) => [e, value * (1 + seed / 1000)] as const) : [],
      },
    })),
  );
}

export const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);
