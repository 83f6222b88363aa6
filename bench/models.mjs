// The models that are timed, with the multiplications and additions of one step at batch 128 (both gradients of every
// product, but none for the input).
const normal = { type: 'normal', deviation: 0.05 };
const dense = (n, ...rows) =>
  (2 * 128 * rows.reduce((sum, [products, size]) => sum + products * size, 0)) / n;

const mlp = (dropout) => ({
  settings: {
    type: 'mlp',
    hidden: [1000, 1000],
    activation: 'relu',
    initialization: normal,
    dropout: { input: 0, hidden: dropout },
  },
  shape: [784],
  gflop: dense(1e9, [2, 784_000], [3, 1_010_000]),
  steps: 40,
  stepsPerEpoch: 40,
});

export const models = {
  logreg: {
    settings: { type: 'logistic-regression', initialization: normal, dropout: { input: 0 } },
    shape: [784],
    gflop: dense(1e9, [2, 7840]),
    steps: 1000,
    stepsPerEpoch: 500,
  },
  mlp: mlp(0),
  'mlp-dropout': mlp(0.5),
  cnn: {
    settings: {
      type: 'cnn',
      channels: [64, 64, 128],
      kernel: 5,
      pool: { size: 3, stride: 2, padding: 'same' },
      padding: 'same',
      dense: 1000,
      image: null,
      initialization: normal,
      dropout: { input: 0, dense: 0 },
    },
    shape: [32, 32, 3],
    gflop: dense(1e9, [2, 1024 * 4800], [3, 256 * 102_400], [3, 64 * 204_800], [3, 2_058_000]),
    steps: 6,
    stepsPerEpoch: 3,
  },
  vae: {
    settings: {
      type: 'vae',
      hidden: 500,
      latent: 50,
      activation: 'softplus',
      samples: 1,
      initialization: normal,
    },
    shape: [784],
    gflop: dense(1e9, [2, 392_000], [3, 50_000 + 25_000 + 392_000]),
    steps: 40,
    stepsPerEpoch: 40,
  },
};
