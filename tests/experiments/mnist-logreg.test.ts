import { describe, expect, it } from 'vitest';
import { claims, verdictOf } from '../../src/claims/index.ts';
import { dataFolder, loadDataset } from '../../src/datasets/index.ts';
import { loadEngine } from '../../src/engines/index.ts';
import { optimizerByName } from '../../src/optimizers/index.ts';
import { distanceOf, logRatios } from '../../src/paper/index.ts';
import { loadSpec } from '../../src/spec/load.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';
import { openTrial } from '../../src/training/trial.ts';
import { type MadeUpRun, madeUp } from '../claims/made-up.ts';
import { record } from '../training/runs.ts';

const engine = await loadEngine('wasm');

/** The minibatch costs of a run on the real data, by epoch. */
async function trained(run: ResolvedRun): Promise<Map<number, number>> {
  const dataset = await loadDataset(run.data, { folder: dataFolder() });
  const trial = await openTrial(run, {
    dataset,
    optimizer: optimizerByName(run.optimizerSettings.rule),
    engine,
  });
  const { outcome, rows } = await record(trial);
  expect(outcome).toBe('complete');
  return new Map(rows.map((r) => [r.epoch, r.value]));
}

/** The whole experiment; the curves are of the minibatch cost, and full passes would only take time. */
const experimentWith = async (set: readonly string[] = []) =>
  resolveSpec(await loadSpec('mnist-logreg'), {
    profile: 'paper',
    engine: 'wasm',
    overrides: { set: ['evaluation.every=0', ...set] },
  });

/** The whole experiment on the real data, against the curves of Adam 2015, figure 1 left. */
describe('mnist-logreg, profile paper', async () => {
  const experiment = await experimentWith();

  it.each(experiment.optimizers)('$label lies on the paper’s curve', async ({ name, paperCurve }) => {
    const ours = await trained(experiment.runs.find((r) => r.optimizer === name)!);
    expect(distanceOf(logRatios(ours, paperCurve!))!.median).toBeLessThanOrEqual(0.03);
  });

  // The other mutations are in tests/claims/mutations.test.ts; this one needs weights that are trained.
  it('flips A7 from wrong initial weights', async () => {
    const { runs } = await experimentWith(['model.initialization={type: normal, deviation: 1}']);
    const made: MadeUpRun[] = [];
    for (const run of runs) {
      made.push({
        optimizer: run.optimizer,
        epochs: run.epochs,
        values: { 'minibatch-cost': [...(await trained(run))] },
      });
    }
    const a7 = claims.find(({ id }) => id === 'A7')!;
    expect(verdictOf(a7, madeUp(made)).verdict).toBe('not reproduced');
  }, 240_000);
});
