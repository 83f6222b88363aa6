// A training of one of the models on data that are made up, with Adam at batch 128.
import { models } from './models.mjs';

/** What `openTrial` takes for it; `open` opens one. */
export async function madeUpTrial(model, { engineName, stepsPerEpoch, epochs }) {
  // Only now: engines read their settings from the environment, which a benchmark sets first.
  const { loadEngine } = await import('../dist/engines/index.js');
  const { optimizers, resolveHyper } = await import('../dist/optimizers/index.js');
  const { openTrial } = await import('../dist/training/trial.js');
  const { settings, shape } = models[model];
  const examples = stepsPerEpoch * 128;
  const run = {
    experiment: 'bench',
    optimizer: 'adam',
    seed: 0,
    engine: engineName,
    data: { name: 'synthetic', trainExamples: examples, testExamples: 1 },
    model: settings,
    batchSize: 128,
    epochs,
    evaluation: { every: 0, batchSize: 128 },
    optimizerSettings: {
      rule: 'adam',
      hyper: resolveHyper(optimizers.adam),
      schedule: { type: 'constant' },
      warmupSteps: 0,
      weightDecay: null,
    },
  };
  const split = (count) => ({
    examples: count,
    inputs: {
      data: Uint8Array.from(
        { length: count * shape.reduce((a, b) => a * b) },
        (_, i) => (i * 2654435761) >>> 24,
      ),
      shape,
      scale: 1 / 255,
    },
    labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
  });
  const dataset = { name: 'made up', classes: 10, train: split(examples), test: split(1), checksums: {} };
  const engine = await loadEngine(engineName);
  return { run, engine, open: () => openTrial(run, { dataset, optimizer: optimizers.adam, engine }) };
}
