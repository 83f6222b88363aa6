import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { add, feed, matmul, reshape, softmaxCrossEntropy, sum } from '../../src/graph/ops/index.ts';
import { type Model, type ModelContext, type ModelInput, modelBuilder } from '../../src/models/index.ts';
import { classify, dense } from '../../src/models/layers.ts';

const zeros = { type: 'zeros' } as const;
const weights = (context: ModelContext, columns = 10) => context.parameter('w', [6, columns], zeros);

function build(model: unknown, training = [true]): void {
  const builder = modelBuilder({ seed: 0, step: feed('step', [1], 'int32') });
  const input = { x: feed('x', [4, 6]), labels: feed('labels', [4], 'uint8'), classes: 10 };
  for (const inTraining of training) builder.build(model as Model, input, inTraining);
}
const sound: Model = (input, context) => classify(matmul(input.x, weights(context)), input);

const wrong: [string, unknown, string][] = [
  [
    'fewer logits than classes',
    (input: ModelInput, context: ModelContext) => classify(dense(context, input.x, 7, 'out', zeros), input),
    'The logits have 7 values, the data 10 classes: they must be as many.',
  ],
  [
    'more logits than classes',
    (input: ModelInput, context: ModelContext) => classify(dense(context, input.x, 11, 'out', zeros), input),
    'The logits have 11 values, the data 10 classes: they must be as many.',
  ],
  [
    'fewer logits than classes, without classify',
    ({ x, labels }: ModelInput, context: ModelContext) => ({
      cost: softmaxCrossEntropy(matmul(x, weights(context, 7)), labels),
    }),
    'The logits have 7 values, the data 10 classes',
  ],
  ['no cost', () => ({}), 'The model returns no cost: return { cost }, or { cost, error }.'],
  ['nothing', () => undefined, 'The model returns no cost'],
  ['a promise', async () => ({}), 'The model returns a promise: make it a plain function, not an async one.'],
  ['a number as cost', () => ({ cost: 3 }), 'cost is no node of a graph'],
  [
    'one cost for the batch',
    ({ x }: ModelInput, context: ModelContext) => ({ cost: sum(matmul(x, weights(context))) }),
    "The model's cost is float [], but it must be float [4]: one number for each example of the batch.",
  ],
  [
    'an error of another shape',
    (input: ModelInput, context: ModelContext) => {
      const { cost } = sound(input, context);
      return { cost, error: reshape(cost, [2, 2]) };
    },
    "The model's error is float [2, 2], but it must be float [4]",
  ],
  ['no parameter', ({ x }: ModelInput) => ({ cost: sum(x, 1) }), 'declares no parameter'],
  [
    'a parameter that is not used',
    (input: ModelInput, context: ModelContext) => {
      context.parameter('spare', [2], zeros);
      return sound(input, context);
    },
    'The model declares the parameter spare, but its cost does not depend on it.',
  ],
  [
    'a name with two shapes',
    (_: ModelInput, context: ModelContext) => add(weights(context), weights(context, 7)),
    'The model declares the parameter w twice with different shapes, [6, 10] and [6, 7]: give each its own name.',
  ],
  [
    'an unknown initialization',
    (_: ModelInput, context: ModelContext) => context.parameter('w', [6], { type: 'zero' } as never),
    "The model declares the parameter w with the initialization { type: 'zero' }: the type must be one of zeros, ",
  ],
  [
    'no initialization',
    (_: ModelInput, context: ModelContext) => context.parameter('w', [6], undefined as never),
    'The model declares the parameter w with the initialization undefined: ',
  ],
  [
    'no deviation',
    (_: ModelInput, context: ModelContext) => context.parameter('w', [6], { type: 'normal' } as never),
    'The model declares the parameter w as normal with the deviation undefined: give a number > 0.',
  ],
  [
    'a wrong shape of a parameter',
    (_: ModelInput, context: ModelContext) => context.parameter('w', [6, 1.5], zeros),
    'The model declares the parameter w with the shape [6, 1.5]: give a list of whole numbers >= 1.',
  ],
  [
    'a number as shape',
    (_: ModelInput, context: ModelContext) => context.parameter('w', 6 as never, zeros),
    'The model declares the parameter w with the shape 6: ',
  ],
  [
    'no name',
    (_: ModelInput, context: ModelContext) => context.parameter(undefined as never, [6], zeros),
    'The model declares a parameter with the name undefined: give it a text.',
  ],
  [
    'layers that do not fit',
    ({ x }: ModelInput, context: ModelContext) => matmul(x, context.parameter('w', [5, 2], zeros)),
    'The model fails while its graph is built: matmul: ',
  ],
];

describe('modelBuilder', () => {
  it('accepts a sound model, and a parameter that is declared twice alike', () => {
    expect(() => build(sound, [true, false])).not.toThrow();
    const twice: Model = (input, context) => {
      weights(context);
      return sound(input, context);
    };
    expect(() => build(twice, [true, false])).not.toThrow();
  });

  it.each(wrong)('refuses %s in one sentence', (_, model, message) => {
    expect(() => build(model)).toThrow(UserError);
    expect(() => build(model)).toThrow(message);
  });

  it('refuses a parameter of evaluation only', () => {
    const model: Model = (input, context) => {
      if (!context.training) context.parameter('late', [1], zeros);
      return sound(input, context);
    };
    expect(() => build(model, [true, false])).toThrow(
      'The model declares the parameter late in evaluation only.',
    );
  });

  it('allows a softmax over more values than there are classes', () => {
    const model: Model = ({ x, labels }, context) => ({
      cost: softmaxCrossEntropy(matmul(x, weights(context, 12)), labels),
    });
    expect(() => build(model)).not.toThrow();
  });
});
