import { describe, expect, it } from 'vitest';
import { dataFolder, loadDataset } from '../../src/datasets/index.ts';
import { loadEngine } from '../../src/engines/index.ts';
import { optimizerByName } from '../../src/optimizers/index.ts';
import { distanceOf, logRatios } from '../../src/paper/index.ts';
import { loadSpec } from '../../src/spec/load.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import { openTrial } from '../../src/training/trial.ts';
import { record } from '../training/runs.ts';

/** The whole experiment on the real data, against the curves of Adam 2015, figure 1 left. */
describe('mnist-logreg, profile paper', async () => {
  const engine = await loadEngine('wasm');
  const experiment = await resolveSpec(await loadSpec('mnist-logreg'), {
    profile: 'paper',
    engine: 'wasm',
    // The curves are of the minibatch cost; full passes would only take time.
    overrides: { set: ['evaluation.every=0'] },
  });

  it.each(experiment.optimizers)('$label lies on the paper’s curve', async ({ name, paperCurve }) => {
    const run = experiment.runs.find((r) => r.optimizer === name)!;
    const dataset = await loadDataset(run.data, { folder: dataFolder() });
    const trial = await openTrial(run, {
      dataset,
      optimizer: optimizerByName(run.optimizerSettings.rule),
      engine,
    });
    const { outcome, rows } = await record(trial);
    expect(outcome).toBe('complete');
    const ours = new Map(rows.map((r) => [r.epoch, r.value]));
    expect(distanceOf(logRatios(ours, paperCurve!))!.median).toBeLessThanOrEqual(0.03);
  });
});
