import { describe, expect, it } from 'vitest';
import { shippedExperiments } from '../../src/cli/selection.ts';

describe('shippedExperiments', () => {
  it('gives the engine that is asked for to everything that trains a model', async () => {
    const experiments = await shippedExperiments({ engine: 'wasm', profile: 'smoke' });
    for (const { name, runs } of experiments) {
      const isProblem = runs[0]!.model.type === 'problem';
      expect([name, new Set(runs.map(({ engine }) => engine))]).toEqual([
        name,
        new Set([isProblem ? 'reference' : 'wasm']),
      ]);
    }
    expect(experiments.map(({ name }) => name)).toContain('mnist-logreg-tuned');
  });
});
