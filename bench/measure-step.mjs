// One process that times training steps of this project: forward, backward and Adam at batch 128.
// Arguments: model, engine, steps, threads. Prints one JSON line: { msPerStep, rssMB, variant }.
import { performance } from 'node:perf_hooks';
import { madeUpTrial } from './made-up-trial.mjs';
import { models } from './models.mjs';

const [model, engineName, steps, threads] = [
  process.argv[2],
  process.argv[3],
  Number(process.argv[4]),
  process.argv[5],
];
process.env.ADAM_REPRO_THREADS = threads;
const { stepsPerEpoch } = models[model];
const epochs = 1 + Math.ceil(steps / stepsPerEpoch);
const { engine, open } = await madeUpTrial(model, { engineName, stepsPerEpoch, epochs });
const trial = await open();
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
