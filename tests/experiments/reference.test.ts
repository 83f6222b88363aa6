import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { distanceOf, figure4Points, logRatios } from '../../src/paper/index.ts';
import { readTables, seriesOf } from '../../src/results/read-tables.ts';
import { seedGroups } from '../../src/results/seed-groups.ts';
import { runId } from '../../src/spec/hash.ts';
import { loadSpec } from '../../src/spec/load.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import { spreadOf } from '../../src/statistics.ts';
import { root } from '../docs/root.ts';

const reference = join(root, 'results/reference');
const minibatchCost = { split: 'train', metric: 'minibatch-cost' };
const median = (values: readonly number[]): number => spreadOf(values).median;

/** As `run` resolves it, with what its command says besides. */
const experimentOf = async (name: string, overrides: object = {}, engine = 'reference') =>
  resolveSpec(await loadSpec(name.replace(/-tuned$/, '')), {
    ...(name.endsWith('-tuned') && { variant: 'tuned' }),
    ...{ profile: 'paper', engine, overrides },
  } as Parameters<typeof resolveSpec>[1]);

describe('the kept results meet the targets for the settings as drawn', () => {
  it.each([
    ['mnist-logreg', 0.05],
    ['imdb-logreg', 0.05],
    ['mnist-mlp', 0.15],
  ])('%s: median distance of every curve at most %d', async (name, target) => {
    const tables = readTables(reference, name, 'paper')!;
    const { optimizers } = await experimentOf(name);
    const groups = seedGroups(tables.runs);
    for (const { name: optimizer, paperCurve } of optimizers) {
      if (paperCurve === undefined) continue;
      const { runs } = groups.find((group) => group.optimizer === optimizer)!;
      const series = runs.map((run) => seriesOf(tables, run, minibatchCost));
      const costs = series[0]!.map(({ epoch }, i): [number, number] => [
        epoch,
        median(series.map((points) => points[i]!.value)),
      ]);
      expect(distanceOf(logRatios(new Map(costs), paperCurve))!.median, optimizer).toBeLessThan(target);
    }
  });

  it.each([10, 100])(
    'vae-bias-correction: median distance of the markers after %d epochs at most 0.15',
    (epochs) => {
      const tables = readTables(reference, 'vae-bias-correction', 'paper')!;
      const distances: number[] = [];
      for (const point of figure4Points()) {
        if (point.epochs !== epochs || point.atEdge) continue;
        const run = tables.runs.find(({ hyperParameters: h, epochsDone }) => {
          const alike = (['beta1', 'beta2', 'biasCorrection'] as const).every((key) => h[key] === point[key]);
          return (
            alike && epochsDone >= epochs && Math.abs(Math.log10(h.lr as number) - point.log10Alpha) < 0.03
          );
        });
        const ours = run && seriesOf(tables, run, minibatchCost).find(({ epoch }) => epoch === epochs)?.value;
        if (ours !== undefined) distances.push(Math.abs(Math.log(ours / point.loss)));
      }
      expect(distances.length).toBeGreaterThan(10);
      expect(median(distances)).toBeLessThan(0.15);
    },
  );
});

/** Curves of candidates have the ids of searches. */
const experiments = readdirSync(reference).filter((name) => !/-(tune|recover)$/.test(name));

it.each(experiments)('the runs of %s have the settings of the present spec', async (name) => {
  const { runs } = readTables(reference, name, 'paper')!;
  const known = new Set<string>();
  const engines = new Set(runs.map(({ engine }) => engine!));
  const lengths = new Set(runs.map(({ epochs }) => String(epochs)));
  const seeds = [...new Set(runs.map(({ seed }) => seed))].join(',');
  for (const engine of engines)
    for (const epochs of [undefined, ...lengths]) {
      // Problems count steps, and grids over the length refuse one that is given for all.
      const overrides = { seeds, ...(epochs !== undefined && { epochs }) };
      const experiment = await experimentOf(name, overrides, engine).catch(() => undefined);
      for (const run of experiment?.runs ?? []) known.add(runId(run));
    }
  expect(runs.filter(({ id }) => !known.has(id)).map(({ optimizer, id }) => `${optimizer} ${id}`)).toEqual(
    [],
  );
});
