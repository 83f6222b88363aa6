import { describe, expect, it } from 'vitest';
import { imageNumbers } from '../../../src/datasets/whitening/contrast.ts';
import { channelStatistics, standardizeChannels } from '../../../src/datasets/whitening/per-channel.ts';
import { fitZca, type Images, ROWS } from '../../../src/datasets/whitening/zca.ts';

const NUMBERS = 12;

/** Images whose neighbouring pixels are alike, as in photographs. */
function images(count: number, seed: number): Images {
  const data = new Uint8Array(count * NUMBERS);
  const random = (a: number) => {
    const x = Math.sin(a * 12.9898 + seed) * 43758.5453;
    return x - Math.floor(x);
  };
  for (let i = 0; i < count; i++) {
    let level = 255 * random(i * 100);
    for (let j = 0; j < NUMBERS; j++) {
      level = 0.6 * level + 0.4 * 255 * random(i * 100 + j + 1);
      data[i * NUMBERS + j] = Math.round(level);
    }
  }
  return { data, count, numbers: NUMBERS };
}

const silent = async () => {};

function covariance(rows: Float32Array, count: number): number[][] {
  const mean = Array.from({ length: NUMBERS }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += rows[i * NUMBERS + j]!;
    return sum / count;
  });
  return Array.from({ length: NUMBERS }, (_, a) =>
    Array.from({ length: NUMBERS }, (_, b) => {
      let sum = 0;
      for (let i = 0; i < count; i++)
        sum += (rows[i * NUMBERS + a]! - mean[a]!) * (rows[i * NUMBERS + b]! - mean[b]!);
      return sum / count;
    }),
  );
}

describe('fitZca', () => {
  // More than one block of rows, the last one not full.
  const train = images(ROWS + 300, 1);

  it.each([null, 5])(
    'gives the training images the covariance I and the mean 0 (contrast %s)',
    async (contrast) => {
      const whitener = await fitZca(train, { type: 'zca', epsilon: 1e-9, contrast }, silent);
      const all = new Float32Array(train.count * NUMBERS);
      all.set(whitener.whiten(train, 0, ROWS));
      all.set(whitener.whiten(train, ROWS, 300), ROWS * NUMBERS);
      const matrix = covariance(all, train.count);
      // Contrast normalization takes away one direction: the mean of each image.
      const lost = contrast === null ? 0 : 1 / NUMBERS;
      for (const [a, row] of matrix.entries()) {
        for (const [b, value] of row.entries()) expect(value).toBeCloseTo((a === b ? 1 : 0) - lost, 2);
      }
      for (let j = 0; j < NUMBERS; j++) {
        const sum = Array.from({ length: train.count }, (_, i) => all[i * NUMBERS + j]!).reduce(
          (x, y) => x + y,
        );
        expect(sum / train.count).toBeCloseTo(0, 4);
      }
    },
  );

  it('stays close to the images: every number goes with its own pixel', async () => {
    const whitener = await fitZca(train, { type: 'zca', epsilon: 1e-3, contrast: null }, silent);
    const whitened = whitener.whiten(train, 0, ROWS).slice();
    const correlation = (a: number, b: number) => {
      let sum = 0;
      for (let i = 0; i < ROWS; i++) sum += train.data[i * NUMBERS + a]! * whitened[i * NUMBERS + b]!;
      return sum;
    };
    for (let j = 0; j < NUMBERS; j++) {
      const others = Array.from({ length: NUMBERS }, (_, b) => correlation(j, b));
      expect(others.indexOf(Math.max(...others))).toBe(j);
    }
  });

  it('uses nothing of other images for a test image, whatever stands beside it', async () => {
    const whitener = await fitZca(train, { type: 'zca', epsilon: 0.1, contrast: 55 }, silent);
    const test = images(7, 2);
    const together = whitener.whiten(test, 0, 7).slice();
    for (let i = 0; i < 7; i++) {
      expect(whitener.whiten(test, i, 1)).toEqual(together.subarray(i * NUMBERS, (i + 1) * NUMBERS));
    }
  });

  it('says how far it is, and ends when told to', async () => {
    const stages = new Set<string>();
    await fitZca(images(10, 3), { type: 'zca', epsilon: 1, contrast: null }, async (what, done) => {
      expect(done).toBeGreaterThanOrEqual(0);
      expect(done).toBeLessThanOrEqual(1);
      stages.add(what);
    });
    expect([...stages]).toEqual(['covariance', 'inverse square root']);
    const stop = async () => {
      throw new Error('stopped');
    };
    await expect(fitZca(train, { type: 'zca', epsilon: 1, contrast: null }, stop)).rejects.toThrow('stopped');
  });
});

describe('imageNumbers', () => {
  it('are pixels in [0, 1] without contrast normalization', () => {
    const row = new Float32Array(3);
    imageNumbers(Uint8Array.of(0, 51, 255), null, row);
    expect([...row]).toEqual([0, Math.fround(0.2), 1]);
  });

  it('have mean 0 and the length asked for with it', () => {
    const row = new Float32Array(4);
    imageNumbers(Uint8Array.of(1, 2, 3, 200), 55, row);
    expect(row.reduce((a, b) => a + b)).toBeCloseTo(0, 4);
    expect(Math.hypot(...row)).toBeCloseTo(55, 4);
  });

  it('are 0 for an image of one colour', () => {
    const row = Float32Array.of(7, 7, 7);
    imageNumbers(Uint8Array.of(90, 90, 90), 55, row);
    expect([...row]).toEqual([0, 0, 0]);
  });
});

describe('channels', () => {
  it('get mean 0 and deviation 1', () => {
    const data = Uint8Array.of(0, 10, 4, 20, 2, 30);
    const statistics = channelStatistics(data, 2);
    expect(statistics[0]).toEqual({ mean: 2, deviation: Math.sqrt(8 / 3) });
    const into = new Float32Array(6);
    standardizeChannels(data, statistics, into);
    for (const [at, value] of [-1.2247, -1.2247, 1.2247, 0, 0, 1.2247].entries())
      expect(into[at]).toBeCloseTo(value, 4);
  });

  it('of one value stay finite', () => {
    const into = new Float32Array(2);
    standardizeChannels(Uint8Array.of(9, 9), channelStatistics(Uint8Array.of(9, 9), 1), into);
    expect([...into]).toEqual([0, 0]);
  });
});
