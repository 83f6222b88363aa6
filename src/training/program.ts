import { gradients } from '../graph/autodiff.ts';
import type { Node } from '../graph/node.ts';
import {
  dropout as dropoutOp,
  type Feed,
  feed,
  gather,
  multiply,
  randomNormal,
  sum,
  type Variable,
  variable,
} from '../graph/ops/index.ts';
import type { Program, ProgramVariable, Signature } from '../graph/program.ts';
import type { TracedRule } from '../graph/rule.ts';
import { initialValues } from '../models/initialization.ts';
import type { Model, ModelContext, ModelOutput } from '../models/model.ts';

export interface ProgramSettings {
  readonly model: Model;
  readonly rule: TracedRule;
  readonly seed: number;
  readonly batchSize: number;
  readonly evaluationBatchSize: number;
  readonly data: {
    /** Training and test examples together. */
    readonly examples: number;
    /** Shape of one example. */
    readonly shape: readonly number[];
    readonly dtype: 'uint8' | 'float';
    readonly scale: number;
    readonly classes: number;
  };
}

export interface TrainingProgram {
  readonly program: Program;
  /** First values of the parameters and of the optimizer's state, by variable name. */
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
  const inputs = variable('data/inputs', [data.examples, ...data.shape], data.dtype);
  const labels = variable('data/labels', [data.examples], 'uint8');
  const parameters = new Map<string, Variable>();
  const initial = new Map<string, Float32Array>();
  const step = feed('step', [1], 'int32');

  const build = (rows: Feed, training: boolean): ModelOutput => {
    // Noise of evaluation comes from arrays that training never draws from.
    let draws = training ? 0 : 2 ** 16;
    const context: ModelContext = {
      training,
      parameter: (name, shape, initialization) => {
        const known = parameters.get(name);
        if (known) return known;
        const made = variable(name, shape);
        initial.set(name, initialValues(initialization, shape, seed, parameters.size));
        parameters.set(name, made);
        return made;
      },
      dropout: (x, rate) =>
        training ? dropoutOp(x, rate, { seed, stream: 'dropout', draw: draws++ }, step) : x,
      normal: (shape) => randomNormal(shape, { seed, stream: 'latent', draw: draws++ }, step),
    };
    const scale = data.dtype === 'uint8' ? data.scale : null;
    return model(
      { x: gather(inputs, rows, scale), labels: gather(labels, rows), classes: data.classes },
      context,
    );
  };

  const rows = feed('rows', [batchSize], 'int32');
  const weights = feed('weights', [batchSize]);
  const scalars = feed('scalars', [Math.max(1, rule.scalars.length)]);
  const cost = sum(multiply(build(rows, true).cost, weights));
  const trained = [...parameters.values()];
  const gradient = gradients(cost, trained);

  const state: Variable[] = [];
  const updates = trained.map((parameter, i) => {
    const slots = Object.entries(rule.state).map(([slot, start]) => {
      const made = variable(`${parameter.attributes.name}/${slot}`, parameter.shape);
      initial.set(
        made.attributes.name,
        new Float32Array(initial.get(parameter.attributes.name)!.length).fill(start),
      );
      state.push(made);
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
      { node: inputs, role: 'data' },
      { node: labels, role: 'data' },
    ],
    signatures: {
      initialize: assign([...stored, inputs, labels]),
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
  return { program, initial, parameters: trained };
}

/** Feeds of the variables' own names, stored in them. */
function assign(variables: readonly Variable[]): Signature {
  const assignments = variables.map((node) => {
    const { name, shape, dtype } = node.attributes;
    return { variable: node, value: feed(name, shape, dtype) };
  });
  return { feeds: assignments.map((a) => a.value), fetches: {}, assignments, updates: [] };
}
