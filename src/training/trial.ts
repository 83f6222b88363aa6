import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Dataset } from '../datasets/dataset.ts';
import type { Engine, Executable } from '../engines/engine.ts';
import { buildModel, type Model } from '../models/index.ts';
import type { Optimizer } from '../optimizers/define.ts';
import { scheduleMultiplier } from '../optimizers/schedules.ts';
import { scalarValues, traceRule } from '../optimizers/trace.ts';
import type { ResolvedRun } from '../spec/run.ts';
import { batchCount, epochOrder, fillBatch, newBatch } from './batches.ts';
import { evaluate } from './evaluation.ts';
import { buildProgram, type TrainingProgram } from './program.ts';
import { residentData } from './resident-data.ts';
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
    model: model ?? buildModel(run.model as Exclude<ResolvedRun['model'], { type: 'file' }>),
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
    parameters: training.parameters.reduce(
      (sum, p) => sum + training.initial.get(p.attributes.name)!.length,
      0,
    ),
    fingerprint: {
      initialWeights: digest(training.parameters.map((p) => training.initial.get(p.attributes.name)!)),
      batchOrder: digest([epochOrder(dataset.train.examples, run.seed, 0)]),
    },
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
  const pause = pacer(listener, () => ({
    epoch,
    epochs: run.epochs,
    step,
    steps,
    cost: epochExamples > 0 ? epochCostSum / epochExamples : Number.NaN,
    ...clock.pace(step - firstStep, steps - step),
  }));

  if (step === 0) {
    const rows = await evaluationRows(open, { epoch, step }, pause);
    listener.rows(rows);
    if (!rows.every((row) => Number.isFinite(row.value))) return 'diverged';
  }
  while (epoch < run.epochs) {
    const order = epochOrder(examples, run.seed, epoch);
    clock.start('train');
    while (stepInEpoch < stepsPerEpoch) {
      if (listener.shouldStop()) {
        clock.start('other');
        listener.checkpoint({ state: state(), tensors: tensorsOf(open) });
        return 'stopped';
      }
      fillBatch(batch, order, stepInEpoch, (n) => 1 / n);
      const multiplier = scheduleMultiplier(schedule, warmupSteps, { step: step + 1, stepsPerEpoch });
      scalars = scalarValues(optimizer, hyper, weightDecay, step + 1, multiplier, scalars);
      stepNumber[0] = step;
      const cost = executable.run('step', {
        rows: batch.rows,
        weights: batch.weights,
        step: stepNumber,
        scalars,
      }).cost![0]!;
      if (!Number.isFinite(cost)) return 'diverged';
      step++;
      stepInEpoch++;
      epochCostSum += cost * batch.examples;
      epochExamples += batch.examples;
      await pause();
    }
    epoch++;
    const rows: CurveRow[] = [
      { epoch, step, split: 'train', metric: 'minibatch-cost', value: epochCostSum / epochExamples },
    ];
    stepInEpoch = epochCostSum = epochExamples = 0;
    const { every } = run.evaluation;
    if (every > 0 && (epoch % every === 0 || epoch === run.epochs))
      rows.push(...(await evaluationRows(open, { epoch, step }, pause)));
    clock.start('other');
    listener.rows(rows.filter((row) => Number.isFinite(row.value)));
    if (!rows.every((row) => Number.isFinite(row.value))) return 'diverged';
    listener.checkpoint({ state: state(), tensors: tensorsOf(open) });
  }
  return 'complete';
}

const startState: TrialState = { epoch: 0, step: 0, stepInEpoch: 0, epochCostSum: 0, epochExamples: 0 };

/** Full passes without dropout over the training and the test examples, as rows of the curve. */
async function evaluationRows(
  { run, dataset, executable, clock }: OpenTrial,
  at: { epoch: number; step: number },
  pause: () => Promise<void>,
): Promise<CurveRow[]> {
  const { every, batchSize } = run.evaluation;
  if (every === 0) return [];
  clock.start('evaluate');
  const rows: CurveRow[] = [];
  for (const split of ['train', 'test'] as const) {
    const from = split === 'train' ? 0 : dataset.train.examples;
    const { cost, error } = await evaluate(
      executable,
      { from, examples: dataset[split].examples, batchSize },
      pause,
    );
    rows.push({ ...at, split, metric: 'cost', value: cost });
    if (error !== undefined) rows.push({ ...at, split, metric: 'error', value: error });
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

/** Lets messages and signals in every 50 ms, and reports progress four times a second. */
function pacer(
  listener: TrialListener,
  progress: () => Parameters<TrialListener['progress']>[0],
): () => Promise<void> {
  let lastPause = performance.now();
  let lastReport = lastPause;
  return async () => {
    const now = performance.now();
    if (now - lastPause < 50) return;
    lastPause = now;
    if (now - lastReport >= 250) {
      lastReport = now;
      listener.progress(progress());
    }
    await setImmediate();
  };
}

/** Wall-clock seconds by what they are spent on. */
class Stopwatch {
  #spent = { train: 0, evaluate: 0, other: 0 };
  #running: keyof WallSeconds = 'other';
  #since = performance.now();

  start(what: keyof WallSeconds): void {
    const now = performance.now();
    this.#spent[this.#running] += (now - this.#since) / 1000;
    this.#running = what;
    this.#since = now;
  }

  seconds(): WallSeconds {
    this.start(this.#running);
    return { ...this.#spent };
  }

  /** Steps per second while training, and the seconds that are left, evaluation in proportion. */
  pace(done: number, left: number): { stepsPerSecond: number; secondsLeft: number } {
    const { train, evaluate: evaluated } = this.seconds();
    return {
      stepsPerSecond: done / train,
      secondsLeft: done > 0 ? (left / done) * (train + evaluated) : Number.NaN,
    };
  }
}

function digest(arrays: readonly (Float32Array | Int32Array)[]): string {
  const hash = createHash('sha256');
  for (const a of arrays) hash.update(new Uint8Array(a.buffer, a.byteOffset, a.byteLength));
  return hash.digest('hex');
}
