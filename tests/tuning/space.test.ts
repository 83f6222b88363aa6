import { describe, expect, it } from 'vitest';
import { axisOf, combinations, edgesOf, extended } from '../../src/tuning/space.ts';

const range = axisOf('lr', { log: [1e-4, 1e-1], points: 7 });

describe('the values that are tried', () => {
  it('are spread evenly over the decades of a range, both ends included', () => {
    expect(range.values).toEqual([1e-4, 3.16e-4, 1e-3, 3.16e-3, 1e-2, 3.16e-2, 1e-1]);
    expect(axisOf('lr', { log: [2, 3], points: 2 }).values).toEqual([2, 3]);
  });

  it('are every combination of the axes, the first one changing slowest', () => {
    const axes = [axisOf('lr', [1, 2]), axisOf('schedule', ['constant', { type: 'cosine' }])];
    expect(combinations(axes)).toEqual([
      { lr: 1, schedule: 'constant' },
      { lr: 1, schedule: { type: 'cosine' } },
      { lr: 2, schedule: 'constant' },
      { lr: 2, schedule: { type: 'cosine' } },
    ]);
    expect(combinations([])).toEqual([{}]);
  });
});

describe('an optimum at an end', () => {
  it.each([
    [1e-4, 'lowest'],
    [1e-1, 'highest'],
  ])('is found at %f', (lr, end) => {
    expect(edgesOf([range], { lr })).toEqual([{ path: 'lr', value: lr, end }]);
  });

  it('is none inside, at 0, of one value alone, or of what is no number', () => {
    expect(edgesOf([range], { lr: 1e-3 })).toEqual([]);
    expect(edgesOf([axisOf('model.dropout.input', [0, 0.1, 0.2])], { 'model.dropout.input': 0 })).toEqual([]);
    expect(edgesOf([axisOf('lr', [1])], { lr: 1 })).toEqual([]);
    expect(edgesOf([axisOf('schedule', ['constant', 'cosine'])], { schedule: 'cosine' })).toEqual([]);
  });

  it('is looked beyond by one more step of a range, and never of a list', () => {
    const [highest] = edgesOf([range], { lr: 1e-1 });
    expect(extended(range, highest!)!.values.slice(-2)).toEqual([1e-1, 3.16e-1]);
    const [lowest] = edgesOf([range], { lr: 1e-4 });
    expect(extended(range, lowest!)!.values.slice(0, 2)).toEqual([3.16e-5, 1e-4]);
    const list = axisOf('momentum', [0.9, 0.99]);
    expect(extended(list, edgesOf([list], { momentum: 0.99 })[0]!)).toBeUndefined();
  });
});
