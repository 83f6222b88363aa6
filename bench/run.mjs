// `npm run bench`: times training steps of this project beside another library, in one sitting, in interleaved rounds,
// each measurement in its own process. Options: --peer tfjs-wasm (default) | torch | none, --rounds N,
// --models a,b. Prints a table, and writes bench/results/<peer>.csv and the table's place in docs/performance.md.
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { models } from './models.mjs';
import { report } from './report.mjs';

const { values } = parseArgs({
  options: {
    peer: { type: 'string', default: 'tfjs-wasm' },
    rounds: { type: 'string', default: '5' },
    models: { type: 'string' },
  },
});
const here = import.meta.dirname;
const cores = Math.max(2, availableParallelism());
const json = async (program, args, env = {}) => {
  const options = { cwd: here, env: { ...process.env, ...env }, maxBuffer: 1e8 };
  return JSON.parse(
    (await promisify(execFile)(program, args.map(String), options)).stdout.trim().split('\n').at(-1),
  );
};

/** A library: how many milliseconds a step of a model takes in one process with so many threads. */
const libraries = {
  wasm: {
    title: 'adam-repro, wasm',
    step: async (model, threads) =>
      (await json(process.execPath, ['measure-step.mjs', model, 'wasm', models[model].steps, threads]))
        .msPerStep,
  },
  tensorflow: {
    title: 'adam-repro, TensorFlow',
    step: async (model, threads) =>
      (await json(process.execPath, ['measure-step.mjs', model, 'tensorflow', models[model].steps, threads]))
        .msPerStep,
  },
  'tfjs-wasm': {
    title: 'tfjs-backend-wasm 4.22.0',
    install() {
      const folder = join(here, 'peers/tfjs-wasm');
      if (existsSync(join(folder, 'node_modules'))) return;
      execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--silent'], {
        cwd: folder,
        stdio: 'inherit',
      });
    },
    step: async (model) =>
      (await json(process.execPath, ['peers/tfjs-wasm/train.mjs', model, Math.ceil(models[model].steps / 5)]))
        .msPerStep,
  },
  torch: {
    title: 'PyTorch 2.15.0',
    install() {
      const folder = join(here, 'peers/torch');
      // Tried, not looked for: an interrupted installation leaves a Python without the library.
      if (existsSync(python()) && spawnSync(python(), ['-c', 'import torch, numpy']).status === 0) return;
      execFileSync('python3', ['-m', 'venv', join(folder, '.venv')], { stdio: 'inherit' });
      execFileSync(python(), ['-m', 'pip', 'install', '-q', '-r', join(folder, 'requirements.txt')], {
        stdio: 'inherit',
      });
    },
    step: async (model, threads) =>
      (await json(python(), ['peers/torch/train.py', model, models[model].steps, threads])).msPerStep,
  },
};
const python = () => process.env.BENCH_TORCH_PYTHON ?? join(here, 'peers/torch/.venv/bin/python');

const one = 'one process, one thread';
const all = `one process, ${cores} threads`;
const each = `${cores} processes, one thread each`;
const modes = {
  [one]: (step, model) => step(model, 1),
  [all]: (step, model) => step(model, cores),
  /** The time in which each of them makes a step, divided by their number. */
  [each]: async (step, model) => {
    const times = await Promise.all(Array.from({ length: cores }, () => step(model, 1)));
    return times.reduce((sum, ms) => sum + ms, 0) / cores / cores;
  },
};

const plans = {
  none: {
    libraries: ['wasm'],
    modes: { wasm: [one, each] },
    models: ['logreg', 'mlp', 'mlp-dropout', 'cnn', 'vae'],
  },
  'tfjs-wasm': {
    libraries: ['wasm', 'tfjs-wasm'],
    modes: { wasm: [one, each], 'tfjs-wasm': [one] },
    models: ['logreg', 'mlp'],
  },
  torch: {
    libraries: ['tensorflow', 'torch', 'wasm'],
    modes: { tensorflow: [all, each], torch: [all, each], wasm: [each] },
    models: ['logreg', 'mlp', 'cnn', 'vae'],
  },
};
const plan = plans[values.peer];
if (plan === undefined) throw new Error(`--peer ${values.peer}: one of ${Object.keys(plans).join(', ')}`);
for (const name of plan.libraries) {
  if (libraries[name].install) console.error(`Preparing ${libraries[name].title} in bench/peers/${name} ...`);
  libraries[name].install?.();
}

const measurements = (values.models?.split(',') ?? plan.models).flatMap((model) =>
  plan.libraries.flatMap((library) =>
    plan.modes[library].map((mode) => ({
      model,
      library,
      title: libraries[library].title,
      mode,
      gflop: models[model].gflop,
      measure: () => modes[mode](libraries[library].step, model),
    })),
  ),
);
if (values.peer !== 'torch') {
  for (const [rule, title] of [
    ['adam', 'adam-repro, Adam'],
    ['user', "adam-repro, a user's rule"],
  ]) {
    const measure = async () => (await json(process.execPath, ['measure-update.mjs', rule])).ms;
    measurements.push({
      model: 'update of 1,796,010 parameters',
      library: 'wasm',
      title,
      mode: one,
      measure,
    });
  }
}
const sgemm = [];
const samples = measurements.map(() => []);
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [i, { measure }] of measurements.entries()) samples[i].push(await measure());
  if (values.peer === 'torch')
    sgemm.push((await json(python(), ['peers/torch/train.py', 'sgemm', 50, cores])).gflops);
  console.error(`round ${round + 1} of ${values.rounds} done`);
}
const memory = (await json(process.execPath, ['measure-step.mjs', 'mlp-dropout', 'wasm', 40, 1])).rssMB;
report({ peer: values.peer, measurements, samples, sgemm, memory });
