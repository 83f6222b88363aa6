import { describe, expect, it } from 'vitest';
import {
  allowedValues,
  choice,
  defineOptimizer,
  flag,
  hyperIssues,
  isOptimizer,
  number,
  optimizers,
  resolveHyper,
  trajectory,
} from '../../src/optimizers/index.ts';

const { adam, rmsprop } = optimizers;

describe('hyper-parameters', () => {
  it('are filled in with their defaults', () => {
    expect(resolveHyper(adam, { lr: 0.01 })).toEqual({
      lr: 0.01,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      epsilonPlacement: 'outside',
      epsilonForm: 'paper',
      biasCorrection: true,
    });
  });

  it.each([
    [adam, { beta1: 1 }, 'adam: beta1 is 1, but it must be a number >= 0 and < 1.'],
    [adam, { beta2: -0.1 }, 'adam: beta2 is -0.1, but it must be a number >= 0 and < 1.'],
    [adam, { lr: '1e-3' }, 'adam: lr is "1e-3", but it must be a number >= 0.'],
    [adam, { lr: Number.NaN }, 'adam: lr is NaN, but it must be a number >= 0.'],
    [adam, { epsilon: -1 }, 'adam: epsilon is -1, but it must be a number >= 0.'],
    [adam, { biasCorrection: 1 }, 'adam: biasCorrection is 1, but it must be true or false.'],
    [
      adam,
      { epsilonForm: 'epsilonhat' },
      'adam: epsilonForm is "epsilonhat", but it must be one of paper, epsilon-hat; did you mean epsilon-hat?',
    ],
    [
      rmsprop,
      { Rho: 0.9 },
      'rmsprop has no hyper-parameter Rho (it has lr, rho, epsilon, epsilonPlacement, centered, biasCorrection, ' +
        'initialAccumulator); did you mean rho?',
    ],
    [optimizers.sgd, { toString: 1 }, 'sgd has no hyper-parameter toString (it has lr).'],
    [optimizers.adadelta, { epsilon: 0 }, 'adadelta: epsilon is 0, but it must be a number > 0.'],
  ])('mistake %# is named', (optimizer, given, message) => {
    expect(() => resolveHyper(optimizer, given)).toThrow(message);
  });

  it('reports every mistake at once, with its key', () => {
    const issues = hyperIssues(adam, { beta1: 2, bta2: 0.9, lr: 1 });
    expect(issues.map(({ key, suggestion }) => [key, suggestion])).toEqual([
      ['beta1', undefined],
      ['bta2', 'beta2'],
    ]);
    expect(() => resolveHyper(adam, { beta1: 2, bta2: 0.9 })).toThrow(/beta1 is 2.*did you mean beta2\?/);
  });

  // Every number of every rule: just below its range, and at an excluded end.
  const numbers = Object.values(optimizers).flatMap((optimizer) =>
    Object.entries(optimizer.hyper).flatMap(([key, d]) => {
      if (d.kind !== 'number') return [];
      const outside = [
        d.min !== undefined && d.min - 1e-9,
        d.above,
        d.below,
        d.max !== undefined && d.max + 1e-9,
      ];
      return outside
        .filter((value) => typeof value === 'number')
        .map((value) => [optimizer.name, key, value, optimizer, d] as const);
    }),
  );
  it.each(numbers)('%s: %s = %s is out of range', (name, key, value, optimizer, descriptor) => {
    expect(() => resolveHyper(optimizer, { [key]: value })).toThrow(
      `${name}: ${key} is ${value}, but it must be ${allowedValues(descriptor)}.`,
    );
  });

  it('every shipped rule has a range, a line of documentation and a reference', () => {
    for (const [name, optimizer] of Object.entries(optimizers)) {
      expect(optimizer.name).toBe(name);
      expect(optimizer.reference).not.toBe('');
      for (const descriptor of Object.values(optimizer.hyper)) expect(descriptor.doc).toBeTruthy();
    }
  });
});

describe('defineOptimizer', () => {
  const update = () => ({ step: 0 });
  it('takes plain values for descriptors', () => {
    const optimizer = defineOptimizer({ name: 'x', reference: '', hyper: { lr: 1, fast: true }, update });
    expect(optimizer.hyper).toEqual({ lr: number(1), fast: flag(true) });
    expect(() => resolveHyper(optimizer, { lr: Infinity })).toThrow(
      'x: lr is Infinity, but it must be a finite number.',
    );
  });

  it('types the hyper-parameters of update', async () => {
    const optimizer = defineOptimizer({
      name: 'typed',
      reference: '',
      hyper: { lr: 1, size: number(2), on: true, kind: choice('a', ['a', 'b']) },
      update: (_, h) => {
        const values: [number, boolean, 'a' | 'b'] = [h.size, h.on, h.kind];
        return { step: values[1] && values[2] === 'a' ? values[0] : 0 };
      },
    });
    expect(await trajectory(optimizer, {}, { start: [0], gradients: [[1]] })).toEqual([Float64Array.of(-2)]);
  });

  it('refuses a default out of its own range, and a definition without a name', () => {
    const hyper = { lr: 1, beta: number(1, { below: 1 }) };
    expect(() => defineOptimizer({ name: 'x', reference: '', hyper, update })).toThrow(
      'Optimizer x: the default of beta is 1, but it must be a number < 1.',
    );
    expect(() => defineOptimizer({ name: '', reference: '', hyper: { lr: 1 }, update })).toThrow(
      'has no name',
    );
  });

  it('makes plain values: a copy is an optimizer too', () => {
    expect(isOptimizer({ ...adam })).toBe(true);
    expect(isOptimizer({ name: 'adam' })).toBe(false);
    expect(isOptimizer(null)).toBe(false);
  });
});
