import { describe, expect, it } from 'vitest';
import { normalizedDecayRate, trajectory } from '../../src/optimizers/index.ts';

describe('weight decay', () => {
  it("normalised: the paper's 0.05 over 100 epochs of CIFAR-10 at batch 128 is 2.53e-4", () => {
    const run = { batchSize: 128, trainExamples: 50_000, epochs: 100 };
    expect(normalizedDecayRate(0.05, run)).toBeCloseTo(2.53e-4, 6);
    expect(normalizedDecayRate(0.05, { ...run, epochs: 400 })).toBeCloseTo(
      normalizedDecayRate(0.025, run),
      18,
    );
  });

  it('shrinks a parameter without gradients by (1 - multiplier * rate) per step, whatever lr is', async () => {
    const path = await trajectory(
      'adam',
      { lr: 0.3 },
      {
        start: [8],
        gradients: [[0], [0]],
        schedule: { type: 'inverse-sqrt', per: 'step' },
        weightDecay: { mode: 'decoupled', rate: 0.5 },
      },
    );
    expect(path[0]![0]).toBe(4);
    expect(path[1]![0]).toBeCloseTo(4 * (1 - 0.5 / Math.SQRT2), 14);
  });
});
