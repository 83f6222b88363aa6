// What durability costs: the time of a run as `adam-repro run` does it (rows, checkpoints after every epoch, each waited
// for until it is on the disk) beside that of the same training that writes nothing. Pairs in turn, the first of a pair
// changing; on a busy machine the share of a run's own time that goes into writing says more than the ratio.
// node bench/durability.mjs [model] [pairs] [epochs] [folder on the disk to measure]
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { madeUpTrial } from './made-up-trial.mjs';
import { models } from './models.mjs';

process.env.ADAM_REPRO_THREADS ??= '1';
const { localSystem } = await import('../dist/results/index.js');
const { executeRun } = await import('../dist/runner/execute-run.js');
const { runId } = await import('../dist/spec/hash.js');
const { spreadOf } = await import('../dist/statistics.js');

const [model = 'logreg', pairs = '5', epochs = '2', parent = tmpdir()] = process.argv.slice(2);
if (!(model in models)) throw new Error(`no model ${model}: ${Object.keys(models).join(', ')}`);
// 60,000 examples, as MNIST has.
const stepsPerEpoch = 469;
const { run, engine, open } = await madeUpTrial(model, {
  engineName: 'wasm',
  stepsPerEpoch,
  epochs: Number(epochs),
});
const { variant, device, threads } = await engine.availability();

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
  const timed =
    (write) =>
    (...parameters) => {
      const start = performance.now();
      write(...parameters);
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
const ratio = spreadOf(ratios);
const share = spreadOf(shares);
console.log(
  `${model}, ${epochs} epochs of ${stepsPerEpoch} steps, ${pairs} pairs: ratio ${ratio.median.toFixed(3)} (${ratio.min.toFixed(3)} to ${ratio.max.toFixed(3)}), in writing ${percent(share.median)} (up to ${percent(share.max)}); medians`,
);
process.exit();
