import { describe, expect, it } from 'vitest';
import { reference } from '../../src/engines/reference/index.ts';
import { checkProgram } from '../../src/graph/program.ts';
import { buildModel } from '../../src/models/index.ts';
import { optimizers, resolveHyper, traceRule } from '../../src/optimizers/index.ts';
import type { ModelSettings, NetworkSettings } from '../../src/spec/run.ts';
import { buildProgram } from '../../src/training/program.ts';

const mlp: Extract<ModelSettings, { type: 'mlp' }> = {
  type: 'mlp',
  hidden: [6, 5],
  activation: 'tanh',
  initialization: { type: 'normal', deviation: 0.7 },
  dropout: { input: 0.2, hidden: 0.5 },
};
const settings = (model: NetworkSettings) => ({
  model: buildModel(model),
  rule: traceRule(optimizers.sgd, resolveHyper(optimizers.sgd)),
  seed: 3,
  batchSize: 4,
  evaluationBatchSize: 4,
  data: { examples: 8, classes: 3, inputs: { kind: 'dense', shape: [7], dtype: 'float', scale: 1 } } as const,
});
const data = {
  'data/inputs': Float64Array.from({ length: 56 }, (_, i) => Math.sin(i * 1.7)),
  'data/labels': Uint8Array.from([0, 1, 2, 0, 1, 2, 2, 1]),
};

describe('buildProgram', () => {
  const built = buildProgram(settings(mlp));

  it('is sound, and names its parameters after their layers', () => {
    expect(() => checkProgram(built.program)).not.toThrow();
    expect(built.parameters.map((p) => p.attributes.name)).toEqual([
      'hidden1/weights',
      'hidden1/bias',
      'hidden2/weights',
      'hidden2/bias',
      'output/weights',
      'output/bias',
    ]);
  });

  it('gives state slots their start values', () => {
    const hyper = resolveHyper(optimizers.adagrad, { initialAccumulator: 0.1 });
    const { initial } = buildProgram({ ...settings(mlp), rule: traceRule(optimizers.adagrad, hyper) });
    const slots = [...initial].filter(([name]) => !built.initial.has(name));
    expect(slots).toHaveLength(6);
    for (const [, values] of slots) expect(values[0]).toBeCloseTo(0.1, 7);
  });

  const tiny: [string, NetworkSettings][] = [
    ...(['tanh', 'softplus', 'sigmoid', 'relu'] as const).map((activation): (typeof tiny)[number] => [
      `mlp, ${activation}`,
      { ...mlp, activation },
    ]),
    [
      'logistic-regression',
      { type: 'logistic-regression', initialization: mlp.initialization, dropout: { input: 0.3 } },
    ],
    [
      'cnn',
      {
        type: 'cnn',
        channels: [2, 3],
        kernel: 3,
        pool: { size: 3, stride: 2, padding: 'same' },
        padding: 'same',
        dense: 4,
        image: [7, 1, 1],
        initialization: mlp.initialization,
        dropout: { input: 0.1, dense: 0.5 },
      },
    ],
    [
      'vae',
      {
        type: 'vae',
        hidden: 5,
        latent: 2,
        activation: 'softplus',
        samples: 2,
        initialization: mlp.initialization,
      },
    ],
  ];
  it.each(tiny)(
    '%s has the gradient of its own cost, dropout and noise included: finite differences agree to 1e-6',
    async (_, model) => {
      // One SGD step at learning rate 1 subtracts the gradient, so the change of the parameters is the gradient.
      const { program, initial, parameters } = buildProgram(settings(model));
      const executable = await reference.compile(program);
      const start = Object.fromEntries([...initial].map(([name, x]) => [name, Float64Array.from(x)]));
      const feeds = {
        rows: Int32Array.from([5, 0, 3, 6]),
        weights: Float64Array.from([0.25, 0.25, 0.25, 0.25]),
        step: Int32Array.from([9]),
      };
      const costAt = (values: typeof start, lr = 0) => {
        executable.run('initialize', { ...values, ...data });
        return executable.run('step', { ...feeds, scalars: Float64Array.of(lr) }).cost![0]!;
      };
      costAt(start, 1);
      const after = executable.run('read', {});
      const names = parameters.map((p) => p.attributes.name);
      const gradient = Object.fromEntries(
        names.map((name) => [name, start[name]!.map((x, i) => x - after[name]![i]!)]),
      );
      // One random direction through all parameters; with it, both sides are one number.
      const direction = Object.fromEntries(
        names.map((name) => [name, start[name]!.map((_, i) => Math.cos(i * 2.3 + name.length))]),
      );
      const moved = (h: number) =>
        Object.fromEntries(
          names.map((name) => [name, start[name]!.map((x, i) => x + h * direction[name]![i]!)]),
        );
      const h = 1e-5;
      const measured = (costAt(moved(h)) - costAt(moved(-h))) / (2 * h);
      const computed = names.reduce(
        (s, name) => s + gradient[name]!.reduce((t, g, i) => t + g * direction[name]![i]!, 0),
        0,
      );
      expect(Math.abs(measured - computed)).toBeLessThan(1e-6 * Math.max(1, Math.abs(computed)));
    },
  );
});
