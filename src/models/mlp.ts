import type { ModelSettings } from '../spec/run.ts';
import { activations, classify, dense, flatten } from './layers.ts';
import type { Model } from './model.ts';

/** Fully connected network with dropout (Adam 2015, section 6.2): 784-1000-1000-10 has 1,796,010 parameters. */
export const mlp =
  ({ hidden, activation, initialization, dropout }: Extract<ModelSettings, { type: 'mlp' }>): Model =>
  (input, context) => {
    let x = context.dropout(flatten(input.x), dropout.input);
    hidden.forEach((units, i) => {
      const z = dense(context, x, units, `hidden${i + 1}`, initialization);
      x = context.dropout(activations[activation](z), dropout.hidden);
    });
    return classify(dense(context, x, input.classes, 'output', initialization), input);
  };
