import { describeExample } from '../datasets/example.ts';
import { baseBytes } from '../engines/memory.ts';
import { type GraphSize, graphSize } from '../spec/graph-size.ts';
import { canonicalJson } from '../spec/hash.ts';
import type { ResolvedRun } from '../spec/run.ts';
import { stepsOf } from './plan-runs.ts';
import { evaluations } from './step-times.ts';

/** What a run costs, from its graph alone: the same on every machine. */
export interface RunCost {
  /** Arithmetic operations of all steps and evaluations; comparable between runs, no time. */
  readonly work: number;
  /** Memory of the process that does it. */
  readonly bytes: number;
}

/** What is needed to build a run's model. */
export interface CostedRun {
  readonly id: string;
  readonly run: ResolvedRun;
  readonly modelFile?: string | undefined;
}

/** By id. */
export async function costsOf(runs: readonly CostedRun[]): Promise<Map<string, RunCost>> {
  const costs = new Map<string, RunCost>();
  const sizes = new Map<string, GraphSize>();
  for (const { id, run, modelFile } of runs) {
    const { model, batchSize, evaluation } = run;
    const data = { ...run.data, trainExamples: 0, testExamples: 0 };
    const key = canonicalJson({ model, data, batchSize, evaluation, modelFile });
    const size = sizes.get(key) ?? (await sizeOf(run, modelFile));
    sizes.set(key, size);
    costs.set(id, costOf(run, size));
  }
  return costs;
}

/** A model that cannot be built makes its runs fail, with the reason: nothing is to be said of it here. */
async function sizeOf(run: ResolvedRun, modelFile: string | undefined): Promise<GraphSize> {
  try {
    return await graphSize(run, modelFile);
  } catch {
    return { parameters: 0, activations: 0, forward: 0 };
  }
}

/** A gradient takes about twice its forward pass. */
const PASSES = 3;
/** Of the longest rule, for each parameter. */
const UPDATE = 10;
/** Optimizer state at most, copies of values and state on the host, and gradients; in multiples of the parameters. */
const COPIES = 8;

function costOf(run: ResolvedRun, { parameters, activations, forward }: GraphSize): RunCost {
  const { data, epochs, engine } = run;
  const examples =
    PASSES * epochs * data.trainExamples + evaluations(run) * (data.trainExamples + data.testExamples);
  const word = engine === 'reference' ? 8 : 4;
  return {
    work: 1 + examples * forward + UPDATE * stepsOf(run) * parameters,
    bytes: baseBytes(engine) + word * (COPIES * parameters + 2 * activations) + 2 * dataBytes(run),
  };
}

function dataBytes({ data }: ResolvedRun): number {
  return (data.trainExamples + data.testExamples) * describeExample(data).bytes;
}
