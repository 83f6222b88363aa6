import { describe, expect, it } from 'vitest';
import { batchCount, epochOrder, fillBatch, newBatch } from '../../src/training/batches.ts';

describe('fillBatch', () => {
  const order = Int32Array.from([4, 2, 0, 1, 3]);
  it('takes full batches in order', () => {
    const batch = newBatch(2);
    fillBatch(batch, order, 1, (n) => 1 / n);
    expect([...batch.rows]).toEqual([0, 1]);
    expect([...batch.weights]).toEqual([0.5, 0.5]);
    expect(batch.examples).toBe(2);
  });
  it('pads the last one with weight 0, also after a full one', () => {
    const batch = newBatch(3);
    fillBatch(batch, order, 0, (n) => 1 / n);
    fillBatch(batch, order, 1, (n) => 1 / n);
    expect([...batch.rows]).toEqual([1, 3, 0]);
    expect([...batch.weights]).toEqual([0.5, 0.5, 0]);
    expect(batch.examples).toBe(2);
  });
  it.each([
    [60_000, 128, 469],
    [50_000, 128, 391],
    [25_000, 128, 196],
    [128, 128, 1],
  ])('%i examples in batches of %i are %i steps', (n, size, steps) =>
    expect(batchCount(n, size)).toBe(steps),
  );
  it('orders by seed and epoch only', () => {
    expect(epochOrder(50, 3, 2)).toEqual(epochOrder(50, 3, 2));
    expect(epochOrder(50, 3, 2)).not.toEqual(epochOrder(50, 3, 1));
  });
});
