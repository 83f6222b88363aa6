import type { Dataset } from '../datasets/dataset.ts';
import type { Engine, Executable } from '../engines/engine.ts';
import { sizeOf } from '../graph/node.ts';
import { buildModel, type Model } from '../models/index.ts';
import type { Optimizer } from '../optimizers/define.ts';
import { decayAt, scheduleMultiplier } from '../optimizers/schedules.ts';
import { scalarValues, traceRule } from '../optimizers/trace.ts';
import type { NetworkSettings, ResolvedRun } from '../spec/run.ts';
import { batchCount, epochOrder, fillBatch, newBatch } from './batches.ts';
import { digest } from './digest.ts';
import { evaluate } from './evaluation.ts';
import { type Pause, pacer } from './pacer.ts';
import { buildProgram, type TrainingProgram } from './program.ts';
import { residentData } from './resident-data.ts';
import { Stopwatch } from './stopwatch.ts';
import type {
  CurveRow,
  Snapshot,
  TrialListener,
  TrialOutcome,
  TrialState,
  WallSeconds,
} from './trial-events.ts';

export interface TrialParts {
  readonly dataset: Dataset;
  readonly optimizer: Optimizer;
  readonly engine: Engine;
  /** For a model from a user's file. */
  readonly model?: Model;
}

export interface Trial {
  /** How many numbers are trained. */
  readonly parameters: number;
  /** sha256 of the initial weights and of the first epoch's order: equal for all runs of one experiment and seed. */
  readonly fingerprint: { readonly initialWeights: string; readonly batchOrder: string };
  /** How each parameter is updated, where the engine has several ways. */
  readonly updates: ReturnType<NonNullable<Engine['describeUpdates']>>;
  /** Trains from the beginning or from a snapshot; yields to the event loop a few times a second. */
  run(listener: TrialListener, from?: Snapshot): Promise<TrialOutcome>;
  wall(): WallSeconds;
  dispose(): void;
}

/** Builds and compiles a run's program and loads its data: everything but training. */
export async function openTrial(
  run: ResolvedRun,
  { dataset, optimizer, engine, model }: TrialParts,
): Promise<Trial> {
  const { hyper, weightDecay } = run.optimizerSettings;
  const data = residentData(dataset);
  const training = buildProgram({
    model: model ?? buildModel(run.model as NetworkSettings),
    rule: traceRule(optimizer, hyper, weightDecay),
    seed: run.seed,
    batchSize: run.batchSize,
    evaluationBatchSize: run.evaluation.batchSize,
    data: data.description,
  });
  const executable = await engine.compile(training.program);
  executable.run('initialize', { ...Object.fromEntries(training.initial), ...data.feeds });

  const clock = new Stopwatch();
  return {
    parameters: training.parameters.reduce((sum, p) => sum + sizeOf(p.shape), 0),
    fingerprint: {
      initialWeights: digest(training.parameters.map((p) => training.initial.get(p.attributes.name)!)),
      batchOrder: digest([epochOrder(dataset.train.examples, run.seed, 0)]),
    },
    updates: engine.describeUpdates?.(training.program) ?? [],
    run: (listener, from) => train({ run, dataset, optimizer, executable, training, clock }, listener, from),
    wall: () => clock.seconds(),
    dispose: () => executable.dispose(),
  };
}

interface OpenTrial {
  readonly run: ResolvedRun;
  readonly dataset: Dataset;
  readonly optimizer: Optimizer;
  readonly executable: Executable;
  readonly training: TrainingProgram;
  readonly clock: Stopwatch;
}

