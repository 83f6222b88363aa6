// `npm run bench`: times this project's embedded engine beside the stock TensorFlow.js WebAssembly backend, in one
// sitting, in interleaved rounds, each measurement in its own process. Prints a table and writes bench/results/wasm.csv.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { stringify } from 'csv-stringify/sync';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, 'no-peer': { type: 'boolean', default: false } },
});
const rounds = Number(values.rounds);
const here = import.meta.dirname;
const peer = join(here, 'peers/tfjs-wasm');
if (!values['no-peer'] && !existsSync(join(peer, 'node_modules'))) {
  console.error(
    'Installing @tensorflow/tfjs-backend-wasm in bench/peers/tfjs-wasm (only for this comparison) ...',
  );
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--silent'], {
    cwd: peer,
    stdio: 'inherit',
  });
}

const run = async (script, ...args) =>
  JSON.parse((await promisify(execFile)(process.execPath, [join(here, script), ...args.map(String)])).stdout);
const ours = (model, steps) => async () => (await run('measure-step.mjs', model, 'wasm', steps)).msPerStep;
/** As many processes as cores at once: milliseconds per step, divided by their number. */
const parallel = (model, steps) => async () => {
  const processes = Math.max(2, availableParallelism());
  const all = await Promise.all(
    Array.from({ length: processes }, () => run('measure-step.mjs', model, 'wasm', steps)),
  );
  return all.reduce((sum, r) => sum + r.msPerStep, 0) / processes / processes;
};
const stock = (model, steps) => async () => (await run('peers/tfjs-wasm/train.mjs', model, steps)).msPerStep;
const update = (rule) => async () => (await run('measure-update.mjs', rule)).ms;

/** Multiplications and additions of one step at batch 128, forward and both gradients. */
const gflop = {
  logreg: (2 * 2 * 128 * 784 * 10) / 1e9,
  mlp: (2 * 128 * (2 * 784_000 + 3 * 1_000_000 + 3 * 10_000)) / 1e9,
};
const measurements = [
  { name: 'logreg', what: 'adam-repro wasm, one process', gflop: gflop.logreg, measure: ours('logreg', 500) },
  {
    name: 'logreg',
    what: 'adam-repro wasm, a process per core',
    gflop: gflop.logreg,
    measure: parallel('logreg', 500),
  },
  { name: 'mlp', what: 'adam-repro wasm, one process', gflop: gflop.mlp, measure: ours('mlp', 40) },
  {
    name: 'mlp',
    what: 'adam-repro wasm, one process, with dropout',
    gflop: gflop.mlp,
    measure: ours('mlp-dropout', 40),
  },
  {
    name: 'mlp',
    what: 'adam-repro wasm, a process per core',
    gflop: gflop.mlp,
    measure: parallel('mlp', 40),
  },
  { name: 'update', what: 'Adam, 1,796,010 parameters', measure: update('adam') },
  { name: 'update', what: "a user's rule, 1,796,010 parameters", measure: update('user') },
  ...(values['no-peer']
    ? []
    : [
        {
          name: 'logreg',
          what: 'tfjs-backend-wasm 4.22.0, one process',
          gflop: gflop.logreg,
          measure: stock('logreg', 100),
        },
        {
          name: 'mlp',
          what: 'tfjs-backend-wasm 4.22.0, one process',
          gflop: gflop.mlp,
          measure: stock('mlp', 8),
        },
      ]),
];

const samples = measurements.map(() => []);
for (let round = 0; round < rounds; round++) {
  for (const [i, { measure }] of measurements.entries()) samples[i].push(await measure());
  console.error(`round ${round + 1} of ${rounds} done`);
}
const memory = (await run('measure-step.mjs', 'mlp-dropout', 'wasm', 40)).rssMB;

const median = (x) => [...x].sort((a, b) => a - b)[Math.floor(x.length / 2)];
const base = (name) => measurements.findIndex((m) => m.name === name && m.what.endsWith('wasm, one process'));
const rows = measurements.map(({ name, what, gflop: work }, i) => {
  const reference = base(name);
  // The ratio of each round, so that a slow minute of the machine hits both sides.
  const ratio = reference < 0 ? '' : median(samples[i].map((ms, r) => ms / samples[reference][r])).toFixed(2);
  return {
    model: name,
    what,
    'ms (median)': median(samples[i]).toFixed(3),
    'min-max': `${Math.min(...samples[i]).toFixed(3)}-${Math.max(...samples[i]).toFixed(3)}`,
    'GF/s': work ? (work / (median(samples[i]) / 1000)).toFixed(1) : '',
    'times one process': ratio,
  };
});
console.table(rows);
console.log(
  `memory of one MLP run: ${memory.toFixed(0)} MB resident; ${cpus()[0].model}, Node ${process.version}, ${rounds} rounds`,
);
mkdirSync(join(here, 'results'), { recursive: true });
writeFileSync(
  join(here, 'results/wasm.csv'),
  stringify(
    measurements.flatMap(({ name, what }, i) =>
      samples[i].map((ms, round) => ({ model: name, what, round: round + 1, milliseconds: ms })),
    ),
    { header: true },
  ),
);
