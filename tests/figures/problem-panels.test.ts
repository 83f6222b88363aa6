import { describe, expect, it } from 'vitest';
import { figureOf, hasFigure } from '../../src/figures/index.ts';
import type { ResultTables } from '../../src/results/read-tables.ts';
import { sampleExperiment, sampleTables } from './sample-figure.ts';

/** One run on a problem with some metrics, each of which falls from 1. */
function problemTables(type: string, metrics: readonly string[]): ResultTables {
  const tables = sampleTables([{ optimizer: 'adam', seed: 0, costs: [] }]);
  const run = { ...tables.runs[0]!, model: { type: 'problem', problem: { type } } };
  const rows = metrics.flatMap((metric, nth) =>
    [0, 10, 20].map((step) => {
      return { run, epoch: step, step, split: 'train', metric, value: 10 ** -(nth + step / 10) };
    }),
  );
  return { ...tables, runs: [run], rows };
}

const experiment = sampleExperiment({ paper: { key: 'ruder', figure: '4.10' } });
const layout = { panelWidth: 300, paperStyle: false, lineLength: 100 };

interface Unit {
  readonly title?: { readonly text: string };
  readonly layer: readonly { readonly encoding: { readonly y: { readonly scale: { domain?: number[] } } } }[];
}

function panelsOf(tables: ResultTables): readonly Unit[] {
  const { vconcat } = figureOf(experiment, tables)!.spec(layout) as { vconcat: [{ concat: Unit[] }] };
  return vconcat[0].concat;
}

describe('the figures of problems', () => {
  it.each([
    ['noisy-quadratic', ['squared-distance', 'squared-distance-of-mean', 'squared-distance-of-ema']],
    ['nonstationary', ['distance', 'step-length']],
    ['sparse-features', ['cost', 'rare-cost']],
  ])('of %s has a panel for each of its metrics', (type, metrics) => {
    const tables = problemTables(type, ['cost', ...metrics]);
    const titles = panelsOf(tables).map(({ title }) => title!.text);
    expect(new Set(titles).size).toBe(metrics.length);
    const { data } = figureOf(experiment, tables)!;
    expect(new Set(data.map(({ panel }) => panel))).toEqual(new Set(titles));
    expect(data.filter(({ panel }) => panel === titles[0]).map(({ x }) => x)).toEqual([0, 10, 20]);
  });

  it('has one range for panels of one quantity, so that they can be compared', () => {
    const metrics = ['squared-distance', 'squared-distance-of-mean', 'squared-distance-of-ema'];
    const domains = panelsOf(problemTables('noisy-quadratic', metrics)).map(
      ({ layer }) => layer[0]!.encoding.y.scale.domain!,
    );
    expect(domains.map(([, high]) => high)).toEqual([1, 1, 1]);
    expect(domains[0]![0]).toBeCloseTo(1e-4, 12);
    expect(new Set(domains.map(String)).size).toBe(1);
    const other = panelsOf(problemTables('nonstationary', ['distance', 'step-length']));
    expect(other[0]!.layer[0]!.encoding.y.scale.domain).toBeUndefined();
  });

  it("have the paper's curves by wall time beside those by epoch in figure 2b", () => {
    const paper = { key: 'adam', figure: '2b' };
    const { data } = figureOf(
      sampleExperiment({ paper }),
      sampleTables([{ optimizer: 'adam', seed: 0, costs: [0.3, 0.1] }]),
    )!;
    const [byEpoch, byTime] = [...new Set(data.map(({ panel }) => panel))];
    const sfo = (panel: typeof byEpoch) =>
      data
        .filter((row) => row.panel === panel && row.source === 'paper' && String(row.curve).startsWith('SFO'))
        .map(({ x }) => Number(x));
    expect(sfo(byEpoch).slice(0, 3)).toEqual([0, 1, 2]);
    // An epoch of SFO takes five times as long as one of Adam.
    const within = sfo(byTime).filter((x) => x <= 100);
    for (const [i, x] of within.entries()) expect(x).toBeCloseTo(5 * i, 0);
    expect(within.length).toBeGreaterThan(10);
    expect(data.filter((row) => row.panel === byTime && row.source === 'ours').map(({ x }) => x)).toEqual([
      0, 1,
    ]);
  });

  it('names a section of the paper as such', () => {
    const { title } = figureOf(experiment, problemTables('sparse-features', ['cost']))!;
    expect(title).toContain('Ruder 2017, section 4.10');
  });

  it.each(['gradient-stream', 'online-losses'])('there is none of %s', (type) => {
    const tables = problemTables(type, ['regret']);
    expect(figureOf(experiment, tables)).toBeUndefined();
    const beside = problemTables('sparse-features', ['cost']);
    const mixed = { ...tables, runs: [...beside.runs, ...tables.runs] };
    expect(figureOf(experiment, mixed)).toBeUndefined();
    const runs = experiment.runs.map((run) => ({ ...run, model: tables.runs[0]!.model }));
    expect(hasFigure({ ...experiment, runs } as never)).toBe(false);
    expect(hasFigure(experiment)).toBe(true);
  });
});
