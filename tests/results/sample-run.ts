import type { ResolvedRun } from '../../src/spec/run.ts';

/** A complete resolved run, changed where a test needs it. */
export function sampleRun(changes: Partial<ResolvedRun> = {}): ResolvedRun {
  return {
    experiment: 'sample',
    optimizer: 'adam',
    seed: 0,
    engine: 'reference',
    data: { name: 'synthetic', trainExamples: 20, testExamples: 10 },
    model: { type: 'logistic-regression', initialization: { type: 'zeros' }, dropout: { input: 0 } },
    batchSize: 4,
    epochs: 3,
    evaluation: { every: 1, batchSize: 10 },
    optimizerSettings: {
      rule: 'adam',
      hyper: { lr: 0.001, beta1: 0.9 },
      schedule: { type: 'constant' },
      warmupSteps: 0,
      weightDecay: null,
    },
    ...changes,
  };
}
