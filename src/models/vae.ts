import { add, exp, multiply, sigmoidCrossEntropy, square, subtract, sum } from '../graph/ops/index.ts';
import type { ModelSettings } from '../spec/run.ts';
import { activations, dense, flatten, refuseSparse } from './layers.ts';
import type { Model } from './model.ts';

/**
 * Variational auto-encoder (Kingma & Welling 2013; Adam 2015, section 6.4): 784-500-50-500-784 has 860,884
 * parameters. The cost of an example is the negative lower bound in nats: the Bernoulli reconstruction error, averaged
 * over the noise samples, plus the divergence of the posterior from N(0, I) in closed form.
 */
export const vae =
  ({ hidden, latent, activation, samples, initialization }: Extract<ModelSettings, { type: 'vae' }>): Model =>
  (input, context) => {
    refuseSparse(input.x, 'vae');
    const x = flatten(input.x);
    const activate = activations[activation];
    const encoded = activate(dense(context, x, hidden, 'encoder', initialization));
    const mean = dense(context, encoded, latent, 'mean', initialization);
    const logVariance = dense(context, encoded, latent, 'logVariance', initialization);
    const deviation = exp(multiply(logVariance, 0.5));
    // 1/2 sum(exp(logVariance) + mean^2 - 1 - logVariance), appendix B of Kingma & Welling.
    const excess = subtract(add(exp(logVariance), square(mean)), add(logVariance, 1));
    let cost = multiply(sum(excess, 1), 0.5);
    for (let sample = 0; sample < samples; sample++) {
      const z = add(mean, multiply(deviation, context.normal(mean.shape)));
      const decoded = activate(dense(context, z, hidden, 'decoder', initialization));
      const logits = dense(context, decoded, x.shape[1]!, 'reconstruction', initialization);
      cost = add(cost, multiply(sum(sigmoidCrossEntropy(logits, x), 1), 1 / samples));
    }
    return { cost };
  };
