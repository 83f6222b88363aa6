// Writes the tables of docs/experiments/*.md from results/reference/, between `<!-- reference NAME PROFILE -->` and
// `<!-- end of reference -->`, and keeps each run's manifest beside the tables, one a line, as runs.jsonl.
// Use: npm run build && node scripts/reference-tables.mjs [FOLDER]; with a folder, only the pages that have tables are
// written, and there.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { distanceOf, figure4Points, logRatios, logRatiosOfTable } from '../dist/paper/index.js';
import { readTables, seriesOf } from '../dist/results/read-tables.js';
import { distinguishing, seedGroups } from '../dist/results/seed-groups.js';
import { loadSpec } from '../dist/spec/load.js';
import { resolveSpec } from '../dist/spec/resolve.js';
import { spreadOf } from '../dist/statistics.js';
import { experimentCriterion } from '../dist/tuning/index.js';
import { settingsText } from '../dist/tuning/yaml-lines.js';

const root = join(import.meta.dirname, '..');
const reference = join(root, 'results/reference');
const pages = join(root, 'docs/experiments');
const minibatchCost = { split: 'train', metric: 'minibatch-cost' };

const row = (cells) => `| ${cells.join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
const digits = (value, most = 3) => Number(value.toPrecision(most)).toString();
const sorted = (values) => values.toSorted((a, b) => a - b);

/** Wall time of all runs, each in a process with one thread. */
function runTime({ runs }) {
  const seconds = runs.map((run) => run.seconds).filter((known) => known !== undefined);
  const sum = seconds.reduce((all, { train, evaluate, other }) => all + train + evaluate + other, 0);
  const shown =
    sum < 60
      ? `${sum.toFixed(1)} s`
      : sum < 600
        ? `${(sum / 60).toFixed(1)} min`
        : `${(sum / 3600).toFixed(2)} h`;
  return seconds.length === 1
    ? `One run: ${shown} of one core`
    : `${seconds.length} runs, together ${shown} of one core`;
}

/** A mean over seeds does not exist where a run diverged: the cell says so. */
function costsOf(tables, runs) {
  const series = runs.map((run) => seriesOf(tables, run, minibatchCost));
  const epochs = series[0].map(({ epoch }) => epoch);
  return new Map(
    epochs
      .filter((epoch) => series.every((points) => points.some((point) => point.epoch === epoch)))
      .map((epoch) => [
        epoch,
        spreadOf(series.map((points) => points.find((point) => point.epoch === epoch).value)).median,
      ]),
  );
}

/** Ours and the paper's cost at the compared epochs, a line for each curve that the figure shows. */
function curvesTable(tables, { optimizers }) {
  const groups = seedGroups(tables.runs);
  const lines = optimizers.flatMap(({ name, label, paperCurve: curve }) => {
    const group = groups.find(({ optimizer }) => optimizer === name);
    if (group === undefined) return [];
    const costs = costsOf(tables, group.runs);
    return [{ label, group, curve, costs }];
  });
  const shown = lines.filter(({ curve }) => curve !== undefined);
  const at = shown.map(({ costs, curve }) => new Map(logRatiosOfTable(costs, curve).map((r) => [r.x, r])));
  const xs = sorted([...new Set(at.flatMap((ratios) => [...ratios.keys()]))]);
  const cell = (ratio) => (ratio === undefined ? '-' : `${digits(ratio.ours)} (${digits(ratio.paper)})`);
  const rows = shown.map(({ label, group, costs, curve }, i) => {
    const whole = distanceOf(logRatios(costs, curve));
    return [
      label,
      String(group.runs.length),
      ...xs.map((x) => cell(at[i].get(x))),
      `${whole.median.toFixed(3)}, ${whole.max.toFixed(3)}`,
    ];
  });
  const parts = [
    "Mean minibatch cost at points of the paper's axis (point k is our epoch k + 1), median over the seeds; in brackets",
    "the paper's curve, where it is on the drawing. Last: median and largest |ln(ours / paper)| over all points.",
    '',
    table(['curve', 'seeds', ...xs.map(String), 'distance'], rows),
  ];
  const others = lines.filter(({ curve }) => curve === undefined);
  if (others.length > 0) {
    const ends = others.map(({ label, group, costs }) => {
      const [epoch, cost] = [...costs].at(-1);
      return [label, String(group.runs.length), `${digits(cost)} (epoch ${epoch})`];
    });
    parts.push('', 'Curves that the figure does not show:', '', table(['curve', 'seeds', 'last cost'], ends));
  }
  return parts.join('\n');
}

function seedsText({ runs }) {
  const seeds = new Set(runs.map(({ seed }) => seed)).size;
  return seeds === 1 ? 'one seed' : `${seeds} seeds`;
}

function distanceText(ratios) {
  if (ratios.length === 0) return [];
  const { points, median, max } = distanceOf(ratios);
  const [middle, largest] = [median, max].map((value) => value.toFixed(3));
  return [
    `Over the ${points} markers |ln(ours / paper)| has the median ${middle} and the maximum ${largest}.`,
  ];
}

/** Losses of the grid of figure 4 after 10 or 100 epochs; in brackets the paper's markers. */
function figure4Table(tables, epochs) {
  const points = figure4Points().filter((point) => point.epochs === epochs && !point.atEdge);
  const settings = tables.runs.map((run) => ({ run, ...run.hyperParameters }));
  const rates = sorted([...new Set(settings.map(({ lr }) => lr))]);
  const ratios = [];
  const reached = (s) => s.run.epochs >= epochs;
  const betas = [0, 0.9].flatMap((beta1) => [0.99, 0.999, 0.9999].map((beta2) => ({ beta1, beta2 })));
  const rows = betas
    .filter((pair) => settings.some((s) => s.beta1 === pair.beta1 && s.beta2 === pair.beta2 && reached(s)))
    .flatMap(({ beta1, beta2 }) =>
      [true, false].map((biasCorrection) => [
        `${beta1}, ${beta2}, ${biasCorrection ? 'corrected' : 'not'}`,
        ...rates.map((lr) => {
          const alike = (s) => s.beta1 === beta1 && s.beta2 === beta2 && s.biasCorrection === biasCorrection;
          const found = settings.filter((s) => alike(s) && s.lr === lr);
          const values = found.map(({ run }) =>
            seriesOf(tables, run, minibatchCost).find((point) => point.epoch === epochs),
          );
          const value = values.find((point) => point !== undefined)?.value;
          const diverged = found.some(({ run }) => run.status === 'diverged');
          const ours = value !== undefined ? value.toFixed(1) : diverged ? 'diverged' : '-';
          const paper = points.find((p) => alike(p) && Math.abs(p.log10Alpha - Math.log10(lr)) < 0.03);
          if (paper !== undefined && value !== undefined)
            ratios.push({ logRatio: Math.log(value / paper.loss) });
          return paper === undefined ? ours : `${ours} (${paper.loss})`;
        }),
      ]),
    );
  return [
    `Loss in nats after ${epochs} epochs: mean over the minibatches of the last of them (${seedsText(tables)}); in brackets the`,
    "paper's marker, where there is one on the drawing.",
    '',
    table(['beta1, beta2, bias correction', ...rates.map(String)], rows),
    '',
    ...distanceText(ratios),
  ].join('\n');
}

const testError = { split: 'test', metric: 'error' };

/** Test errors in percent at an epoch: of one seed, or median and range of several. */
function errorOf(tables, { runs }, epoch) {
  const values = runs.map((run) => {
    const found = seriesOf(tables, run, testError).find((point) => point.epoch === epoch);
    return found === undefined ? undefined : 100 * found.value;
  });
  if (values.some((value) => value === undefined))
    return { value: Number.POSITIVE_INFINITY, short: runs[0].status, shown: runs[0].status };
  const { median, min, max } = spreadOf(values);
  const range = values.length > 1 ? ` (${min.toFixed(1)}-${max.toFixed(1)})` : '';
  return {
    value: median,
    spread: max - min,
    short: median.toFixed(1),
    shown: `${median.toFixed(1)}${range}`,
  };
}

/** Test error after the last epoch over the two settings of a grid, a table for each optimizer; the ten best cells bold. */
function mapTables(tables, { optimizers }) {
  const spreads = [];
  const parts = optimizers.flatMap(({ name, label }) => {
    const groups = seedGroups(tables.runs.filter((run) => run.optimizer === name));
    if (groups.length === 0) return [];
    const places = distinguishing(groups);
    // What follows from another setting is none of its own: the raw rate of a normalized one, the schedule's length.
    const derived = { 'weightDecay.rate': 'weightDecay.normalized', 'schedule.epochs': 'epochs' };
    const [across, down] = [...places[0].keys()]
      .filter((key) => !places[0].has(derived[key]))
      .toSorted((a, b) => b.includes('Decay') - a.includes('Decay'));
    const cells = groups.map((group, i) => ({
      x: places[i].get(across),
      y: places[i].get(down),
      ...errorOf(tables, group, group.runs[0].epochs),
    }));
    const few = cells.length <= 20;
    const ten = new Set(cells.toSorted((a, b) => a.value - b.value).slice(0, few ? 0 : 10));
    // A range in each of many cells hides the map: it is told once for all.
    const text = few ? ({ shown }) => shown : ({ short }) => short;
    if (!few && groups[0].runs.length > 1) spreads.push(...[...ten].map(({ spread }) => spread));
    const shown = (cell) => (cell === undefined ? '-' : ten.has(cell) ? `**${text(cell)}**` : text(cell));
    const [xs, ys] = [cells.map(({ x }) => x), cells.map(({ y }) => y)].map((all) =>
      sorted([...new Set(all)]),
    );
    const rows = ys.map((y) => [
      String(y),
      ...xs.map((x) => shown(cells.find((cell) => cell.x === x && cell.y === y))),
    ]);
    return [`${label}:`, '', table([`${down} \\ ${across}`, ...xs.map(String)], rows), ''];
  });
  const seeds =
    spreads.length === 0
      ? [`Of ${seedsText(tables)}.`]
      : [
          `Median of ${tables.runs.length / seedGroups(tables.runs).length} seeds, which lie ${spreadOf(spreads).median.toFixed(1)} apart in a typical bold cell.`,
        ];
  return [
    'Test error after the last epoch, in percent; of large grids the ten best cells are bold.',
    ...seeds,
    '',
    ...parts,
  ]
    .join('\n')
    .trimEnd();
}

/** Test error in percent at the ends of the periods of the schedules with restarts. */
function restartsTable(tables, { optimizers }) {
  const groups = seedGroups(tables.runs);
  const shown = optimizers.flatMap(({ name, label }) =>
    groups.filter(({ optimizer }) => optimizer === name).map((group) => ({ label, group })),
  );
  const epochs = [];
  const { schedule } = tables.runs.find(
    (run) => run.hyperParameters.schedule.firstPeriod !== undefined,
  ).hyperParameters;
  const last = tables.runs[0].epochs;
  for (
    let period = schedule.firstPeriod, end = period;
    end <= last;
    period *= schedule.periodFactor, end += period
  )
    epochs.push(end);
  return [
    'Test error in percent after so many epochs, at the ends of the periods of the restarts: median and range of the seeds.',
    '',
    table(
      ['curve', 'seeds', ...epochs.map(String)],
      shown.map(({ label, group }) => [
        label,
        String(group.runs.length),
        ...epochs.map((epoch) => errorOf(tables, group, epoch).shown),
      ]),
    ),
  ].join('\n');
}

const metrics = {
  'minibatch-cost': minibatchCost,
  'train-cost': { split: 'train', metric: 'cost' },
  'test-cost': { split: 'test', metric: 'cost' },
  'test-error': testError,
};

/** What each optimizer reaches at its tuned settings: what the search minimized, at the end of the runs. */
function tunedTable(tables, { optimizers }, spec) {
  const { name: criterion } = experimentCriterion(spec);
  const isError = criterion === 'test-error';
  const text = (value) => (isError ? (100 * value).toFixed(1) : digits(value, 4));
  const groups = seedGroups(tables.runs);
  const lengths = new Set(groups.map(({ runs }) => runs[0].epochs));
  const rows = optimizers.flatMap(({ name, label }) => {
    const { grid: _g, steps: _s, every: _e, ...settings } = spec.source.data.variants.tuned.optimizers[name];
    return groups
      .filter(({ optimizer }) => optimizer === name)
      .map(({ runs }) => {
        const values = runs
          .filter(({ status }) => status === 'complete')
          .map((run) => seriesOf(tables, run, metrics[criterion]).at(-1).value);
        const { median, min, max } = spreadOf(values);
        const range = runs.length > 1 ? ` (${text(min)}-${text(max)})` : '';
        const reached = values.length < runs.length ? runs[0].status : `${text(median)}${range}`;
        const length = lengths.size > 1 ? [String(runs[0].epochs)] : [];
        return [label, settingsText(settings), ...length, String(runs.length), reached];
      });
  });
  const value = isError ? 'test error in percent' : criterion.replace('train-cost', 'cost').replace('-', ' ');
  return [
    `At the end of the runs${tables.runs.length > groups.length ? ', median and range of the seeds' : ''}:`,
    '',
    table(['curve', 'tuned', ...(lengths.size > 1 ? ['epochs'] : []), 'seeds', value], rows),
  ].join('\n');
}

function tablesOf(tables, resolved, spec) {
  const { key, figure } = resolved.paper ?? {};
  if (resolved.variant === 'tuned' && (key !== 'adam' || figure === '4' || figure === '7.2')) {
    const tuned = tunedTable(tables, resolved, spec);
    return key === 'adamw' && figure === '4' ? `${tuned}\n\n${restartsTable(tables, resolved)}` : tuned;
  }
  if (key === 'adamw') return figure === '4' ? restartsTable(tables, resolved) : mapTables(tables, resolved);
  if (figure !== '4') return curvesTable(tables, resolved);
  return [10, 100]
    .filter((epochs) => tables.runs.some((run) => run.epochsDone >= epochs))
    .map((epochs) => figure4Table(tables, epochs))
    .join('\n\n');
}

async function section(name, profile) {
  const variant = name.endsWith('-tuned') ? { variant: 'tuned' } : {};
  const spec = await loadSpec(name.replace(/-tuned$/, ''));
  const resolved = await resolveSpec(spec, { ...variant, profile, engine: 'reference' });
  const tables = readTables(reference, name, profile);
  if (tables === undefined) return 'Not computed yet.';
  return `${tablesOf(tables, resolved, spec)}\n\n${runTime(tables)}.`;
}

const into = process.argv[2];

for (const page of readdirSync(pages)) {
  const file = join(pages, page);
  const text = readFileSync(file, 'utf8');
  const pattern = /<!-- reference (\S+) (\S+) -->[\s\S]*?<!-- end of reference -->/g;
  let changed = text;
  for (const [whole, name, profile] of text.matchAll(pattern)) {
    const made = await section(name, profile);
    changed = changed.replace(
      whole,
      () => `<!-- reference ${name} ${profile} -->\n${made}\n<!-- end of reference -->`,
    );
  }
  if (into !== undefined && pattern.test(text)) writeFileSync(join(into, basename(file)), changed);
  if (into === undefined && changed !== text) writeFileSync(file, changed);
}

const folders = readdirSync(reference, { withFileTypes: true }).filter((entry) => entry.isDirectory());
for (const name of into === undefined ? folders : []) {
  for (const profile of readdirSync(join(reference, name.name))) {
    const folder = join(reference, name.name, profile);
    if (!existsSync(join(folder, 'runs'))) continue;
    const manifests = readdirSync(join(folder, 'runs'))
      .filter((run) => !run.includes('.'))
      .sort()
      .map((run) => JSON.parse(readFileSync(join(folder, 'runs', run, 'run.json'), 'utf8')));
    if (manifests.length === 0) continue;
    writeFileSync(
      join(folder, 'runs.jsonl'),
      manifests.map((manifest) => `${JSON.stringify(manifest)}\n`).join(''),
    );
  }
}
