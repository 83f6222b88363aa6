import { randomBits } from '../graph/philox.ts';
import type { DenseInputs, Split } from './dataset.ts';

/** `threshold`: gray values from 128 on become white; `sampled`: each pixel is white with its gray value as probability. */
export type Binarization = 'threshold' | 'sampled';

/**
 * Images of gray values as black and white ones, 0 and 255. Sampled pixels are drawn once, the same for every run and
 * for an example wherever the split ends (as the binarised MNIST of Salakhutdinov & Murray 2008 is fixed).
 *
 * @param draw tells the splits apart.
 */
export function binarize(split: Split<DenseInputs>, how: Binarization, draw: number): Split<DenseInputs> {
  const { data, shape } = split.inputs;
  const width = shape.reduce((a, b) => a * b, 1);
  const white = new Uint8Array(data.length);
  for (let example = 0; example < split.examples; example++) {
    const words =
      how === 'sampled' ? randomBits(width, { seed: 0, stream: 'data', draw }, example) : undefined;
    for (let i = 0; i < width; i++) {
      const gray = data[example * width + i]!;
      // 255 has to be white for every word, and 0 for none.
      const limit = words === undefined ? 127.5 : (words[i]! / 2 ** 32) * 255;
      white[example * width + i] = gray > limit ? 255 : 0;
    }
  }
  return { ...split, inputs: { ...split.inputs, data: white } };
}
