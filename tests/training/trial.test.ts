import { describe, expect, it } from 'vitest';
import { firstExamples } from '../../src/datasets/dataset.ts';
import { reference } from '../../src/engines/reference/index.ts';
import { sizeOf } from '../../src/graph/node.ts';
import { feed, variable } from '../../src/graph/ops/index.ts';
import { buildModel } from '../../src/models/index.ts';
import { optimizers } from '../../src/optimizers/index.ts';
import { loadSpec } from '../../src/spec/load.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import type { NetworkSettings } from '../../src/spec/run.ts';
import { openTrial } from '../../src/training/trial.ts';
import { dataOf, record, smallRun } from './runs.ts';

const open = (run = smallRun('adam')) =>
  openTrial(run, { dataset: dataOf(run), optimizer: optimizers[run.optimizer as 'adam'], engine: reference });

describe('a trial', () => {
  it('refuses labels that are no class of the data set', async () => {
    const run = smallRun('adam');
    const dataset = dataOf(run);
    dataset.test.labels[3] = 10;
    await expect(openTrial(run, { dataset, optimizer: optimizers.adam, engine: reference })).rejects.toThrow(
      'The data set synthetic has 10 classes, but an example with the label 10: fetch it again.',
    );
  });

  it('logs the start, and after every epoch the minibatch cost and full passes', async () => {
    const { outcome, rows } = await record(await open());
    expect(outcome).toBe('complete');
    const columns = rows.map((r) => `${r.epoch} ${r.step} ${r.split} ${r.metric}`);
    const pass = (epoch: number, step: number) => [
      `${epoch} ${step} train cost`,
      `${epoch} ${step} train error`,
      `${epoch} ${step} test cost`,
      `${epoch} ${step} test error`,
    ];
    const epoch = (n: number) => [`${n} ${3 * n} train minibatch-cost`, ...pass(n, 3 * n)];
    expect(columns).toEqual([...pass(0, 0), ...epoch(1), ...epoch(2), ...epoch(3)]);
  });

  it('measures the first cost near ln 10 on ten classes', async () => {
    const run = smallRun('sgd', {
      model: { type: 'logistic-regression', initialization: { type: 'zeros' }, dropout: { input: 0 } },
    });
    const { rows } = await record(await open(run));
    expect(rows[0]).toMatchObject({ epoch: 0, metric: 'cost' });
    expect(rows[0]!.value).toBeCloseTo(Math.log(10), 12);
    const error = rows[1]!.value;
    expect(error * 40).toBeCloseTo(Math.round(error * 40), 9);
  });

  it('gives the same rows twice', async () => {
    expect(await record(await open())).toEqual(await record(await open()));
  });

  // It asks before each of the 3 steps of an epoch, and after each of the 5 batches of an evaluation, of which the first
  // is before training.
  it.each([0, 4, 5, 6, 8, 10, 12, 13, 27, 28])(
    'told to stop when it asks the %ith time, goes on to the same rows',
    async (stopAt) => {
      const whole = await record(await open());
      const first = await record(await open(), { stopAt });
      expect(first.outcome).toBe('stopped');
      // Before the first step nothing is kept.
      const kept = first.last ? { from: first.last } : {};
      const second = await record(await open(), kept);
      expect(second.outcome).toBe('complete');
      expect([...(first.last ? first.rows : []), ...second.rows]).toEqual(whole.rows);
      expect(second.last).toEqual(whole.last);
    },
  );

  it('uses every example of an epoch, the partial batch included', async () => {
    // With the learning rate 0 nothing changes, so that the mean over the minibatches is the full pass.
    const zero = smallRun('sgd', {
      model: {
        type: 'logistic-regression',
        initialization: { type: 'normal', deviation: 1 },
        dropout: { input: 0 },
      },
      optimizerSettings: { ...smallRun('sgd').optimizerSettings, hyper: { lr: 0 } },
    });
    const { rows } = await record(await open(zero));
    const minibatch = rows.find((r) => r.metric === 'minibatch-cost')!.value;
    const full = rows.find((r) => r.metric === 'cost' && r.split === 'train')!.value;
    expect(minibatch).toBeCloseTo(full, 12);
  });

  it('shares initial weights and batch order between optimizers of one seed, not between seeds', async () => {
    const [adam, sgd, other] = await Promise.all([
      open(),
      open(smallRun('sgd')),
      open(smallRun('adam', { seed: 1 })),
    ]);
    expect(sgd.fingerprint).toEqual(adam.fingerprint);
    expect(other.fingerprint.initialWeights).not.toBe(adam.fingerprint.initialWeights);
    expect(other.fingerprint.batchOrder).not.toBe(adam.fingerprint.batchOrder);
  });

  it('is not disturbed by evaluation', async () => {
    const seldom = smallRun('adam', { evaluation: { every: 0, batchSize: 16 } });
    const minibatch = (rows: { metric: string; value: number }[]) =>
      rows.filter((r) => r.metric === 'minibatch-cost').map((r) => r.value);
    expect(minibatch((await record(await open(seldom))).rows)).toEqual(
      minibatch((await record(await open())).rows),
    );
  });

  it('ends as diverged, keeping what it measured', async () => {
    const wild = smallRun('sgd', {
      optimizerSettings: { ...smallRun('sgd').optimizerSettings, hyper: { lr: 1e200 } },
    });
    const { outcome, rows } = await record(await open(wild));
    expect(outcome).toBe('diverged');
    expect(rows.length).toBeGreaterThanOrEqual(4);
    expect(rows.every((r) => Number.isFinite(r.value))).toBe(true);
  });

  it('trains: the cost falls well below chance', async () => {
    const { optimizerSettings } = smallRun('adam');
    const run = smallRun('adam', {
      epochs: 40,
      evaluation: { every: 40, batchSize: 16 },
      model: { type: 'logistic-regression', initialization: { type: 'zeros' }, dropout: { input: 0 } },
      optimizerSettings: { ...optimizerSettings, hyper: { ...optimizerSettings.hyper, lr: 0.01 } },
    });
    const { rows } = await record(await open(run));
    expect(rows.filter((r) => r.split === 'train' && r.metric === 'cost').at(-1)!.value).toBeLessThan(0.5);
  });
});

