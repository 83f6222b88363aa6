import { describe, expect, it } from 'vitest';
import { captionOf, figureText } from '../../src/figures/caption.ts';
import { sampleExperiment, sampleTables } from './sample-figure.ts';

const adam = { optimizer: 'adam', seed: 0, costs: [0.5] };
const caption = (changes: object, runs: readonly object[], divergedAs?: string): string => {
  const tables = sampleTables(runs as never);
  const facts = { experiment: sampleExperiment(changes), tables, band: false, outside: [] };
  return captionOf({ ...facts, ...(divergedAs === undefined ? {} : { divergedAs }) }).join(' ');
};

describe('the caption', () => {
  const { runs } = sampleExperiment();
  const [run] = runs;

  it('counts every run of a grid, also those of one optimizer and seed that are not begun', () => {
    const grid = { optimizers: sampleExperiment().optimizers.slice(0, 1), runs: [run!, run!, run!] };
    expect(caption(grid, [adam])).toContain('Partial results: 1 of 3 runs are done.');
    expect(caption(grid, [adam, adam, adam])).not.toContain('Partial');
  });

  it('does not take the budgets of a grid for runs of another length', () => {
    const budgets = { runs: [run!, { ...run!, epochs: 184 }] };
    expect(caption(budgets, [adam])).not.toContain('instead of');
    expect(caption({ runs: [{ ...run!, epochs: 184 }] }, [adam])).toContain('46 instead of 184');
  });

  it('says how a figure marks runs that diverged', () => {
    const diverged = [{ ...adam, status: 'diverged' }];
    expect(caption({}, diverged)).toContain('Diverged, marked x at the last finite value: Adam.');
    expect(caption({}, diverged, 'crossed out')).toContain('Diverged, crossed out: Adam.');
  });

  it('names settings that are not those of the experiment, and whose they are', () => {
    const faster = {
      ...run!,
      optimizerSettings: { ...run!.optimizerSettings, hyper: { lr: 0.01 } },
    };
    const adagrad = { ...adam, optimizer: 'adagrad' };
    const changed = { runs: [faster, runs[1]!] };
    expect(caption(changed, [adam, adagrad])).toContain(
      'Other than in the spec: lr 0.1 instead of 0.01 (Adam).',
    );
    expect(caption({}, [adam, adagrad])).not.toContain('Other than');
    const longer = { runs: runs.map((one) => ({ ...one, epochs: 184 })) };
    expect(caption(longer, [adam, adagrad])).toContain('Other than in the spec: epochs 46 instead of 184.');
  });
});

describe('the place in a paper', () => {
  it.each([
    ['1-left', 'figure 1 left'],
    ['2b', 'figure 2b'],
    ['S3', 'figure S3'],
    ['7.2', 'section 7.2'],
    ['4.10', 'section 4.10'],
  ])('%s is %s', (figure, text) => expect(figureText(figure)).toBe(text));
});
