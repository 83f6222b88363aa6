import { expect, it } from 'vitest';
import { loadSpec, parseSpec } from '../../src/spec/load.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import { checkCriterion, experimentCriterion } from '../../src/tuning/experiment-criterion.ts';

const experimentOf = async (model: string) => {
  const text = `
data: { name: mnist, binarize: threshold }
model: ${model}
training: { batchSize: 10, epochs: 1 }
optimizers: { adam: {} }
`;
  return resolveSpec(await parseSpec('tiny.yaml', text), { engine: 'wasm' });
};

it('the error is a criterion for models that classify, and a cost is one for all', async () => {
  const vae = await experimentOf('{ type: vae, hidden: 4, latent: 2 }');
  await expect(checkCriterion(vae, 'test-error')).rejects.toThrow(
    'test-error is no criterion for tiny, whose model classifies nothing: choose another one with --criterion.',
  );
  await checkCriterion(vae, 'test-cost');
  await checkCriterion(await experimentOf('{ type: mlp, hidden: [4] }'), 'test-error');
});

it('a problem is compared by its cost alone', async () => {
  const problem = async (name: string) => {
    const spec = await loadSpec(name);
    return { spec, experiment: await resolveSpec(spec, { engine: 'reference' }) };
  };
  const ravine = await problem('ravine');
  expect(experimentCriterion(ravine.spec)).toEqual({ name: 'train-cost', lastEpochs: 1 });
  await checkCriterion(ravine.experiment, 'train-cost');
  await expect(checkCriterion(ravine.experiment, 'test-error')).rejects.toThrow(
    'test-error is no criterion for ravine, a problem without minibatches and test set: leave out --criterion.',
  );
});
