import type { FigureExperiment } from '../../src/figures/lines.ts';
import { stylesOf } from '../../src/figures/palette.ts';
import { paperCurve } from '../../src/paper/index.ts';
import type { ResultTables } from '../../src/results/read-tables.ts';
import type { RunInfo } from '../../src/results/run-info.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';
import { sampleRun } from '../results/sample-run.ts';

/** Tables as read, with the given minibatch costs by epoch from 1. */
export function sampleTables(
  runs: readonly { optimizer: string; seed: number; costs: readonly number[]; status?: RunInfo['status'] }[],
): ResultTables {
  const infos = runs.map(({ optimizer, seed, status = 'complete', costs }): RunInfo => {
    return {
      ...{
        id: `${optimizer}-${seed}`,
        optimizer,
        seed,
        engine: 'reference',
        status,
        epochs: 46,
        batchSize: 128,
      },
      ...{
        epochsDone: costs.length,
        hyperParameters: { lr: 0.1 },
        model: { type: 'mlp' },
        data: { name: 'mnist' },
      },
      seconds: undefined,
    };
  });
  const rows = infos.flatMap((run, i) =>
    runs[i]!.costs.map((value, k) => {
      return { run, epoch: k + 1, step: k + 1, split: 'train', metric: 'minibatch-cost', value };
    }),
  );
  return { experiment: 'sample', profile: 'paper', runs: infos, rows };
}

/** An experiment of figure 1 left with AdaGrad and Adam. */
export function sampleExperiment(changes: Partial<FigureExperiment> = {}): FigureExperiment {
  const figure = { key: 'adam', figure: '1-left' };
  const optimizer = (name: string, label: string) => {
    return { name, label, paperCurve: paperCurve(figure, label)! };
  };
  return {
    ...{
      name: 'sample',
      variant: 'as-drawn',
      title: 'A sample',
      profile: 'paper',
      cuts: ['10 of 46 epochs'],
    },
    paper: { ...figure, note: 'The paper leaves this open' },
    optimizers: [optimizer('adam', 'Adam'), optimizer('adagrad', 'AdaGrad')],
    runs: [
      sampleRun({ optimizer: 'adam', ...likeTables('adam') }),
      sampleRun({ optimizer: 'adagrad', ...likeTables('adagrad') }),
    ],
    ...changes,
  };
}

/** The settings that the runs of `sampleTables` have. */
function likeTables(rule: string): Partial<ResolvedRun> {
  const settings = { ...sampleRun().optimizerSettings, rule, hyper: { lr: 0.1 } };
  const others = { batchSize: 128, epochs: 46, model: { type: 'mlp' }, data: { name: 'mnist' } };
  return { ...(others as Partial<ResolvedRun>), optimizerSettings: settings };
}

export const adagradColor = stylesOf([{ rule: 'adagrad' }])[0]!.color;
