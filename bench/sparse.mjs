// Milliseconds per step of logistic regression 10,000 x 2 at batch 128 with Adam and input dropout, on bags of words:
// as sparse rows, and written out as dense rows (uint8). The rows are made up: 130 different words on average, as the
// IMDB reviews have, 1,000 at most. Best of three rounds of whole epochs, one thread.
// node bench/sparse.mjs [engines, comma-separated]
import { performance } from 'node:perf_hooks';

process.env.ADAM_REPRO_THREADS ??= '1';
const { loadEngine } = await import('../dist/engines/index.js');
const { optimizers, resolveHyper } = await import('../dist/optimizers/index.js');
const { openTrial } = await import('../dist/training/trial.js');

const [words, batchSize, examples] = [10_000, 128, 2560];
const names = (process.argv[2] ?? 'reference,wasm,tensorflow').split(',');

/** Lengths from 30 to 1,000, most of them short; words spread over the vocabulary, frequent ones more often. */
function sparseRows(count) {
  const offsets = new Int32Array(count + 1);
  const columns = [];
  for (let i = 0; i < count; i++) {
    const u = ((i * 7919) % 1009) / 1009;
    const length = Math.round(30 + 60 * -Math.log(1 - u) + (i % 500 === 0 ? 800 : 40));
    const row = new Set();
    for (let e = 0; row.size < Math.min(length, 1000); e++) {
      const v = ((i * 104_729 + e * 7907) % 65_537) / 65_537;
      row.add(Math.floor(words * v * v));
    }
    columns.push(...[...row].sort((a, b) => a - b));
    offsets[i + 1] = columns.length;
  }
  const counts = new Uint8Array(columns.length).fill(1);
  return { offsets, columns: Uint16Array.from(columns), counts, width: words };
}

function denseRows({ offsets, columns }, count) {
  const data = new Uint8Array(count * words);
  for (let i = 0; i < count; i++) {
    for (let e = offsets[i]; e < offsets[i + 1]; e++) data[i * words + columns[e]] = 1;
  }
  return { data, shape: [words], scale: 1 };
}

const dataset = (inputs, one) => ({
  ...{ name: 'made up', classes: 2, checksums: {} },
  train: { examples, inputs, labels: Uint8Array.from({ length: examples }, (_, i) => i % 2) },
  test: { examples: 1, inputs: one, labels: Uint8Array.of(0) },
});
const [sparse, oneSparse] = [sparseRows(examples), sparseRows(1)];
const datasets = {
  dense: dataset(denseRows(sparse, examples), denseRows(oneSparse, 1)),
  sparse: dataset(sparse, oneSparse),
};

const run = {
  ...{ experiment: 'bench', optimizer: 'adam', seed: 0, batchSize, epochs: 4 },
  data: { name: 'imdb', trainExamples: examples, testExamples: 1, words, values: 'binary' },
  model: { type: 'logistic-regression', initialization: { type: 'zeros' }, dropout: { input: 0.5 } },
  evaluation: { every: 0, batchSize },
  optimizerSettings: {
    ...{ rule: 'adam', hyper: resolveHyper(optimizers.adam), warmupSteps: 0, weightDecay: null },
    schedule: { type: 'constant' },
  },
};

/** The best epoch but the first, in milliseconds per step. */
async function msPerStep(engine, data, epochs) {
  const trial = await openTrial(
    { ...run, engine: engine.name, epochs },
    {
      dataset: data,
      optimizer: optimizers.adam,
      engine,
    },
  );
  const ends = [];
  await trial.run({
    rows() {},
    progress() {},
    shouldStop: () => false,
    checkpoint: () => ends.push(performance.now()),
  });
  trial.dispose();
  const times = ends.slice(1).map((end, i) => end - ends[i]);
  return Math.min(...times) / (examples / batchSize);
}

process.stdout.write(`entries per row: ${(sparse.columns.length / examples).toFixed(0)}\n`);
for (const name of names) {
  const engine = await loadEngine(name);
  const figures = [];
  for (const [kind, data] of Object.entries(datasets)) {
    const ms = await msPerStep(engine, data, name === 'reference' ? 2 : 20);
    figures.push(`${kind} ${ms.toFixed(3)}`);
  }
  process.stdout.write(`${name.padEnd(11)} ms per step: ${figures.join(', ')}\n`);
}
process.exit();
