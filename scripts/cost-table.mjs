// Writes the table of docs/performance.md on what the experiments cost in the profile "paper", from the times of the runs in
// results/reference/. Use: npm run build && node scripts/cost-table.mjs [FOLDER]; with a folder, the page is written there.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTables } from '../dist/results/read-tables.js';
import { loadSpec } from '../dist/spec/load.js';
import { resolveSpec } from '../dist/spec/resolve.js';

const root = join(import.meta.dirname, '..');
const reference = join(root, 'results/reference');
const page = join(root, 'docs/performance.md');

/** What was timed, by the paper's figure; with the seeds of the spec. */
const rows = [
  ['Adam 1 left', 'mnist-logreg'],
  ['Adam 1 right', 'imdb-logreg'],
  ['Adam 2a', 'mnist-mlp'],
  ['Adam 2b', 'mnist-mlp-deterministic'],
  ['Adam 3', 'cifar10-cnn'],
  ['Adam 4', 'vae-bias-correction'],
  ['AdamW 1, 2', 'adamw-decay-heatmap'],
  ['AdamW 1', 'adamw-schedules'],
  ['AdamW 4', 'adamw-restarts'],
  ['AdamW S3', 'adamw-normalized-decay'],
];

const sum = (values) => values.reduce((total, value) => total + value, 0);
const hours = (seconds) => {
  const value = seconds / 3600;
  return value < 0.1 ? value.toFixed(3) : value < 10 ? value.toFixed(2) : value.toFixed(0);
};

async function costOf(figure, name) {
  const resolved = await resolveSpec(await loadSpec(name), { profile: 'paper', engine: 'reference' });
  const whole = sum(resolved.runs.map(({ epochs }) => epochs));
  const tables = readTables(reference, name, 'paper');
  // Seeds beyond the spec's were added by hand; a run that diverged stopped there, as it would again.
  const seeds = new Set(resolved.runs.map(({ seed }) => seed));
  const timed = (tables?.runs ?? []).filter((run) => run.seconds !== undefined && seeds.has(run.seed));
  const secondsOf = (runs) =>
    sum(runs.map(({ seconds: { train, evaluate, other } }) => train + evaluate + other));
  const going = timed.filter(({ status }) => status !== 'diverged');
  const due = whole - (whole / resolved.runs.length) * (timed.length - going.length);
  const share = going.length === 0 ? 0 : Math.min(1, sum(going.map(({ epochsDone }) => epochsDone)) / due);
  const seconds = secondsOf(timed);
  const expected = seconds - secondsOf(going) + secondsOf(going) / share;
  const engine = [...new Set(going.map((run) => run.engine))].join(', ');
  return { figure, name, engine, runs: resolved.runs.length, whole, share, seconds, expected };
}

/** Core hours of all of Adam's figures, measured and whole; two cores take half of them. */
function totalOf(costs) {
  const adam = costs.filter(({ figure }) => /^Adam \d/.test(figure));
  const [measured, whole] = [adam.map(({ seconds }) => seconds), adam.map(({ expected }) => expected)].map(
    sum,
  );
  const all = `**${hours(whole)}, on two cores ${hours(whole / 2)} of wall time**`;
  return `| **Adam, all** | | | ${sum(adam.map(({ runs }) => runs))} | ${sum(adam.map((row) => row.whole))} | | ${hours(measured)} | ${all} |`;
}

const costs = await Promise.all(rows.map(([figure, name]) => costOf(figure, name)));
const table = [
  '| figure | experiment | engine | runs | epochs of all runs | computed | core hours measured | core hours of the whole |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
  ...costs.map(({ figure, name, engine, runs, whole, share, seconds, expected }) => {
    const all =
      share === 1 ? hours(seconds) : share > 0 ? `${hours(expected)} (extrapolated)` : 'not measured';
    const percent = `${(100 * share).toFixed(0)} %`;
    return `| ${figure} | \`${name}\` | ${engine || '-'} | ${runs} | ${whole} | ${percent} | ${hours(seconds)} | ${all} |`;
  }),
  totalOf(costs),
];

const text = readFileSync(page, 'utf8');
const pattern = /<!-- cost of the papers -->[\s\S]*?<!-- end of cost -->/;
if (!pattern.test(text)) throw new Error(`${page} has no place for the table.`);
writeFileSync(
  process.argv[2] === undefined ? page : join(process.argv[2], 'performance.md'),
  text.replace(pattern, () => `<!-- cost of the papers -->\n${table.join('\n')}\n<!-- end of cost -->`),
);
