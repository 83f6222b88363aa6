import { describe, expect, it } from 'vitest';
import type { Engine, Feeds } from '../../src/engines/engine.ts';
import { loadEngine } from '../../src/engines/index.ts';
import { UsageError } from '../../src/errors.ts';
import { checkProgram, type Program } from '../../src/graph/program.ts';
import { optimizers, trajectory } from '../../src/optimizers/index.ts';
import { uniformGradients } from './streams.ts';

describe('trajectory', () => {
  it('returns the parameters after each step, and changes neither start nor gradients', async () => {
    const start = [1, 2];
    const gradients = [
      [1, 0],
      [0, 1],
    ];
    const path = await trajectory('sgd', { lr: 0.5 }, { start, gradients });
    expect(path).toEqual([Float64Array.of(0.5, 2), Float64Array.of(0.5, 1.5)]);
    expect(start).toEqual([1, 2]);
  });

  it('gives a gradient function the parameters before the step, as a copy', async () => {
    const seen: number[][] = [];
    const gradients = (p: Float64Array, step: number) => {
      seen.push([step, ...p]);
      return p.fill(1);
    };
    await trajectory('sgd', { lr: 0.5 }, { start: [3], gradients, steps: 3 });
    expect(seen).toEqual([
      [1, 3],
      [2, 2.5],
      [3, 2],
    ]);
  });

  it('says what does not fit', async () => {
    const start = [1, 2];
    await expect(trajectory('adm', {}, { start, gradients: [] })).rejects.toThrow(
      'There is no optimizer "adm"; did you mean adam?',
    );
    await expect(trajectory('lamb-of-war', {}, { start, gradients: [] })).rejects.toThrow(
      'use one of sgd, momentum',
    );
    await expect(trajectory('sgd', {}, { start, gradients: [[1]] })).rejects.toThrow(
      'the gradient of step 1 has 1 values, but there are 2 parameters.',
    );
    await expect(trajectory('sgd', {}, { start, gradients: [], steps: 1 })).rejects.toThrow(
      'step 1 has 0 values',
    );
    await expect(trajectory('sgd', {}, { start, gradients: () => [1] })).rejects.toThrow('add steps');
  });

  const decay = { mode: 'decoupled', rate: 0.1 };
  it.each([
    [{ start: undefined }, 'start is undefined, but it must be an array of numbers'],
    [{ gradients: undefined }, 'gradients is undefined, but it must be an array with one gradient per step'],
    [{ steps: 1.5 }, 'steps is 1.5, but it must be a whole number >= 0.'],
    [{ engine: 'gpu' }, 'engine is "gpu", but it must be one of reference, wasm, tensorflow, or an engine.'],
    [{ warmupSteps: -1 }, 'warmupSteps is -1'],
    [{ stepsPerEpoch: 0 }, 'stepsPerEpoch is 0'],
    [
      { weightDecay: { ...decay, mode: 'x' } },
      'weightDecay.mode is "x", but it must be one of l2, decoupled,',
    ],
    [{ weightDecay: { ...decay, rate: Number.NaN } }, 'weightDecay.rate is NaN'],
    [{ schedule: { type: 'cosin' } }, 'schedule.type is "cosin", but it must be one of constant, '],
    [{ schedule: { type: 'cosine' } }, 'schedule.epochs is undefined, but it must be a number > 0'],
    [{ schedule: { type: 'inverse-sqrt' } }, 'schedule.per is undefined'],
    [{ schedule: { type: 'step-drop', epochs: 3, factor: 1 } }, 'schedule.epochs is 3'],
    [{ schedule: { type: 'step-drop', epochs: [3] } }, 'schedule.factor is undefined'],
    [{ schedule: { type: 'cosine-restarts', firstPeriod: 0 } }, 'schedule.firstPeriod is 0'],
    [{ schedule: { type: 'cosine-restarts', firstPeriod: 1 } }, 'schedule.periodFactor is undefined'],
  ])('refuses %j', async (change, message) => {
    const options = { start: [1], gradients: [[1]], ...change } as never;
    const error = await trajectory('adam', {}, options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toContain(`trajectory: ${message}`);
  });

  it('an engine that is not there is named', async () => {
    await expect(loadEngine('gpu' as never)).rejects.toThrow(
      'There is no engine "gpu": use one of reference, wasm, tensorflow.',
    );
  });

  it.each(Object.keys(optimizers))(
    '%s is the same through the program that engines compile',
    async (rule) => {
      const engine = await loadEngine('reference');
      const options = {
        start: [1, -2, 0.5],
        gradients: uniformGradients(5, 30, 3),
        weightDecay: { mode: 'decoupled', rate: 0.01 },
      } as const;
      expect(await trajectory(rule, {}, { ...options, engine })).toEqual(await trajectory(rule, {}, options));
    },
  );

  it('gives an engine a valid program and releases it, after an error too', async () => {
    let disposed = 0;
    const calls: [string, Feeds][] = [];
    const engine: Engine = {
      name: 'wasm',
      availability: async () => ({ ok: true, device: 'none', gpu: false, variant: 'none', threads: 1 }),
      compile: async (program: Program) => {
        checkProgram(program);
        return {
          run: (signature, feeds) => {
            calls.push([signature, feeds]);
            if (signature === 'step') throw new Error('stopped');
            return {};
          },
          dispose: () => {
            disposed++;
          },
        };
      },
    };
    const options = { start: [1], gradients: [[1]], engine };
    await expect(trajectory('adagrad', { initialAccumulator: 0.5 }, options)).rejects.toThrow('stopped');
    expect(disposed).toBe(1);
    expect(calls[0]).toEqual([
      'restore',
      { 'value/parameter': Float64Array.of(1), 'value/accumulator': Float64Array.of(0.5) },
    ]);
  });
});
