// Draws the figures of the README and of docs/experiments/ from results/reference/ into docs/figures/. Needs the build: node scripts/build.mjs.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Experiments of full length in results/reference/. */
const figures = [
  'mnist-logreg',
  'imdb-logreg',
  'mnist-mlp',
  'mnist-mlp-deterministic',
  'cifar10-cnn',
  'vae-bias-correction',
  'adamw-decay-heatmap',
  'adamw-schedules',
  'adamw-restarts',
  'adamw-normalized-decay',
  'ravine',
  'beale',
  'saddle',
  'sparse-features',
  'noisy-quadratic',
  'nonstationary',
];

const root = join(import.meta.dirname, '..');
const to = process.argv[2] ?? join(root, 'docs/figures');
const folder = mkdtempSync(join(tmpdir(), 'adam-repro-figures-'));
try {
  mkdirSync(to, { recursive: true });
  for (const name of figures) {
    const results = ['-o', join(root, 'results/reference'), '-p', 'paper'];
    const format = ['--to', folder, '--format', 'svg', '--quiet'];
    execFileSync(process.execPath, [join(root, 'bin/adam-repro.js'), 'plot', name, ...results, ...format]);
    const drawn = readdirSync(folder).find(
      (file) => file.startsWith(`${name}-paper`) && file.endsWith('.svg'),
    );
    cpSync(join(folder, drawn), join(to, `${name}.svg`));
  }
} finally {
  rmSync(folder, { recursive: true });
}
