import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../src/cli/cost-table.ts';
import { seedGroups, seedTable } from '../../src/cli/seed-table.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';
import { sampleRun } from '../results/sample-run.ts';

function summaries(settings: readonly ResolvedRun[], costs: readonly (number | RunSummary['status'])[]) {
  return settings.map(({ optimizer, seed }, i): RunSummary => {
    const value = costs[i]!;
    const minibatchCost = typeof value === 'number' ? value : 99;
    const status = typeof value === 'number' ? 'complete' : value;
    return {
      ...{ id: `id${i}`, optimizer, seed, status, epochs: 3, epochsDone: 3 },
      ...{ minibatchCost, trainCost: null, testError: null, stepsPerSecond: null, seconds: null },
    };
  });
}
const seeds = (n: number, changes: Partial<ResolvedRun> = {}): ResolvedRun[] =>
  Array.from({ length: n }, (_, seed) => sampleRun({ seed, ...changes }));
const withRate = (lr: number) => ({
  optimizerSettings: { ...sampleRun().optimizerSettings, hyper: { lr } },
});

describe('seedGroups', () => {
  it('has the median, the lowest and the highest value over the seeds', () => {
    const settings = seeds(3);
    expect(seedGroups(summaries(settings, [0.5, 0.25, 1]), settings)).toMatchObject([
      { seeds: 3, complete: 3, diverged: 0, minibatchCost: { median: 0.5, min: 0.25, max: 1, of: 3 } },
    ]);
    const [group] = seedGroups(summaries(settings, [0.5, 0.25]).slice(0, 2), settings.slice(0, 2));
    expect(group!.minibatchCost!.median).toBe(0.375);
  });

  it('averages nothing away: what diverged or is open is counted and in no value', () => {
    const settings = seeds(4);
    const [group] = seedGroups(summaries(settings, [0.5, 'diverged', 0.25, 'failed']), settings);
    expect(group).toMatchObject({
      ...{ seeds: 4, complete: 2, diverged: 1 },
      minibatchCost: { median: 0.375, min: 0.25, max: 0.5, of: 2 },
      trainCost: null,
    });
  });

  it('keeps settings apart, also where each has another seed', () => {
    const settings = [
      ...seeds(2, withRate(0.1)),
      ...seeds(2, withRate(0.2)),
      ...seeds(1, { ...withRate(0.3), seed: 7 }),
    ];
    const groups = seedGroups(summaries(settings, [1, 2, 3, 4, 5]), settings);
    expect(groups.map(({ told, seeds: n }) => [told, n])).toEqual([
      ['lr=0.1', 2],
      ['lr=0.2', 2],
      ['', 1],
    ]);
  });
});

describe('seedTable', () => {
  it('has one line per setting with the number of seeds', () => {
    const settings = [...seeds(3), ...seeds(3, { optimizer: 'sgd' })];
    const runs = summaries(settings, [0.5, 0.25, 1, 2, 'diverged', 'diverged']);
    const [said, blank, titles, ...lines] = seedTable(runs, settings)!.split('\n');
    expect([said, blank]).toEqual(['Over the seeds, median (lowest to highest) of the complete runs:', '']);
    const cells = (line: string) => line.split(/ {2,}/);
    expect(cells(titles!)).toEqual(['optimizer', 'seeds', 'minibatch cost', 'train cost', 'test error']);
    expect(lines.map(cells)).toEqual([
      ['adam', '3', '0.5000 (0.2500 to 1.000)', '-', '-'],
      ['sgd', '3', '2.000', '-', '-', '2 of 3 diverged'],
    ]);
  });

  it('is not there for one seed, for too many settings, and where nothing is done', () => {
    expect(seedTable(summaries(seeds(1), [1]), seeds(1))).toBeUndefined();
    expect(seedTable(summaries(seeds(2), ['pending', 'failed']), seeds(2))).toBeUndefined();
    const many = Array.from({ length: 31 }, (_, i) => seeds(2, withRate(i + 1))).flat();
    expect(
      seedTable(
        summaries(
          many,
          many.map(() => 1),
        ),
        many,
      ),
    ).toBeUndefined();
  });
});
