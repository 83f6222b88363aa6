import { UserError } from '../errors.ts';
import { addBias, conv2d, maxPool, relu, reshape } from '../graph/ops/index.ts';
import type { ModelSettings } from '../spec/run.ts';
import { classify, dense, flatten, refuseSparse } from './layers.ts';
import type { Model } from './model.ts';

/**
 * Convolutional network (Adam 2015, section 6.3): c64-c64-c128-1000 with 5x5 filters and 3x3 pooling of stride 2 has
 * 2,371,266 parameters on CIFAR-10. Pooling stands before bias and rectifier: every order gives the same values, and
 * this one adds, rectifies and sums a quarter of them.
 * @throws UserError when the examples are no images.
 */
export const cnn =
  (settings: Extract<ModelSettings, { type: 'cnn' }>): Model =>
  (input, context) => {
    const { channels, kernel, pool, padding, image, initialization, dropout } = settings;
    refuseSparse(input.x, 'cnn');
    let x = image === null ? input.x : reshape(input.x, [input.x.shape[0]!, ...image]);
    if (x.shape.length !== 4) {
      throw new UserError(
        `The model cnn needs images, but the examples have shape [${x.shape.slice(1)}]: set model.image.`,
      );
    }
    x = context.dropout(x, dropout.input);
    channels.forEach((count, i) => {
      const name = `convolution${i + 1}`;
      const filter = context.parameter(
        `${name}/filter`,
        [kernel, kernel, x.shape[3]!, count],
        initialization,
      );
      const bias = context.parameter(`${name}/bias`, [count], { type: 'zeros' });
      const { size, stride, padding: edges } = pool;
      const pooled = maxPool(conv2d(x, filter, { padding }), size, { stride, padding: edges });
      x = relu(addBias(pooled, bias));
    });
    const hidden = relu(dense(context, flatten(x), settings.dense, 'hidden', initialization));
    const logits = dense(
      context,
      context.dropout(hidden, dropout.dense),
      input.classes,
      'output',
      initialization,
    );
    return classify(logits, input);
  };