/** The whole training loop. */
async function train(open: OpenTrial, listener: TrialListener, from?: Snapshot): Promise<TrialOutcome> {
  const { run, dataset, optimizer, executable, clock } = open;
  const { hyper, weightDecay, schedule, warmupSteps } = run.optimizerSettings;
  const examples = dataset.train.examples;
  const stepsPerEpoch = batchCount(examples, run.batchSize);
  const steps = run.epochs * stepsPerEpoch;
  const batch = newBatch(run.batchSize);
  const stepNumber = new Int32Array(1);
  let scalars: Float64Array | undefined;
  if (from)
    executable.run(
      'restore',
      Object.fromEntries(Object.entries(from.tensors).map(([name, t]) => [name, t.data])),
    );
  let { epoch, step, stepInEpoch, epochCostSum, epochExamples } = from?.state ?? startState;
  const state = (): TrialState => ({ epoch, step, stepInEpoch, epochCostSum, epochExamples });
  const firstStep = step;
  let passes = 0;
  const pause = pacer(listener, (evaluation) => ({
    ...(evaluation && { evaluation }),
    epoch,
    epochs: run.epochs,
    step,
    steps,
    cost: epochExamples > 0 ? epochCostSum / epochExamples : Number.NaN,
    ...clock.pace(
      { done: step - firstStep, left: steps - step },
      { done: passes, left: passesLeft(run, epoch) },
    ),
  }));

  const stop = (): TrialOutcome => {
    clock.start('other');
    // Before the first step there is nothing to keep: whoever goes on begins anew.
    if (step > 0) listener.checkpoint({ state: state(), tensors: tensorsOf(open) });
    return 'stopped';
  };

  if (step === 0) {
    const rows = await evaluationRows(open, listener, { epoch, step }, pause);
    if (rows === undefined) return stop();
    passes++;
    listener.rows(rows);
    if (!rows.every((row) => Number.isFinite(row.value))) return 'diverged';
  }
  while (epoch < run.epochs) {
    const order = epochOrder(examples, run.seed, epoch);
    clock.start('train');
    while (stepInEpoch < stepsPerEpoch) {
      if (listener.shouldStop()) return stop();
      fillBatch(batch, order, stepInEpoch, (n) => 1 / n);
      const position = { step: step + 1, stepsPerEpoch };
      const multiplier = scheduleMultiplier(schedule, warmupSteps, position);
      const decay = decayAt(weightDecay, schedule, position);
      scalars = scalarValues(optimizer, hyper, decay, step + 1, multiplier, scalars);
      stepNumber[0] = step;
      const feeds = { rows: batch.rows, weights: batch.weights, step: stepNumber, scalars };
      const cost = executable.run('step', feeds).cost![0]!;
      if (!Number.isFinite(cost)) return 'diverged';
      step++;
      stepInEpoch++;
      epochCostSum += cost * batch.examples;
      epochExamples += batch.examples;
      await pause();
    }
    const at = { epoch: epoch + 1, step };
    const rows: CurveRow[] = [
      { ...at, split: 'train', metric: 'minibatch-cost', value: epochCostSum / epochExamples },
    ];
    const { every } = run.evaluation;
    if (every > 0 && (at.epoch % every === 0 || at.epoch === run.epochs)) {
      const measured = await evaluationRows(open, listener, at, pause);
      // The epoch is kept as not complete: whoever goes on has no step left in it, and evaluates.
      if (measured === undefined) return stop();
      rows.push(...measured);
      passes++;
    }
    epoch = at.epoch;
    stepInEpoch = epochCostSum = epochExamples = 0;
    clock.start('other');
    listener.rows(rows.filter((row) => Number.isFinite(row.value)));
    if (!rows.every((row) => Number.isFinite(row.value))) return 'diverged';
    listener.checkpoint({ state: state(), tensors: tensorsOf(open) }, epoch < run.epochs);
  }
  return 'complete';
}

/** Evaluations after the epochs that are left. */
function passesLeft({ epochs, evaluation: { every } }: ResolvedRun, epoch: number): number {
  return every === 0 ? 0 : Math.ceil(epochs / every) - Math.floor(epoch / every);
}

const startState: TrialState = { epoch: 0, step: 0, stepInEpoch: 0, epochCostSum: 0, epochExamples: 0 };

/** Full passes without dropout over training and test examples, as rows of the curve; `undefined` when stopped on the way. */
async function evaluationRows(
  { run, dataset, executable, clock }: OpenTrial,
  listener: TrialListener,
  at: { epoch: number; step: number },
  pause: Pause,
): Promise<CurveRow[] | undefined> {
  const { every, batchSize } = run.evaluation;
  if (every === 0) return [];
  clock.start('evaluate');
  const rows: CurveRow[] = [];
  const { train, test } = dataset;
  for (const split of ['train', 'test'] as const) {
    const from = split === 'train' ? 0 : train.examples;
    const measured = await evaluate(
      executable,
      { from, examples: dataset[split].examples, batchSize },
      async (done) => {
        await pause({ done: from + done, of: train.examples + test.examples });
        return !listener.shouldStop();
      },
    );
    if (measured === undefined) return undefined;
    rows.push({ ...at, split, metric: 'cost', value: measured.cost });
    if (measured.error !== undefined) rows.push({ ...at, split, metric: 'error', value: measured.error });
  }
  return rows;
}

/** Parameters and optimizer state as they are now; the arrays belong to the executable. */
function tensorsOf({ executable, training }: OpenTrial): Snapshot['tensors'] {
  const fetched = executable.run('read', {});
  return Object.fromEntries(
    training.program.variables
      .filter((v) => v.role !== 'data')
      .map(({ node }) => [
        node.attributes.name,
        { shape: node.shape, data: fetched[node.attributes.name] as Float32Array },
      ]),
  );
}
