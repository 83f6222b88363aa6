// What durability costs: the time of a run as `adam-repro run` does it (rows, checkpoints after every epoch, each waited
// for until it is on the disk) beside that of the same training that writes nothing. Pairs in turn, the first of a pair
// changing; on a busy machine the share of a run's own time that goes into writing says more than the ratio.
// node bench/durability.mjs [model] [pairs] [epochs] [folder on the disk to measure]
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { models } from './models.mjs';

process.env.ADAM_REPRO_THREADS ??= '1';
const { loadEngine } = await import('../dist/engines/index.js');
const { optimizers, resolveHyper } = await import('../dist/optimizers/index.js');
const { localSystem } = await import('../dist/results/index.js');
const { executeRun } = await import('../dist/runner/execute-run.js');
const { runId } = await import('../dist/spec/hash.js');
const { openTrial } = await import('../dist/training/trial.js');

const [model = 'logreg', pairs = '5', epochs = '2', parent = tmpdir()] = process.argv.slice(2);
if (!(model in models)) throw new Error(`no model ${model}: ${Object.keys(models).join(', ')}`);
const { settings, shape } = models[model];
// 60,000 examples, as MNIST has.
const stepsPerEpoch = 469;
const examples = stepsPerEpoch * 128;
const run = {
  experiment: 'bench',
  optimizer: 'adam',
  seed: 0,
  engine: 'wasm',
  data: { name: 'synthetic', trainExamples: examples, testExamples: 1 },
  model: settings,
  batchSize: 128,
  epochs: Number(epochs),
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
const engine = await loadEngine('wasm');
const { variant, device, threads } = await engine.availability();
const open = () => openTrial(run, { dataset, optimizer: optimizers.adam, engine });

/** Seconds of the training alone. */
async function without() {
  const trial = await open();
  const start = performance.now();
  await trial.run({ rows() {}, checkpoint() {}, progress() {}, shouldStop: () => false });
  const seconds = (performance.now() - start) / 1000;
  trial.dispose();
  return seconds;
}

/** Seconds of it with everything that is written, and how many of them are spent in writing. */
async function withAll() {
  const folder = mkdtempSync(join(parent, 'adam-repro-durability-'));
  const runs = join(folder, 'runs');
  mkdirSync(runs);
  let opened = 0;
  let writing = 0;
  const timed = (write) => (argument) => {
    const start = performance.now();
    write(argument);
    writing += performance.now() - start;
  };
  const openJob = async () => {
    const start = performance.now();
    const trial = await open();
    opened = performance.now() - start;
    const watched = {
      ...{ parameters: trial.parameters, fingerprint: trial.fingerprint, updates: trial.updates },
      ...{ wall: () => trial.wall(), dispose: () => trial.dispose() },
      run: (listener, from) =>
        trial.run({ ...listener, rows: timed(listener.rows), checkpoint: timed(listener.checkpoint) }, from),
    };
    return { trial: watched, engine: { name: 'wasm', variant, device }, threads, data: {} };
  };
  const job = { id: runId(run), run, runs, dataFolder: folder, offline: true };
  const start = performance.now();
  const { status } = await executeRun(localSystem(), job, openJob, { shouldStop: () => false, report() {} });
  const seconds = (performance.now() - start - opened) / 1000;
  rmSync(folder, { recursive: true });
  if (status !== 'complete') throw new Error(`the run ended as ${status}`);
  return { seconds, writing: writing / 1000 };
}

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const percent = (share) => `${(100 * share).toFixed(1)} %`;

await without(); // warms up
const ratios = [];
const shares = [];
for (let pair = 0; pair < Number(pairs); pair++) {
  let plain = pair % 2 ? await without() : 0;
  const { seconds, writing } = await withAll();
  if (pair % 2 === 0) plain = await without();
  ratios.push(seconds / plain);
  shares.push(writing / seconds);
  console.log(
    `with ${seconds.toFixed(3)} s, without ${plain.toFixed(3)} s: ratio ${ratios.at(-1).toFixed(3)}; in writing ${percent(shares.at(-1))}`,
  );
}
console.log(
  `${model}, ${epochs} epochs of ${stepsPerEpoch} steps, ${pairs} pairs: ratio ${median(ratios).toFixed(3)} (${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}), in writing ${percent(median(shares))} (up to ${percent(Math.max(...shares))}); medians`,
);
process.exit();