describe('parameter counts of the papers', () => {
  const mnistShaped = (model: ReturnType<typeof smallRun>['model']) => {
    const run = smallRun('adam', { model, engine: 'reference' });
    const data = dataOf(run);
    return openTrial(run, {
      dataset: { ...data, train: firstExamples(data.train, 2), test: firstExamples(data.test, 2) },
      optimizer: optimizers.adam,
      engine: reference,
    });
  };
  it('logistic regression on MNIST: 7,850', async () => {
    const trial = await mnistShaped({
      type: 'logistic-regression',
      initialization: { type: 'zeros' },
      dropout: { input: 0 },
    });
    expect(trial.parameters).toBe(7_850);
  });
  it('MLP 784-1000-1000-10: 1,796,010', async () => {
    const trial = await mnistShaped({
      type: 'mlp',
      hidden: [1000, 1000],
      activation: 'relu',
      initialization: { type: 'zeros' },
      dropout: { input: 0, hidden: 0.5 },
    });
    expect(trial.parameters).toBe(1_796_010);
  });
  it('VAE 784-500-50-500-784: 860,884', async () => {
    const trial = await mnistShaped({
      type: 'vae',
      hidden: 500,
      latent: 50,
      activation: 'softplus',
      samples: 1,
      initialization: { type: 'zeros' },
    });
    expect(trial.parameters).toBe(860_884);
  });
  const countOf = (model: NetworkSettings, example: readonly number[], classes: number) => {
    let parameters = 0;
    const parameter = (name: string, shape: readonly number[]) => {
      parameters += sizeOf(shape);
      return variable(name, shape);
    };
    buildModel(model)(
      { x: feed('x', [1, ...example]), labels: feed('labels', [1], 'uint8'), classes },
      { training: false, parameter, dropout: (x) => x, normal: (shape) => feed('noise', shape) },
    );
    return parameters;
  };
  it('CNN c64-c64-c128-1000 on CIFAR-10: 2,371,266 with padded pooling, 1,475,266 without', () => {
    const count = (padding: 'same' | 'valid') => {
      const pool = { size: 3, stride: 2, padding };
      const layers = { channels: [64, 64, 128], kernel: 5, pool, padding: 'same', dense: 1000 } as const;
      const dropout = { input: 0, dense: 0 };
      const initialization = { type: 'zeros' } as const;
      return countOf({ type: 'cnn', ...layers, image: null, initialization, dropout }, [32, 32, 3], 10);
    };
    expect(count('same')).toBe(2_371_266);
    expect(count('valid')).toBe(1_475_266);
  });
  it.each<[name: string, parameters: number]>([
    ['imdb-logreg', 20_002],
    ['adamw-decay-heatmap', 67_642],
    ['adamw-normalized-decay', 67_642],
    ['adamw-restarts', 67_642],
    ['adamw-schedules', 67_642],
  ])('%s: %i, as its spec says', async (name, parameters) => {
    const { runs } = await resolveSpec(await loadSpec(name), { engine: 'reference', profile: 'paper' });
    for (const { data, model } of runs) {
      const [example, classes] = data.name === 'imdb' ? [[data.words], 2] : [[32, 32, 3], 10];
      expect(countOf(model as NetworkSettings, example, classes)).toBe(parameters);
    }
  });
});
