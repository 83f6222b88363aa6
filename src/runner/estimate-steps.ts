import { UserError } from '../errors.ts';
import type { ResolvedRun } from '../spec/run.ts';
import type { Trial } from '../training/trial.ts';
import type { WallSeconds } from '../training/trial-events.ts';
import { reasonOf } from './execute-run.ts';
import { madeUpData } from './made-up-data.ts';
import { type Experiment, stepsOf } from './plan-runs.ts';
import { StepTimes, secondsOf, stepKey } from './step-times.ts';

/** Steps per epoch. */
const STEPS = 4;
/** Of a problem's steps. */
const WARM_UP_MS = 10;
/** For models whose steps are fast, and for those that are so slow that one step after the warm-up has to do. */
const ENOUGH_SECONDS = 0.5;
const MOST_SECONDS = 3;

export interface StepEstimate {
  /** Per step, the run's evaluations spread over its steps. */
  readonly seconds: number;
  /** How the engine carries out the updates, '' where it has one way only. */
  readonly updates: string;
}

/**
 * Seconds per step of each run; those with the same program share an estimate. What earlier runs took on this machine
 * counts where there were enough of their steps; otherwise a trial is opened on made-up data of the same shape and does
 * a few steps and an evaluation. Needs no data set; writes what it measures to the cache of step times.
 *
 * @throws UserError for what a user's rule or model throws.
 */
export async function estimateRuns(experiment: Pick<Experiment, 'runs' | 'files'>): Promise<StepEstimate[]> {
  const known = new Map<string, StepEstimate>();
  const estimates: StepEstimate[] = [];
  for (const run of experiment.runs) {
    const key = `${await stepKey(run)} ${run.epochs} ${run.evaluation.every} ${run.data.trainExamples}`;
    const estimate = known.get(key) ?? (await estimateOf(run, experiment.files));
    known.set(key, estimate);
    estimates.push(estimate);
  }
  return estimates;
}

/** @throws UserError for what a user's rule or model throws; it fails in a real run as well. */
async function estimateOf(run: ResolvedRun, files: Experiment['files']): Promise<StepEstimate> {
  try {
    return await estimateStep(run, files);
  } catch (error) {
    const isUsers = files.model !== undefined || files.rules[run.optimizer] !== undefined;
    if (error instanceof UserError || !isUsers) throw error;
    throw new UserError(`${run.optimizer} fails: ${reasonOf(error)}`, { cause: error });
  }
}

/** Epochs of a few steps: the first one warms up, or its first step where there is no time for another epoch. */
async function estimateStep(run: ResolvedRun, files: Experiment['files']): Promise<StepEstimate> {
  if (run.model.type === 'problem') return estimateProblemStep(run, files.rules[run.optimizer]);
  const trainExamples = STEPS * run.batchSize;
  const testExamples = run.batchSize;
  const short: ResolvedRun = {
    ...run,
    data: { ...run.data, trainExamples, testExamples },
    epochs: 10_000,
    evaluation: { every: run.evaluation.every > 0 ? 1 : 0, batchSize: run.batchSize },
  };
  const times = new StepTimes();
  const key = await stepKey(run);
  const known = times.readFull(key, run);
  const { openTrialOf } = await import('./open-job.ts');
  const { trial } = await openTrialOf(short, madeUpData(run.data, trainExamples, testExamples), {
    ruleFile: files.rules[run.optimizer],
    modelFile: files.model,
  });
  if (known !== undefined) {
    trial.dispose();
    return { seconds: secondsOf(run, known) / stepsOf(run), updates: summary(trial.updates) };
  }
  const marks: Mark[] = [{ step: 0, passes: 0, wall: trial.wall() }];
  const evaluates = short.evaluation.every > 0;
  let passes = 0;
  let asked = 0;
  const started = performance.now();
  try {
    await trial.run({
      rows: (rows) => {
        if (rows.some(({ metric }) => metric === 'cost')) passes++;
      },
      checkpoint: ({ state }) => marks.push({ step: state.step, passes, wall: trial.wall() }),
      progress: () => {},
      // Asked before every step: the second time there is a step that warmed up, from the third on one to count.
      shouldStop: () => {
        if (evaluates && passes === 0) return false;
        if (asked++ === 1) marks.push({ step: 1, passes, wall: trial.wall() });
        const seconds = (performance.now() - started) / 1000;
        return asked > 2 && seconds > (marks.at(-1)!.step > STEPS ? ENOUGH_SECONDS : MOST_SECONDS);
      },
    });
  } finally {
    trial.dispose();
  }
  const { step, example } = timesOf(marks, trainExamples + testExamples);
  times.write(key, { step, example, steps: marks.at(-1)!.step });
  const seconds = secondsOf(run, { step, example }) / stepsOf(run);
  return { seconds, updates: summary(trial.updates) };
}

/** What was done and how long it took, at the start, after the first step and each short epoch, and where it stopped. */
export interface Mark {
  readonly step: number;
  /** Full passes over all examples. */
  readonly passes: number;
  readonly wall: WallSeconds;
}

/** Seconds per step and per evaluated example after the first epoch, or after the first step where there is nothing else. */
export function timesOf(marks: readonly Mark[], examplesOfPass: number): { step: number; example: number } {
  const start = marks[0]!;
  const last = marks.at(-1)!;
  const first = marks.filter(({ step }) => step <= STEPS && step < last.step).at(-1) ?? start;
  const step = (last.wall.train - first.wall.train) / Math.max(1, last.step - first.step);
  // The pass before the first step counts where there is no other.
  const since = last.passes > first.passes ? first : start;
  const examples = (last.passes - since.passes) * examplesOfPass;
  const example = examples === 0 ? 0 : (last.wall.evaluate - since.wall.evaluate) / examples;
  return { step, example };
}

/** Steps of problems take microseconds: a few hundredths of a second of them, the first of which warm up. */
async function estimateProblemStep(run: ResolvedRun, ruleFile: string | undefined): Promise<StepEstimate> {
  const { openProblem } = await import('./open-job.ts');
  const { trial } = await openProblem(run, ruleFile);
  const started = performance.now();
  let from = started;
  let steps = 0;
  const shouldStop = (): boolean => {
    const now = performance.now();
    if (from === started && now - started > WARM_UP_MS) {
      from = now;
      steps = 0;
    }
    steps++;
    return now - started > 4 * WARM_UP_MS;
  };
  await trial.run({ rows: () => {}, checkpoint: () => {}, progress: () => {}, shouldStop });
  const seconds = (performance.now() - from) / 1000 / Math.max(1, steps);
  new StepTimes().write(await stepKey(run), { step: seconds, example: 0, steps });
  return { seconds, updates: '' };
}

/** `training op X`, or each way with how many of the parameters go it. */
function summary(updates: Trial['updates']): string {
  const ways = [...new Set(updates.map(({ how }) => how))];
  if (ways.length <= 1) return ways[0] ?? '';
  return ways
    .map((way) => `${way} (${updates.filter(({ how }) => how === way).length} of ${updates.length})`)
    .join(', ');
}
