import { makeSynthetic } from '../datasets/synthetic.ts';
import type { ResolvedRun } from '../spec/run.ts';
import type { Trial } from '../training/trial.ts';
import type { WallSeconds } from '../training/trial-events.ts';
import type { Experiment } from './plan-runs.ts';

const STEPS = 4;
/** Slow models take fewer steps than that. */
const ENOUGH_SECONDS = 2;

export interface StepEstimate {
  readonly seconds: number;
  /** How the engine carries out the updates, '' where it has one way only. */
  readonly updates: string;
}

/**
 * Seconds per step by optimizer, the run's evaluations spread over its steps, on a core that has nothing else to do:
 * for each optimizer a trial is opened on made-up data of the same shape and does a few steps and an evaluation. Writes
 * no file and needs no data set.
 */
export async function estimateSteps(
  experiment: Pick<Experiment, 'runs' | 'files'>,
): Promise<Record<string, StepEstimate>> {
  const steps: Record<string, StepEstimate> = {};
  for (const run of experiment.runs) steps[run.optimizer] ??= await estimateStep(run, experiment.files);
  return steps;
}

/** Two epochs of a few steps: the first one warms up, the second one counts where there is time for it. */
async function estimateStep(run: ResolvedRun, files: Experiment['files']): Promise<StepEstimate> {
  const trainExamples = STEPS * run.batchSize;
  const testExamples = run.batchSize;
  const short: ResolvedRun = {
    ...run,
    data: { name: 'synthetic', trainExamples, testExamples },
    epochs: 2,
    evaluation: { every: run.evaluation.every > 0 ? 1 : 0, batchSize: run.batchSize },
  };
  const { openTrialOf } = await import('./open-job.ts');
  const { trial } = await openTrialOf(short, makeSynthetic(trainExamples, testExamples), {
    ruleFile: files.rules[run.optimizer],
    modelFile: files.model,
  });
  const marks: { step: number; wall: WallSeconds }[] = [{ step: 0, wall: trial.wall() }];
  let passes = 0;
  const started = performance.now();
  try {
    await trial.run({
      rows: (rows) => {
        if (rows.some(({ metric }) => metric === 'cost')) passes++;
      },
      checkpoint: ({ state }) => marks.push({ step: state.step, wall: trial.wall() }),
      progress: () => {},
      shouldStop: () => (performance.now() - started) / 1000 > ENOUGH_SECONDS,
    });
  } finally {
    trial.dispose();
  }
  const last = marks.at(-1)!;
  const first = marks.findLast(({ step }) => step < last.step) ?? marks[0]!;
  const step = (last.wall.train - first.wall.train) / Math.max(1, last.step - first.step);
  const example = passes === 0 ? 0 : last.wall.evaluate / (passes * (trainExamples + testExamples));
  const { trainExamples: train, testExamples: test } = run.data;
  const steps = run.epochs * Math.ceil(train / run.batchSize);
  const seconds = step + (evaluations(run) * (train + test) * example) / steps;
  return { seconds, updates: summary(trial.updates) };
}

/** `training op X`, or each way with how many of the parameters go it. */
function summary(updates: Trial['updates']): string {
  const ways = [...new Set(updates.map(({ how }) => how))];
  if (ways.length <= 1) return ways[0] ?? '';
  return ways
    .map((way) => `${way} (${updates.filter(({ how }) => how === way).length} of ${updates.length})`)
    .join(', ');
}

/** Full passes of a run: before the first step, after every so many epochs, and after the last one. */
function evaluations({ evaluation: { every }, epochs }: ResolvedRun): number {
  return every === 0 ? 0 : 1 + Math.ceil(epochs / every);
}
