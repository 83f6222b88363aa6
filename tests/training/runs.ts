import { makeSynthetic } from '../../src/datasets/synthetic.ts';
import { type OptimizerName, optimizers, resolveHyper } from '../../src/optimizers/index.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';
import type { Trial } from '../../src/training/trial.ts';
import type { CurveRow, Snapshot, TrialOutcome } from '../../src/training/trial-events.ts';

/** A small run on the synthetic data set: 3 steps an epoch, the last batch partial. */
export function smallRun(optimizer: OptimizerName, change: Partial<ResolvedRun> = {}): ResolvedRun {
  return {
    experiment: 'small',
    optimizer,
    seed: 0,
    engine: 'reference',
    data: { name: 'synthetic', trainExamples: 40, testExamples: 20 },
    model: {
      type: 'mlp',
      hidden: [5],
      activation: 'relu',
      initialization: { type: 'glorot-uniform' },
      dropout: { input: 0.1, hidden: 0.5 },
    },
    batchSize: 16,
    epochs: 3,
    evaluation: { every: 1, batchSize: 16 },
    optimizerSettings: {
      rule: optimizer,
      hyper: resolveHyper(optimizers[optimizer]) as Record<string, number>,
      schedule: { type: 'constant' },
      warmupSteps: 0,
      weightDecay: null,
    },
    ...change,
  };
}

export const dataOf = (run: ResolvedRun) => makeSynthetic(run.data.trainExamples, run.data.testExamples);

/** Runs a trial; `stopAt`: how often it may ask whether to stop before it is told to. Snapshots are copies. */
export async function record(
  trial: Trial,
  { from, stopAt }: { from?: Snapshot; stopAt?: number } = {},
): Promise<{ outcome: TrialOutcome; rows: CurveRow[]; last: Snapshot | undefined }> {
  const rows: CurveRow[] = [];
  let last: Snapshot | undefined;
  let asked = 0;
  const outcome = await trial.run(
    {
      rows: (more) => rows.push(...more),
      checkpoint: (snapshot) => {
        last = structuredClone(snapshot);
      },
      progress: () => {},
      shouldStop: () => asked++ === stopAt,
    },
    from,
  );
  return { outcome, rows, last };
}
