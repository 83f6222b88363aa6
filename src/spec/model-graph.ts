import { describeExample, type ExampleDescription } from '../datasets/example.ts';
import type { Node } from '../graph/node.ts';
import { sizeOf } from '../graph/node.ts';
import { feed, isSparseRows, sparseRows } from '../graph/ops/index.ts';
import { topologicalOrder } from '../graph/order.ts';
import { buildModel, loadModelFile, type Model, type ModelBuilder, modelBuilder } from '../models/index.ts';
import { buildProblem } from '../problems/index.ts';
import type { Mistake } from './issue.ts';
import type { NetworkSettings, ResolvedRun } from './run.ts';
import type { SpecContent } from './schema.ts';
import { fileDigest, fileProblem } from './user-files.ts';

/** How large the graphs of a model are, in numbers. */
export interface ModelSize {
  readonly parameters: number;
  /** The largest array in training or evaluation. */
  readonly largestArray: number;
}

/**
 * Builds a spec's model once, for training and for evaluation, so that a model that does not fit fails before anything
 * starts; no array is made.
 *
 * @param file absolute path of a user's model.
 */
export async function checkModel(
  content: SpecContent,
  file: string | undefined,
): Promise<{ size?: ModelSize; mistakes: Mistake[] }> {
  if (content.model.type === 'problem') {
    const parameters = buildProblem(content.model.problem, 0).start.length;
    return { size: { parameters, largestArray: parameters }, mistakes: [] };
  }
  const path = file === undefined ? ['model'] : ['model', 'file'];
  const mistake = (code: Mistake['code'], clause: string) => ({
    mistakes: [{ code, path, at: 'value', message: `${path.join('.')}: ${clause}` } as const],
  });
  const problem = file === undefined ? undefined : fileProblem(file);
  if (problem !== undefined) return mistake('bad-file', problem);
  try {
    const model = await modelOf(content.model, file);
    return { size: sizeOfModel(model, content), mistakes: [] };
  } catch (error) {
    const message = (error as Error).message.replace(/\.$/, '');
    if (file === undefined) return mistake('invalid-value', message);
    return mistake(
      'bad-file',
      message.includes(file) ? message : `${file}${lineIn(file, error)}: ${message}`,
    );
  }
}

const loaded = new Map<string, Model>();

/** A file is loaded once for all profiles, unless it changes. */
async function modelOf(
  settings: ResolvedRun['model'] | SpecContent['model'],
  file: string | undefined,
): Promise<Model> {
  if (file === undefined) return buildModel(settings as NetworkSettings);
  const key = `${fileDigest(file)} ${file}`;
  const model = loaded.get(key) ?? (await loadModelFile(file));
  loaded.set(key, model);
  return model;
}

/**
 * Whether the evaluation of a network gives an error besides the cost; others than classifiers have none.
 *
 * @param file absolute path of a user's model.
 */
export async function measuresError(run: ResolvedRun, file: string | undefined): Promise<boolean> {
  const model = await modelOf(run.model, file);
  const builder = modelBuilder({ seed: 0, step: feed('step', [1], 'int32') });
  // Parameters are declared in training first.
  built(builder, model, run.data, run.batchSize, true);
  return built(builder, model, run.data, run.evaluation.batchSize, false).output.error !== undefined;
}

function sizeOfModel(model: Model, { data, training, evaluation }: SpecContent): ModelSize {
  const builder = modelBuilder({ seed: 0, step: feed('step', [1], 'int32') });
  const graph = (batch: number, inTraining: boolean): Node[] => {
    const { x, output } = built(builder, model, data, batch, inTraining);
    return topologicalOrder([output.cost, ...(isSparseRows(x) ? x.inputs : [x])]);
  };
  const nodes = [...graph(training.batchSize, true), ...graph(evaluation.batchSize, false)];
  const parameters = [...builder.parameters.values()].reduce((sum, { node }) => sum + sizeOf(node.shape), 0);
  return { parameters, largestArray: nodes.reduce((most, { shape }) => Math.max(most, sizeOf(shape)), 0) };
}

function built(
  builder: ModelBuilder,
  model: Model,
  data: ResolvedRun['data'],
  batch: number,
  inTraining: boolean,
) {
  const example = describeExample(data);
  const x = batchOf(batch, example);
  const labels = feed('labels', [batch], 'uint8');
  return { x, output: builder.build(model, { x, labels, classes: example.classes }, inTraining) };
}

function batchOf(batch: number, { shape, entries }: ExampleDescription): Node {
  if (entries === undefined) return feed('x', [batch, ...shape]);
  const capacity = [batch * entries];
  const [columns, offsets] = [feed('columns', capacity, 'int32'), feed('offsets', [batch + 1], 'int32')];
  return sparseRows(columns, feed('values', capacity), offsets, shape[0]!);
}

/** `:12` where the error, or what it was made from, was thrown in line 12 of the file. */
function lineIn(file: string, error: unknown): string {
  const { stack, cause } = error as Error;
  const text = `${cause instanceof Error ? cause.stack : ''}\n${stack}`;
  const at = text.indexOf(`${file}:`);
  const line = at < 0 ? undefined : /^\d+/.exec(text.slice(at + file.length + 1));
  return line ? `:${line[0]}` : '';
}
