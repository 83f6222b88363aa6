import { describe, expect, it } from 'vitest';
import { criterionValue, distanceValues } from '../../src/tuning/criteria.ts';

const lines = [
  '0,0,train,cost,9',
  '0,0,test,error,0.9',
  '1,4,train,minibatch-cost,4',
  '2,8,train,minibatch-cost,2',
  '2,8,train,cost,1.5',
  '2,8,test,cost,1.75',
  '2,8,test,error,0.25',
];

describe('what a search minimizes', () => {
  it.each([
    ['minibatch-cost', 1, 2],
    ['minibatch-cost', 2, 3],
    ['minibatch-cost', 5, 3],
    ['train-cost', 1, 1.5],
    ['test-cost', 1, 1.75],
    ['test-error', 1, 0.25],
  ] as const)('%s over the last %i epochs is %f', (name, lastEpochs, value) => {
    expect(criterionValue({ name, lastEpochs }, lines)).toEqual({ value });
  });

  it('is unknown where the run has not measured it', () => {
    expect(criterionValue({ name: 'test-error', lastEpochs: 1 }, lines.slice(2, 5))).toBeUndefined();
    expect(criterionValue({ name: 'minibatch-cost', lastEpochs: 3 }, [])).toBeUndefined();
  });

  it("is the mean |ln ratio| to the paper's curve, whose point k is epoch k + 1", () => {
    const curve = {
      figure: '1-left',
      name: 'Adam',
      points: [
        { x: 0, y: 4 },
        { x: 1, y: 2 * Math.E },
      ],
    };
    const close = (value: number) => expect.closeTo(value, 12);
    expect(distanceValues(curve, lines)).toEqual({ value: close(0.5), median: close(0.5), max: close(1) });
    expect(distanceValues(curve, [])).toBeUndefined();
  });
});
