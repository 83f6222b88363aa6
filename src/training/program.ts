import { gradients } from '../graph/autodiff.ts';
import { type Node, sizeOf } from '../graph/node.ts';
import { type Feed, feed, multiply, sum, type Variable, variable } from '../graph/ops/index.ts';
import type { Program, ProgramVariable, Signature } from '../graph/program.ts';
import type { TracedRule } from '../graph/rule.ts';
import { modelBuilder } from '../models/build.ts';
import { initialValues } from '../models/initialization.ts';
import type { Model, ModelOutput } from '../models/model.ts';
import { type DataDescription, dataNodes } from './data-nodes.ts';

export interface ProgramSettings {
  readonly model: Model;
  readonly rule: TracedRule;
  readonly seed: number;
  readonly batchSize: number;
  readonly evaluationBatchSize: number;
  readonly data: DataDescription;
}

export interface TrainingProgram {
  readonly program: Program;
  /**
   * First values of the parameters and of the optimizer's state, by variable name. They are made when they are first
   * asked for: a program that no engine can hold fails before.
   */
  readonly initial: ReadonlyMap<string, Float32Array>;
  readonly parameters: readonly Variable[];
}

/**
 * The graph of one run. Feeds of `step`: `rows` (numbers of the examples), `weights` (1/n for each of the n examples,
 * 0 for padding), `step` (for the random streams), `scalars` (the rule's); its fetch `cost` is the mean cost of the
 * batch. `evaluate` takes `rows`, `weights` (1 or 0) and `step` (for the noise of a model that has some) and gives
 * sums. `read` fetches all parameters and state,
 * `restore` feeds them, `initialize` feeds the data as well.
 */
export function buildProgram({
  model,
  rule,
  seed,
  batchSize,
  evaluationBatchSize,
  data,
}: ProgramSettings): TrainingProgram {
  const resident = dataNodes(data);
  const step = feed('step', [1], 'int32');
  const builder = modelBuilder({ seed, step });
  const build = (rows: Feed, training: boolean): ModelOutput =>
    builder.build(model, { ...resident.batch(rows), classes: data.classes }, training);

  const rows = feed('rows', [batchSize], 'int32');
  const weights = feed('weights', [batchSize]);
  const scalars = feed('scalars', [Math.max(1, rule.scalars.length)]);
  const cost = sum(multiply(build(rows, true).cost, weights));
  const trained = [...builder.parameters.values()].map(({ node }) => node);
  const gradient = gradients(cost, trained);

  const state: Variable[] = [];
  const starts: number[] = [];
  const updates = trained.map((parameter, i) => {
    const slots = Object.entries(rule.state).map(([slot, start]) => {
      const made = variable(`${parameter.attributes.name}/${slot}`, parameter.shape);
      state.push(made);
      starts.push(start);
      return [slot, made] as const;
    });
    return { rule, parameter, gradient: gradient[i]!, state: Object.fromEntries(slots), scalars };
  });

  const evaluatedRows = feed('rows', [evaluationBatchSize], 'int32');
  const evaluatedWeights = feed('weights', [evaluationBatchSize]);
  const evaluated = build(evaluatedRows, false);
  const weighed = (x: Node): Node => sum(multiply(x, evaluatedWeights));

  const stored = [...trained, ...state];
  const program: Program = {
    variables: [
      ...trained.map((node): ProgramVariable => ({ node, role: 'parameter' })),
      ...state.map((node): ProgramVariable => ({ node, role: 'state' })),
      ...resident.variables.map((node): ProgramVariable => ({ node, role: 'data' })),
    ],
    signatures: {
      initialize: assign([...stored, ...resident.variables]),
      restore: assign(stored),
      step: { feeds: [rows, weights, step, scalars], fetches: { cost }, assignments: [], updates },
      evaluate: {
        feeds: [evaluatedRows, evaluatedWeights, step],
        fetches: {
          cost: weighed(evaluated.cost),
          ...(evaluated.error && { error: weighed(evaluated.error) }),
        },
        assignments: [],
        updates: [],
      },
      read: {
        feeds: [],
        fetches: Object.fromEntries(stored.map((node) => [node.attributes.name, node])),
        assignments: [],
        updates: [],
      },
    },
  };
  let initial: Map<string, Float32Array> | undefined;
  const firstValues = (): Map<string, Float32Array> =>
    new Map([
      ...[...builder.parameters].map(
        ([name, { node, initialization }], i) =>
          [name, initialValues(initialization, node.shape, seed, i)] as const,
      ),
      ...state.map(
        ({ attributes: { name }, shape }, i) =>
          [name, new Float32Array(sizeOf(shape)).fill(starts[i]!)] as const,
      ),
    ]);
  return {
    program,
    get initial() {
      initial ??= firstValues();
      return initial;
    },
    parameters: trained,
  };
}

/** Feeds of the variables' own names, stored in them. */
function assign(variables: readonly Variable[]): Signature {
  const assignments = variables.map((node) => {
    const { name, shape, dtype } = node.attributes;
    return { variable: node, value: feed(name, shape, dtype) };
  });
  return { feeds: assignments.map((a) => a.value), fetches: {}, assignments, updates: [] };
}
