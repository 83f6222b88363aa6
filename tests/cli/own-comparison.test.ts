import { describe, expect, it } from 'vitest';
import { ranking } from '../../src/cli/own-comparison.ts';
import { comparisonText } from '../../src/cli/own-comparison-text.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';

type Told = Parameters<typeof ranking>[0][number];

const told = (optimizer: string, rule: string, changes: Partial<Told> = {}): Told => ({
  run: { optimizer, optimizerSettings: { rule } } as ResolvedRun,
  ...{ told: '', status: 'complete', value: 1, secondsPerStep: 0.002 },
  ...changes,
});
const slots = new Map([
  ['plain', 0],
  ['mine', 2],
]);

describe('ranking', () => {
  it('ranks by the median over the seeds, and measures time by the simplest rule', () => {
    const runs = [
      told('fancy', 'nesterov', { value: 0.5 }),
      told('plain', 'sgd', { value: 3 }),
      told('plain', 'sgd', { value: 1, secondsPerStep: 0.004 }),
      told('mine', './mine.ts', { value: 0.1, secondsPerStep: 0.006 }),
      told('mine', './mine.ts', { value: 0.3, secondsPerStep: 0.006 }),
      told('mine', './mine.ts', { value: 9, secondsPerStep: 0.006 }),
    ];
    const { baseline, rows, missing } = ranking(runs, ['mine'], slots);
    expect(baseline).toBe('plain');
    expect(missing).toEqual([]);
    expect(rows.map(({ optimizer, rank, own }) => [optimizer, rank, own])).toEqual([
      ['mine', 1, true],
      ['fancy', 2, false],
      ['plain', 3, false],
    ]);
    expect(rows[0]).toMatchObject({
      value: { median: 0.3, min: 0.1, max: 9 },
      ...{ stateSlots: 2, complete: 3 },
    });
    expect(rows[0]!.timesBaseline).toBeCloseTo(2, 12);
    expect(rows[2]!.value).toEqual({ median: 2, min: 1, max: 3 });
  });

  it('takes the best setting of a grid, and leaves out what is not done', () => {
    const open = { status: 'pending', value: undefined, secondsPerStep: undefined } as const;
    const { rows, missing, baseline } = ranking(
      [
        told('mine', './mine.ts', { told: 'lr=1', value: 5 }),
        told('mine', './mine.ts', { told: 'lr=0.1', value: 2 }),
        told('mine', './mine.ts', { told: 'lr=0.01', ...open }),
        told('plain', 'sgd', open),
      ],
      ['mine'],
      slots,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ setting: 'lr=0.1', value: { median: 2 }, timesBaseline: null });
    expect(missing).toEqual([
      { optimizer: 'mine', runs: 1, of: 3 },
      { optimizer: 'plain', runs: 1, of: 1 },
    ]);
    expect(baseline).toBeNull();
  });

  it('puts what diverged last, without a rank', () => {
    const lost = { status: 'diverged', value: undefined } as const;
    const { rows } = ranking([told('mine', './mine.ts', lost), told('plain', 'sgd')], ['mine'], slots);
    expect(rows.map(({ optimizer, rank, diverged }) => [optimizer, rank, diverged])).toEqual([
      ['plain', 1, 0],
      ['mine', null, 1],
    ]);
  });
});

describe('comparisonText', () => {
  it('marks your own, and says how to compute what is missing', () => {
    const parts = ranking(
      [
        told('plain', 'sgd', { value: 2 }),
        told('mine', './mine.ts', { value: 1, secondsPerStep: 0.003 }),
        told('adam', 'adam', { status: 'pending', value: undefined, secondsPerStep: undefined }),
      ],
      ['mine'],
      slots,
    );
    const text = comparisonText({ experiment: 'x', criterion: 'train-cost', ...parts }, 'THE COMMAND');
    expect(text.split('\n').map((line) => line.replace(/ +/g, ' ').trim())).toEqual([
      'Beside the others in x, by train-cost; memory counts parameters and state:',
      '',
      'train-cost, ms per of memory',
      'rank optimizer median (range) seeds step plain of SGD',
      '1 mine (yours) 1.000 1 3.00 1.50x 3x',
      '2 plain 2.000 1 2.00 1.00x 1x',
      '',
      'Runs that are not done: adam (1 of 1). They are computed by: THE COMMAND',
    ]);
  });
});
