import type { Optimizer } from '../optimizers/define.ts';
import { decayAt, scheduleMultiplier } from '../optimizers/schedules.ts';
import { scalarValues, traceRule } from '../optimizers/trace.ts';
import { referenceStepper } from '../optimizers/trajectory.ts';
import { buildProblem, type Position, type ProblemMetric } from '../problems/index.ts';
import type { ResolvedRun } from '../spec/run.ts';
import { digest } from './digest.ts';
import { pacer } from './pacer.ts';
import { Stopwatch } from './stopwatch.ts';
import type { Trial } from './trial.ts';
import type { CurveRow, Snapshot, TrialListener, TrialOutcome } from './trial-events.ts';

/** A step takes microseconds, and writing a checkpoint waits for the disk. */
const CHECKPOINT_MS = 1000;

/**
 * A run of a problem: the optimizer's own rule, float64 from end to end. An epoch is a step; what the problem measures
 * becomes rows of the split `train`, before the first step, after every `evaluation.every` steps and after the last.
 */
export function openProblemTrial(run: ResolvedRun, optimizer: Optimizer): Trial {
  if (run.model.type !== 'problem') throw new TypeError('the run has a network, not a problem');
  const { hyper, weightDecay, schedule, warmupSteps } = run.optimizerSettings;
  const problem = buildProblem(run.model.problem, run.seed);
  const rule = traceRule(optimizer, hyper, weightDecay);
  const { parameters, state, step: update } = referenceStepper(rule, problem.start);
  const scalars = new Float64Array(rule.scalars.length);
  const gradient = new Float64Array(parameters.length);
  const before = parameters.slice();
  const tensors: Readonly<Record<string, Float64Array>> = {
    parameters,
    before,
    gradient,
    ...prefixed('state', state),
    ...prefixed('memory', problem.memory ?? {}),
  };
  const firstGradient = new Float64Array(parameters.length);
  problem.gradient(parameters, 1, firstGradient);
  const clock = new Stopwatch();

  async function train(listener: TrialListener, from?: Snapshot): Promise<TrialOutcome> {
    for (const [name, { data }] of Object.entries(from?.tensors ?? {})) tensors[name]!.set(data);
    let step = from?.state.step ?? 0;
    const firstStep = step;
    let cost = Number.NaN;
    let lastCheckpoint = performance.now();
    const position = (): Position => ({ step, parameters, before, gradient });
    const pause = pacer(listener, () => {
      const progressed = { done: step - firstStep, left: run.epochs - step };
      return {
        ...{ epoch: step, epochs: run.epochs, step, steps: run.epochs, cost },
        ...clock.pace(progressed, progressed), // both are of the same kind: evaluations come every so many steps
      };
    });
    const checkpoint = (): void => {
      clock.start('other');
      listener.checkpoint({
        state: { epoch: step, step, stepInEpoch: 0, epochCostSum: 0, epochExamples: 0 },
        tensors: Object.fromEntries(
          Object.entries(tensors).map(([name, data]) => [name, { shape: [data.length], data }]),
        ),
      });
      lastCheckpoint = performance.now();
    };
    const measured = (): CurveRow[] => {
      const measures = Object.entries(problem.measure(position())) as [ProblemMetric, number][];
      return measures.map(([metric, value]) => ({ epoch: step, step, split: 'train', metric, value }));
    };
    const hasValue = ({ value }: CurveRow): boolean => Number.isFinite(value);

    // A checkpoint may be the one that was written when the trial diverged.
    if (from && !measured().every(hasValue)) return 'diverged';
    clock.start('evaluate');
    if (step === 0) listener.rows(measured());
    clock.start('train');
    while (step < run.epochs) {
      if (listener.shouldStop()) {
        // Before the first step there is nothing to keep: whoever goes on begins anew.
        if (step > 0) checkpoint();
        return 'stopped';
      }
      before.set(parameters);
      problem.gradient(parameters, step + 1, gradient);
      const next = { step: step + 1, stepsPerEpoch: 1 };
      const multiplier = scheduleMultiplier(schedule, warmupSteps, next);
      const decay = decayAt(weightDecay, schedule, next);
      update(gradient, scalarValues(optimizer, hyper, decay, step + 1, multiplier, scalars));
      step++;
      problem.after?.(position());
      const { every } = run.evaluation;
      const finite = parameters.every(Number.isFinite);
      if (!finite || step === run.epochs || (every > 0 && step % every === 0)) {
        clock.start('evaluate');
        const rows = measured();
        listener.rows(rows.filter(hasValue));
        if (!finite || !rows.every(hasValue)) {
          // How far it came must not depend on where it was interrupted before.
          checkpoint();
          return 'diverged';
        }
        cost = rows.find(({ metric }) => metric === 'cost')?.value ?? Number.NaN;
        clock.start('train');
      }
      if (performance.now() - lastCheckpoint > CHECKPOINT_MS) {
        checkpoint();
        clock.start('train');
      }
      await pause();
    }
    checkpoint();
    return 'complete';
  }

  return {
    parameters: parameters.length,
    fingerprint: { initialWeights: digest([before]), batchOrder: digest([firstGradient]) },
    updates: [],
    run: train,
    wall: () => clock.seconds(),
    dispose: () => {},
  };
}

const prefixed = (prefix: string, arrays: Readonly<Record<string, Float64Array>>) =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${prefix}/${name}`, array]));
