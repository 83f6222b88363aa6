// One process that times training steps of this project: forward, backward and Adam at batch 128.
// Arguments: model, engine, steps, threads. Prints one JSON line: { msPerStep, rssMB, variant }.
import { performance } from 'node:perf_hooks';
import { models } from './models.mjs';

const [model, engineName, steps, threads] = [
  process.argv[2],
  process.argv[3],
  Number(process.argv[4]),
  process.argv[5],
];
process.env.ADAM_REPRO_THREADS = threads;
const { loadEngine } = await import('../dist/engines/index.js');
const { optimizers, resolveHyper } = await import('../dist/optimizers/index.js');
const { openTrial } = await import('../dist/training/trial.js');

const { settings, shape, stepsPerEpoch } = models[model];
const examples = stepsPerEpoch * 128;
const run = {
  experiment: 'bench',
  optimizer: 'adam',
  seed: 0,
  engine: engineName,
  data: { name: 'synthetic', trainExamples: examples, testExamples: 1 },
  model: settings,
  batchSize: 128,
  epochs: 1 + Math.ceil(steps / stepsPerEpoch),
  evaluation: { every: 0, batchSize: 128 },
  optimizerSettings: {
    rule: 'adam',
    hyper: resolveHyper(optimizers.adam),
    schedule: { type: 'constant' },
    warmupSteps: 0,
    weightDecay: null,
  },
};

const split = (count) => ({
  examples: count,
  inputs: {
    data: Uint8Array.from(
      { length: count * shape.reduce((a, b) => a * b) },
      (_, i) => (i * 2654435761) >>> 24,
    ),
    shape,
    scale: 1 / 255,
  },
  labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
});
const dataset = { name: 'made up', classes: 10, train: split(examples), test: split(1), checksums: {} };
const engine = await loadEngine(engineName);
const trial = await openTrial(run, { dataset, optimizer: optimizers.adam, engine });
let start = 0;
let first = 0;
let done = 0;
await trial.run({
  rows() {},
  progress() {},
  // The first epoch warms up; the clock runs from its end. Epochs are long, as a checkpoint reads all parameters.
  shouldStop: () => start !== 0 && done - first >= steps,
  checkpoint({ state }) {
    if (start === 0) {
      start = performance.now();
      first = state.step;
    }
    done = state.step;
  },
});
const msPerStep = (performance.now() - start) / (done - first);
const { variant } = await engine.availability();
process.stdout.write(`${JSON.stringify({ msPerStep, rssMB: process.memoryUsage().rss / 1e6, variant })}\n`);
process.exit();
