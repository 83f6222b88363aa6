import type { ModelSettings } from '../spec/run.ts';
import { classify, dense, flatten } from './layers.ts';
import type { Model } from './model.ts';

/** Multi-class logistic regression (Adam 2015, section 6.1): 7,850 parameters on MNIST. */
export const logisticRegression =
  ({ initialization, dropout }: Extract<ModelSettings, { type: 'logistic-regression' }>): Model =>
  (input, context) =>
    classify(
      dense(
        context,
        context.dropout(flatten(input.x), dropout.input),
        input.classes,
        'output',
        initialization,
      ),
      input,
    );
