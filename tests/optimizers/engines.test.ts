import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadOptimizerFile, type Optimizer, optimizers, trajectory } from '../../src/optimizers/index.ts';
import type { HyperParameter, WeightDecaySettings } from '../../src/spec/run.ts';
import { uniformGradients } from './streams.ts';

const userFile = fileURLToPath(new URL('fixtures/sign-momentum.ts', import.meta.url));
const decoupled: WeightDecaySettings = { mode: 'decoupled', rate: 1e-3 };

const rows: [Optimizer, Record<string, HyperParameter>, WeightDecaySettings | null][] = [
  ...Object.values(optimizers).map((optimizer): (typeof rows)[number] => [
    optimizer,
    // Parameters stay away from 0, where a relative error says nothing.
    { lr: Math.min(optimizer.hyper.lr!.default as number, 1e-3) },
    null,
  ]),
  [optimizers.adam, { epsilonForm: 'epsilon-hat', epsilonPlacement: 'inside' }, decoupled],
  [optimizers.adam, {}, { mode: 'l2', rate: 0.1 }],
  [optimizers.rmsprop, { centered: true, epsilon: 1e-3 }, { mode: 'decoupled-lr', rate: 0.1 }],
  [optimizers.adagrad, { epsilon: 0, initialAccumulator: 0.1 }, null],
  [optimizers.amsgrad, { biasCorrection: true, maximumOf: 'corrected' }, decoupled],
  [await loadOptimizerFile(userFile), { lr: 1e-3 }, decoupled],
];

describe('200 steps on wasm against float64', () => {
  it.each(rows.map((row) => [row[0].name, ...row] as const))(
    '%s %#',
    async (_name, optimizer, hyper, weightDecay) => {
      // 37 parameters: blocks of the vector length and a rest. One sees no gradient at all.
      const gradients = uniformGradients(3, 200, 37).map((g) => g.with(5, 0));
      const options = { start: Array.from({ length: 37 }, (_, i) => 1.5 + i / 37), gradients, weightDecay };
      const exact = await trajectory(optimizer, hyper, options);
      const path = await trajectory(optimizer, hyper, { ...options, engine: 'wasm' });
      exact.forEach((p, step) => {
        p.forEach((x, i) => {
          // float32 rounds each of 200 updates by up to 6e-8 of the parameter: 1.2e-5 if all err on one side.
          const tolerance = 2e-5 * Math.abs(x) + 1e-7;
          const error = Math.abs(path[step]![i]! - x);
          expect(error, `parameter ${i} after step ${step + 1}`).toBeLessThanOrEqual(tolerance);
        });
      });
    },
  );
});
