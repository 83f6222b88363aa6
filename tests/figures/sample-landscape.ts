import type { FigureExperiment } from '../../src/figures/lines.ts';
import type { ProblemSettings } from '../../src/problems/index.ts';
import type { ResultTables } from '../../src/results/read-tables.ts';
import type { RunInfo } from '../../src/results/run-info.ts';
import { sampleRun } from '../results/sample-run.ts';

export const bealeSettings: ProblemSettings = { type: 'beale', start: [1, 1.6] };
export const saddleSettings: ProblemSettings = { type: 'saddle', start: [1, 0.001] };
export const ravineSettings: ProblemSettings = {
  ...{ type: 'ravine', condition: 100, scale: 1, minimum: [0, 0], start: [10, 1] },
};

/** Positions by step from 0; the costs are made up. */
export type SamplePath = readonly (readonly [x: number, y: number])[];

/** Tables as read, of runs that went the given ways. */
export function landscapeTables(
  problem: ProblemSettings,
  paths: Readonly<Record<string, SamplePath>>,
  changes: Partial<RunInfo> = {},
): ResultTables {
  const infos = Object.entries(paths).map(([optimizer, path]): RunInfo => {
    return {
      ...{ id: optimizer, optimizer, seed: 0, engine: 'reference', status: 'complete', batchSize: 1 },
      ...{ epochs: path.length - 1, epochsDone: path.length - 1, hyperParameters: { lr: 0.1 } },
      model: { type: 'problem', problem },
      ...{ data: { name: 'none' }, seconds: undefined },
      ...changes,
    };
  });
  const rows = infos.flatMap((run) =>
    paths[run.id]!.flatMap(([x, y], step) =>
      Object.entries({ cost: 100 - step, x, y }).map(([metric, value]) => {
        return { run, epoch: step, step, split: 'train', metric, value };
      }),
    ),
  );
  return { experiment: 'sample', profile: 'paper', runs: infos, rows };
}

export function landscapeExperiment(optimizers: readonly string[], epochs = 2): FigureExperiment {
  return {
    ...{ name: 'sample', variant: 'as-drawn', title: 'Paths', profile: 'paper', cuts: [] },
    paper: { key: 'ruder', figure: '4a', note: 'Settings were chosen here.' },
    optimizers: optimizers.map((name) => ({ name, label: name.toUpperCase(), paperCurve: undefined })),
    runs: optimizers.map((optimizer) =>
      sampleRun({
        ...{ optimizer, epochs },
        optimizerSettings: { ...sampleRun().optimizerSettings, rule: optimizer },
      }),
    ),
  } as FigureExperiment;
}
