// One process that times training steps of this project. Arguments: model (logreg | mlp | mlp-dropout), engine,
// steps. Prints one JSON line: { msPerStep, rssMB, variant }.
import { performance } from 'node:perf_hooks';
import { makeSynthetic } from '../dist/datasets/synthetic.js';
import { loadEngine } from '../dist/engines/index.js';
import { optimizers, resolveHyper } from '../dist/optimizers/index.js';
import { openTrial } from '../dist/training/trial.js';

const [model, engineName, steps] = [process.argv[2], process.argv[3], Number(process.argv[4])];
const initialization = { type: 'normal', deviation: 0.05 };
const models = {
  logreg: { type: 'logistic-regression', initialization, dropout: { input: 0 } },
  mlp: {
    type: 'mlp',
    hidden: [1000, 1000],
    activation: 'relu',
    initialization,
    dropout: { input: 0, hidden: 0 },
  },
  'mlp-dropout': {
    type: 'mlp',
    hidden: [1000, 1000],
    activation: 'relu',
    initialization,
    dropout: { input: 0, hidden: 0.5 },
  },
};
const stepsPerEpoch = 10;
const examples = stepsPerEpoch * 128;
const run = {
  experiment: 'bench',
  optimizer: 'adam',
  seed: 0,
  engine: engineName,
  data: { name: 'synthetic', trainExamples: examples, testExamples: 1 },
  model: models[model],
  batchSize: 128,
  epochs: Math.ceil((steps + stepsPerEpoch) / stepsPerEpoch),
  evaluation: { every: 0, batchSize: 128 },
  optimizerSettings: {
    rule: 'adam',
    hyper: resolveHyper(optimizers.adam),
    schedule: { type: 'constant' },
    warmupSteps: 0,
    weightDecay: null,
  },
};
const engine = await loadEngine(engineName);
const trial = await openTrial(run, {
  dataset: makeSynthetic(examples, 1),
  optimizer: optimizers.adam,
  engine,
});
let start = 0;
let first = 0;
let done = 0;
await trial.run({
  rows() {},
  // The first epoch warms up; the clock runs from its end.
  checkpoint({ state }) {
    if (start === 0) {
      start = performance.now();
      first = state.step;
    }
    done = state.step;
  },
  progress() {},
  shouldStop: () => false,
});
const msPerStep = (performance.now() - start) / (done - first);
const { variant } = await engine.availability();
console.log(JSON.stringify({ msPerStep, rssMB: process.memoryUsage().rss / 1e6, variant }));
