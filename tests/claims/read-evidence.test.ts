import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asDrawn, trials, tuned } from '../../src/claims/claim.ts';
import { evidenceIn, evidenceOf } from '../../src/claims/index.ts';
import { type ResultTables, readTables } from '../../src/results/read-tables.ts';
import type { RunInfo } from '../../src/results/run-info.ts';

const reference = join(import.meta.dirname, '../../results/reference');
const tablesOf = (name: string): ResultTables => readTables(reference, name, 'paper')!;

/** The tables with changed copies of some of their runs before them. */
function withOthers(tables: ResultTables, change: (run: RunInfo) => Partial<RunInfo>): ResultTables {
  const others = tables.runs.map((run) => ({ ...run, ...change(run), id: `other ${run.id}` }));
  return { ...tables, runs: [...others, ...tables.runs] };
}

const hyper = (change: object) => (run: RunInfo) => ({
  hyperParameters: { ...run.hyperParameters, ...change },
});

describe('the evidence on a claim', () => {
  it.each([
    ['another rate', hyper({ lr: 0.123 })],
    ['a longer run', () => ({ epochs: 1000 })],
    ['other data', (run: RunInfo) => ({ data: { ...run.data, trainExamples: 100 } })],
  ])('leaves out %s', async (_, change) => {
    for (const [need, name] of [
      [asDrawn('mnist-logreg'), 'mnist-logreg'],
      [tuned('mnist-logreg'), 'mnist-logreg-tuned'],
    ] as const) {
      const tables = tablesOf(name);
      const evidence = await evidenceOf(withOthers(tables, change), need);
      expect(evidence).toEqual({ tables, otherSettings: [] });
    }
  });

  it('knows what the variants have otherwise', async () => {
    const { otherSettings } = await evidenceOf(tablesOf('mnist-logreg'), tuned('mnist-logreg'));
    expect(otherSettings).toContain('adagrad');
  });

  it('has every setting of a grid', async () => {
    const tables = tablesOf('sparse-features');
    const mixed = withOthers(tables, hyper({ lr: 0.123 }));
    expect((await evidenceOf(mixed, asDrawn('sparse-features'))).tables).toEqual(tables);
  });

  it('of a search has every value of its axes, and nothing else', async () => {
    const [need, tables] = [trials('mnist-logreg'), tablesOf('mnist-logreg-tune')];
    const extended = withOthers(tables, (run) => hyper({ lr: 0.7 * Number(run.hyperParameters.lr) })(run));
    expect((await evidenceOf(extended, need)).tables.runs).toHaveLength(2 * tables.runs.length);
    const smaller = withOthers(tables, () => ({ batchSize: 32 }));
    expect(await evidenceOf(smaller, need)).toEqual({ tables, otherSettings: [] });
    expect(
      (
        await evidenceOf(
          withOthers(tables, () => ({ epochs: 1000 })),
          need,
        )
      ).tables,
    ).toEqual(tables);
  });

  it('is read once, and nothing where there are no results', async () => {
    const read = evidenceIn(reference);
    const need = asDrawn('ravine', 'quick');
    expect(await read(need, 'paper')).toBe(await read(need, 'paper'));
    expect(await read(need, 'smoke')).toBeUndefined();
  });
});
