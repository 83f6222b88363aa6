import { createHash } from 'node:crypto';
import type { OpenedTrial, RunJob } from '../../src/runner/job.ts';
import { runId } from '../../src/spec/hash.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';
import type { CurveRow, TrialState } from '../../src/training/trial-events.ts';

const STEPS_PER_EPOCH = 5;

export interface FakeOptions {
  /** Stop when so many steps are done in this process. */
  readonly stopAfter?: number;
  /** The cost is not finite any more in this step. */
  readonly divergeAt?: number;
  readonly variant?: string;
  /** Called after every step. */
  readonly onStep?: (step: number) => void;
}

export function jobOf(runs: string, run: ResolvedRun): RunJob {
  return { id: runId(run), run, runs, dataFolder: runs, offline: true };
}

/** A trial with the real one's manners whose numbers come from a recurrence, so that any lost or repeated step shows. */
export function fakeTrial(run: ResolvedRun, options: FakeOptions = {}): OpenedTrial {
  const weights = new Float32Array([1, 2, 3, run.seed]);
  const moments = new Float64Array([0.5, run.optimizerSettings.hyper.lr as number]);
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');
  const update = (step: number) => {
    for (let i = 0; i < weights.length; i++) weights[i] = Math.fround(weights[i]! * 0.9 + Math.sin(step + i));
    moments[0] = moments[0]! * 0.99 + weights[0]!;
    return Math.abs(weights[0]! + moments[0]! / 7);
  };
  return {
    engine: { name: 'reference', variant: options.variant ?? 'fake', device: 'cpu' },
    threads: 1,
    data: { file: digest('data') },
    trial: {
      parameters: weights.length,
      fingerprint: { initialWeights: digest(`w${run.seed}`), batchOrder: digest(`b${run.seed}`) },
      updates: [],
      wall: () => ({ train: 1, evaluate: 0.5, other: 0.25 }),
      dispose: () => {},
      async run(listener, from) {
        let { epoch, step, stepInEpoch, epochCostSum, epochExamples }: TrialState = from?.state ?? {
          ...{ epoch: 0, step: 0, stepInEpoch: 0, epochCostSum: 0, epochExamples: 0 },
        };
        if (from) {
          weights.set(from.tensors.w!.data);
          moments.set(from.tensors.m!.data);
        }
        const snapshot = () => ({
          state: { epoch, step, stepInEpoch, epochCostSum, epochExamples },
          tensors: { w: { shape: [2, 2], data: weights }, m: { shape: [2], data: moments } },
        });
        const evaluation = (): CurveRow[] =>
          (['train', 'test'] as const).map((split) => ({
            ...{ epoch, step, split, metric: 'cost' as const },
            value: weights[1]! + (split === 'test' ? 1 / 3 : 0),
          }));
        let done = 0;
        if (step === 0) listener.rows(evaluation());
        while (epoch < run.epochs) {
          while (stepInEpoch < STEPS_PER_EPOCH) {
            if (listener.shouldStop() || done === options.stopAfter) {
              listener.checkpoint(snapshot());
              return 'stopped';
            }
            if (step + 1 === options.divergeAt) return 'diverged';
            epochCostSum += update(++step);
            epochExamples++;
            stepInEpoch++;
            done++;
            options.onStep?.(step);
          }
          epoch++;
          const value = epochCostSum / epochExamples;
          stepInEpoch = epochCostSum = epochExamples = 0;
          listener.rows([{ epoch, step, split: 'train', metric: 'minibatch-cost', value }, ...evaluation()]);
          listener.checkpoint(snapshot());
        }
        return 'complete';
      },
    },
  };
}
