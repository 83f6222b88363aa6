import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/datasets/data-files.ts';
import { makeSynthetic } from '../../src/datasets/synthetic.ts';

describe('makeSynthetic', () => {
  it('has the shapes asked for', () => {
    const { classes, train, test } = makeSynthetic(30, 20);
    expect(classes).toBe(10);
    expect([train.examples, train.inputs.data.length, train.labels.length]).toEqual([30, 30 * 784, 30]);
    expect([test.examples, test.inputs.data.length, test.labels.length]).toEqual([20, 20 * 784, 20]);
    expect(train.inputs.shape).toEqual([784]);
    expect(train.inputs.scale).toBe(1 / 255);
  });

  it('is the same bytes for ever', () => {
    const { train, test } = makeSynthetic(50, 50);
    expect(sha256(train.inputs.data as Uint8Array)).toBe(
      '3bf6122d143f1299b08d33ab01dbb6b3747e2de42d7c008562eb258991c3f36c',
    );
    expect(sha256(test.inputs.data as Uint8Array)).toBe(
      'f6c4b50db189cea761517a95836cc3edd2a279ebc2fef07af3317ab7903fcdd3',
    );
    expect([...train.labels.subarray(0, 10)]).toEqual([2, 5, 1, 0, 2, 3, 3, 1, 6, 7]);
  });

  it('starts with the same examples whatever the size', () => {
    const small = makeSynthetic(5, 3);
    const large = makeSynthetic(40, 40);
    expect(large.train.inputs.data.subarray(0, 5 * 784)).toEqual(small.train.inputs.data);
    expect(large.test.labels.subarray(0, 3)).toEqual(small.test.labels);
  });

  it('has every class about equally often', () => {
    const counts = new Array<number>(10).fill(0);
    for (const label of makeSynthetic(2000, 1).train.labels) counts[label]!++;
    expect(Math.min(...counts)).toBeGreaterThan(150);
    expect(Math.max(...counts)).toBeLessThan(250);
  });

  it('can be learned: the class means of the training split tell the test split apart', () => {
    const { train, test } = makeSynthetic(500, 200);
    const means = Array.from({ length: 10 }, () => new Float64Array(784));
    const counts = new Array<number>(10).fill(0);
    train.labels.forEach((label, i) => {
      counts[label]!++;
      for (let j = 0; j < 784; j++) means[label]![j]! += train.inputs.data[i * 784 + j]!;
    });
    let right = 0;
    test.labels.forEach((label, i) => {
      const distances = means.map((mean, c) =>
        mean.reduce((sum, m, j) => sum + (m / counts[c]! - test.inputs.data[i * 784 + j]!) ** 2, 0),
      );
      if (distances.indexOf(Math.min(...distances)) === label) right++;
    });
    expect(right).toBeGreaterThan(190);
  });
});
