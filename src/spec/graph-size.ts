import { describeExample } from '../datasets/example.ts';
import { type Node, type Shape, sizeOf } from '../graph/node.ts';
import { feed } from '../graph/ops/index.ts';
import { topologicalOrder } from '../graph/order.ts';
import { buildModel, loadModelFile, modelBuilder } from '../models/index.ts';
import type { NetworkSettings, ResolvedRun } from './run.ts';

/** How much a run's graphs compute. */
export interface GraphSize {
  readonly parameters: number;
  /** Numbers that a pass over one batch computes, training and evaluation. */
  readonly activations: number;
  /** Operations of the forward pass, for one example. */
  readonly forward: number;
}

/** @param modelFile absolute path of a user's model. */
export async function graphSize(run: ResolvedRun, modelFile: string | undefined): Promise<GraphSize> {
  if (run.model.type === 'problem') return { parameters: 100, activations: 100, forward: 100 };
  const model =
    modelFile === undefined ? buildModel(run.model as NetworkSettings) : await loadModelFile(modelFile);
  const { shape, classes, entries } = describeExample(run.data);
  const sparse = entries === undefined ? undefined : { width: sizeOf(shape), entries };
  const builder = modelBuilder({ seed: 0, step: feed('step', [1], 'int32') });
  const graph = (batch: number, inTraining: boolean): Node[] => {
    const x = feed('x', [batch, ...shape]);
    const labels = feed('labels', [batch], 'uint8');
    return topologicalOrder([builder.build(model, { x, labels, classes }, inTraining).cost]);
  };
  const nodes = graph(run.batchSize, true);
  const numbers = (all: readonly Node[]) => all.reduce((sum, { shape }) => sum + numbersOf(shape, sparse), 0);
  return {
    parameters: [...builder.parameters.values()].reduce((sum, { node }) => sum + sizeOf(node.shape), 0),
    activations: numbers(nodes) + numbers(graph(run.evaluation.batchSize, false)),
    forward: nodes.reduce((sum, node) => sum + operations(node, sparse), 0) / run.batchSize,
  };
}

/** Rows of which only some entries are there: arrays of that width, and products with them, are as large as those. */
interface SparseRows {
  readonly width: number;
  readonly entries: number;
}

function numbersOf(shape: Shape, sparse: SparseRows | undefined): number {
  const size = sizeOf(shape);
  return shape.length > 1 && sparse?.width === shape.at(-1) ? (size / sparse!.width) * sparse!.entries : size;
}

/** Multiplications and additions of a product or convolution, one operation for each number of what else is computed. */
function operations({ op, inputs, shape }: Node, sparse: SparseRows | undefined): number {
  if (inputs.length === 0) return 0;
  const size = sizeOf(shape);
  if (op === 'conv2d') return 2 * size * (sizeOf(inputs[1]!.shape) / shape.at(-1)!);
  if (op !== 'matmul') return numbersOf(shape, sparse);
  return 2 * size * (numbersOf(inputs[0]!.shape, sparse) / shape[0]!);
}
