import { describe, expect, it } from 'vitest';
import { binarize } from '../../src/datasets/binarize.ts';
import type { DenseInputs, Split } from '../../src/datasets/dataset.ts';

function images(examples: number, pixel: (example: number, i: number) => number): Split<DenseInputs> {
  const data = Uint8Array.from({ length: examples * 784 }, (_, i) => pixel(Math.floor(i / 784), i % 784));
  return { examples, inputs: { data, shape: [784], scale: 1 / 255 }, labels: new Uint8Array(examples) };
}
const share = ({ inputs }: Split<DenseInputs>): number =>
  (inputs.data as Uint8Array).filter((pixel) => pixel === 255).length / inputs.data.length;

describe('binarize', () => {
  it('divides gray values in the middle', () => {
    const { inputs } = binarize(
      images(1, (_, i) => [0, 127, 128, 255][i % 4]!),
      'threshold',
      0,
    );
    expect([...inputs.data.subarray(0, 8)]).toEqual([0, 0, 255, 255, 0, 0, 255, 255]);
    expect(inputs.scale).toBe(1 / 255);
  });

  it('samples white pixels as often as their gray value says; black and white stay', () => {
    expect(
      share(
        binarize(
          images(40, () => 51),
          'sampled',
          0,
        ),
      ),
    ).toBeCloseTo(0.2, 2);
    expect(
      share(
        binarize(
          images(40, () => 0),
          'sampled',
          0,
        ),
      ),
    ).toBe(0);
    expect(
      share(
        binarize(
          images(40, () => 255),
          'sampled',
          0,
        ),
      ),
    ).toBe(1);
  });

  it('samples an example in the same way whatever the size of the split, and each split for itself', () => {
    const gray = images(3, () => 100);
    const { data } = binarize(gray, 'sampled', 0).inputs;
    expect(
      binarize(
        images(2, () => 100),
        'sampled',
        0,
      ).inputs.data,
    ).toEqual(data.subarray(0, 2 * 784));
    expect(binarize(gray, 'sampled', 1).inputs.data).not.toEqual(data);
    expect(data.subarray(0, 784)).not.toEqual(data.subarray(784, 2 * 784));
    expect(gray.inputs.data[0]).toBe(100);
  });
});
