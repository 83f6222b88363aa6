import { UserError } from '../errors.ts';
import { type DType, type Node, type Shape, sameShape } from '../graph/node.ts';
import { dropout, type Feed, randomNormal, type Variable, variable } from '../graph/ops/index.ts';
import { topologicalOrder } from '../graph/order.ts';
import type { Initialization } from '../spec/run.ts';
import type { Model, ModelContext, ModelInput, ModelOutput } from './model.ts';

export interface DeclaredParameter {
  readonly node: Variable;
  readonly initialization: Initialization;
}

export interface ModelBuilder {
  /** By name, in the order of their declaration. */
  readonly parameters: ReadonlyMap<string, DeclaredParameter>;
  /**
   * Adds a model's graph for one minibatch; the graph of training comes first, and declares the parameters.
   * @throws UserError when the model fails, or what it declares or returns makes no sense.
   */
  build(model: Model, input: ModelInput, training: boolean): ModelOutput;
}

/** `step` is the feed that random numbers change with. */
export function modelBuilder({ seed, step }: { readonly seed: number; readonly step: Feed }): ModelBuilder {
  const parameters = new Map<string, DeclaredParameter>();
  const contextOf = (training: boolean): ModelContext => {
    // Noise of evaluation comes from arrays that training never draws from.
    let draws = training ? 0 : 2 ** 16;
    return {
      training,
      parameter: (name, shape, initialization) => {
        checkDeclaration(name, shape, initialization);
        const known = parameters.get(name)?.node;
        if (known === undefined && !training) throw new UserError(`${declared(name)} in evaluation only.`);
        if (known !== undefined && !sameShape(known.shape, shape)) {
          throw new UserError(
            `${declared(name)} twice with different shapes, [${known.shape.join(', ')}] and ` +
              `[${shape.join(', ')}]: give each its own name.`,
          );
        }
        if (known !== undefined) return known;
        const node = variable(name, [...shape]);
        parameters.set(name, { node, initialization });
        return node;
      },
      dropout: (x, rate) =>
        training ? dropout(x, rate, { seed, stream: 'dropout', draw: draws++ }, step) : x,
      normal: (shape) => randomNormal(shape, { seed, stream: 'latent', draw: draws++ }, step),
    };
  };
  return {
    parameters,
    build: (model, input, training) => {
      const output = called(model, input, contextOf(training));
      checkOutput(output, input);
      if (training) checkUse(output, parameters);
      return output;
    },
  };
}

const declared = (name: string): string => `The model declares the parameter ${name}`;

/** A model's own words where it refuses something; they may come from another copy of this package's classes. */
function called(model: Model, input: ModelInput, context: ModelContext): unknown {
  try {
    return model(input, context);
  } catch (cause) {
    const { name, message } = cause instanceof Error ? cause : { name: '', message: String(cause) };
    if (cause instanceof UserError) throw cause;
    const clear = ['UserError', 'UsageError'].includes(name);
    throw new UserError(clear ? message : `The model fails while its graph is built: ${message}.`, { cause });
  }
}

const initializationTypes = ['zeros', 'normal', 'glorot-uniform', 'glorot-normal', 'he-normal'];

function checkDeclaration(name: unknown, shape: unknown, initialization: unknown): void {
  if (typeof name !== 'string' || name === '') {
    throw new UserError(`The model declares a parameter with the name ${String(name)}: give it a text.`);
  }
  const sizes: unknown[] = Array.isArray(shape) ? shape : [0];
  if (!sizes.every((size) => Number.isInteger(size) && (size as number) >= 1)) {
    const found = Array.isArray(shape) ? `[${shape.join(', ')}]` : String(shape);
    throw new UserError(`${declared(name)} with the shape ${found}: give a list of whole numbers >= 1.`);
  }
  const { type, deviation } = (initialization ?? {}) as { type?: unknown; deviation?: unknown };
  if (!initializationTypes.includes(type as string)) {
    throw new UserError(
      `${declared(name)} with the initialization ${type === undefined ? String(initialization) : `{ type: '${String(type)}' }`}: ` +
        `the type must be one of ${initializationTypes.join(', ')}.`,
    );
  }
  if (type === 'normal' && !(typeof deviation === 'number' && deviation > 0 && deviation < Infinity)) {
    throw new UserError(
      `${declared(name)} as normal with the deviation ${String(deviation)}: give a number > 0.`,
    );
  }
}

function checkOutput(output: unknown, { x, labels, classes }: ModelInput): asserts output is ModelOutput {
  const { cost, error, then } = (output ?? {}) as Record<string, unknown>;
  if (typeof then === 'function') {
    throw new UserError('The model returns a promise: make it a plain function, not an async one.');
  }
  if (cost === undefined)
    throw new UserError('The model returns no cost: return { cost }, or { cost, error }.');
  const batch = x.shape.slice(0, 1);
  for (const [what, value] of Object.entries(error === undefined ? { cost } : { cost, error })) {
    if (!isNode(value))
      throw new UserError(`The model's ${what} is no node of a graph: return one of shape [batch].`);
    if (!sameShape(value.shape, batch) || value.dtype !== 'float') {
      throw new UserError(
        `The model's ${what} is ${value.dtype} [${value.shape.join(', ')}], but it must be float [${batch}]: ` +
          'one number for each example of the batch.',
      );
    }
  }
  for (const node of topologicalOrder([cost, error].filter(isNode))) {
    if (!['softmaxCrossEntropy', 'misclassified'].includes(node.op) || node.inputs[1] !== labels) continue;
    const values = node.inputs[0]!.shape[1]!;
    if (values < classes) {
      throw new UserError(
        `The logits have ${values} values, the data ${classes} classes: they must be as many.`,
      );
    }
  }
}

function isNode(value: unknown): value is Node {
  const { op, inputs, shape, dtype } = (value ?? {}) as {
    op?: unknown;
    inputs?: unknown;
    shape?: Shape;
    dtype?: DType;
  };
  return typeof op === 'string' && Array.isArray(inputs) && Array.isArray(shape) && typeof dtype === 'string';
}

/** There is something to train, and the cost depends on all of it. */
function checkUse({ cost }: ModelOutput, parameters: ModelBuilder['parameters']): void {
  if (parameters.size === 0) {
    throw new UserError('The model declares no parameter: use context.parameter, or a layer such as dense.');
  }
  const used = new Set(topologicalOrder([cost]));
  for (const [name, { node }] of parameters) {
    if (!used.has(node)) throw new UserError(`${declared(name)}, but its cost does not depend on it.`);
  }
}
