import { describe, expect, it } from 'vitest';
import { figure4Points } from '../../src/paper/index.ts';
import { loadSpec } from '../../src/spec/load.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';

async function paperRuns(name: string): Promise<readonly ResolvedRun[]> {
  const { runs } = await resolveSpec(await loadSpec(name), { profile: 'paper', engine: 'wasm' });
  return runs;
}

describe('vae-bias-correction', () => {
  it('has the 108 runs of figure 4, and every marker of the figure among them', async () => {
    const runs = await paperRuns('vae-bias-correction');
    const settings = runs.map(({ optimizerSettings: { hyper } }) => hyper);
    expect(runs).toHaveLength(108);
    for (const { beta1, beta2, biasCorrection, log10Alpha } of figure4Points().filter((p) => !p.atEdge)) {
      const found = settings.filter(
        (h) =>
          h.beta1 === beta1 &&
          h.beta2 === beta2 &&
          h.biasCorrection === biasCorrection &&
          Math.abs(Math.log10(h.lr as number) - log10Alpha) < 0.01,
      );
      expect(found).toHaveLength(1);
    }
  });
});

describe('the AdamW experiments', () => {
  it('cover full grids in powers of two, each as far as its best cell needs', async () => {
    const runs = await paperRuns('adamw-decay-heatmap');
    const decays = { 'adam-l2': 11, adamw: 10, 'sgd-l2': 8, sgdw: 10 };
    for (const [method, count] of Object.entries(decays)) {
      const own = runs.filter(({ optimizer }) => optimizer === method);
      expect(own).toHaveLength(6 * count);
      const values = (of: (run: ResolvedRun) => number) => [...new Set(own.map(of))].filter((v) => v > 0);
      for (const list of [
        values((run) => run.optimizerSettings.hyper.lr as number),
        values((run) => run.optimizerSettings.weightDecay!.rate),
      ])
        expect(list.every((value, i) => i === 0 || Math.abs(value / list[i - 1]! - 2) < 1e-12)).toBe(true);
    }
  });

  it('drop the learning rate at 30, 60 and 80 % of the epochs', async () => {
    for (const { epochs, optimizerSettings } of await paperRuns('adamw-schedules')) {
      const { schedule } = optimizerSettings;
      if (schedule.type === 'step-drop')
        expect(schedule.epochs.map((epoch) => epoch / epochs)).toEqual([0.3, 0.6, 0.8]);
    }
  });

  it('end with a whole period where they restart, and measure the end of each', async () => {
    for (const { epochs, evaluation, optimizerSettings } of await paperRuns('adamw-restarts')) {
      const { schedule } = optimizerSettings;
      const ends = schedule.type === 'cosine-restarts' ? [10, 30, 70, 150] : [150];
      expect(epochs).toBe(ends.at(-1));
      expect(ends.every((end) => end % evaluation.every === 0)).toBe(true);
    }
  });

  it('give the normalized rates of three budgets, a factor of four apart', async () => {
    const runs = await paperRuns('adamw-normalized-decay');
    const rates = runs
      .filter(({ optimizerSettings: { weightDecay } }) => weightDecay?.normalized === 0.05)
      .map(({ epochs, optimizerSettings }) => [epochs, optimizerSettings.weightDecay!.rate] as const);
    expect(rates.map(([epochs]) => epochs)).toEqual([10, 40, 160]);
    expect(rates[0]![1] / rates[1]![1]).toBeCloseTo(2, 12);
    expect(rates[1]![1] / rates[2]![1]).toBeCloseTo(2, 12);
  });
});
