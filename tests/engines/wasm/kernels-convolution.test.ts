import { describe, expect, it } from 'vitest';
import { window1d } from '../../../src/graph/ops/convolution.ts';
import { describeVariants, type KernelModule, numbers, worst } from './kernel-module.ts';

interface Case {
  readonly n: number;
  readonly h: number;
  readonly w: number;
  readonly c: number;
  readonly kh: number;
  readonly kw: number;
  readonly out: number;
  readonly stride: number;
  readonly padding: 'same' | 'valid';
}

const convolutions: readonly Case[] = [
  { n: 1, h: 1, w: 1, c: 1, kh: 1, kw: 1, out: 1, stride: 1, padding: 'valid' },
  { n: 2, h: 5, w: 6, c: 3, kh: 3, kw: 3, out: 4, stride: 1, padding: 'same' },
  { n: 3, h: 7, w: 5, c: 4, kh: 5, kw: 3, out: 9, stride: 1, padding: 'same' },
  { n: 1, h: 9, w: 8, c: 5, kh: 2, kw: 4, out: 8, stride: 1, padding: 'valid' },
  { n: 2, h: 9, w: 8, c: 3, kh: 3, kw: 2, out: 5, stride: 2, padding: 'same' },
  { n: 2, h: 10, w: 7, c: 2, kh: 3, kw: 3, out: 3, stride: 3, padding: 'valid' },
  { n: 2, h: 4, w: 4, c: 6, kh: 5, kw: 5, out: 2, stride: 2, padding: 'same' },
  { n: 1, h: 3, w: 3, c: 2, kh: 1, kw: 1, out: 2, stride: 2, padding: 'same' },
  // Beyond the blocks of the matrix product: 450 or 525 terms, 605 pixels, and a pixel of 403 channels.
  { n: 5, h: 11, w: 11, c: 18, kh: 5, kw: 5, out: 21, stride: 1, padding: 'same' },
  { n: 1, h: 3, w: 2, c: 403, kh: 2, kw: 2, out: 3, stride: 1, padding: 'same' },
];

const pools: readonly Case[] = [
  { n: 2, h: 6, w: 6, c: 4, kh: 2, kw: 2, out: 0, stride: 2, padding: 'valid' },
  { n: 2, h: 7, w: 5, c: 3, kh: 3, kw: 3, out: 0, stride: 2, padding: 'same' },
  { n: 1, h: 5, w: 8, c: 9, kh: 3, kw: 3, out: 0, stride: 1, padding: 'same' },
  { n: 1, h: 4, w: 4, c: 1, kh: 4, kw: 4, out: 0, stride: 4, padding: 'same' },
];

const title = ({ n, h, w, c, kh, kw, out, stride, padding }: Case): string =>
  `${n}x${h}x${w}x${c} by ${kh}x${kw}x${out || c}, stride ${stride}, ${padding}`;

const windows = ({ h, w, kh, kw, stride, padding }: Case) =>
  [window1d(h, kh, stride, padding), window1d(w, kw, stride, padding)] as const;

/** Calls `visit` with the flat positions of image pixel, filter tap and output pixel (channels left out). */
function eachTap(test: Case, visit: (pixel: number, tap: number, output: number) => void): void {
  const { n, h, w, kh, kw, stride } = test;
  const [rows, columns] = windows(test);
  for (let output = 0; output < n * rows.output * columns.output; output++) {
    const column = output % columns.output;
    const row = Math.floor(output / columns.output) % rows.output;
    const image = Math.floor(output / columns.output / rows.output);
    for (let tap = 0; tap < kh * kw; tap++) {
      const y = row * stride - rows.before + Math.floor(tap / kw);
      const x = column * stride - columns.before + (tap % kw);
      if (y >= 0 && y < h && x >= 0 && x < w) visit((image * h + y) * w + x, tap, output);
    }
  }
}

function runConvolution(
  module: KernelModule,
  name: string,
  test: Case,
  a: Float32Array,
  b: Float32Array,
  size: number,
) {
  const { n, h, w, c, kh, kw, out: outChannels, stride } = test;
  const [rows, columns] = windows(test);
  const sizes = [
    n,
    h,
    w,
    c,
    kh,
    kw,
    outChannels,
    rows.output,
    columns.output,
    stride,
    rows.before,
    columns.before,
  ];
  const out = module.output(size);
  const scratch = module.uint8s(new Uint8Array(module.run(`${name}Scratch`, ...sizes)));
  module.run(name, a, b, out, ...sizes, scratch);
  expect(module.intact()).toBe(true);
  return out;
}

/** The largest difference in units of 2^-24 times the number of terms' square root: what roundings add up to. */
function difference(actual: Float32Array, expected: Float64Array, terms: number): number {
  return worst(actual.length, (i) => Math.abs(actual[i]! - expected[i]!)) / (2 ** -24 * Math.sqrt(terms));
}

describeVariants((module) => {
  describe.each(convolutions.map((test) => [title(test), test] as const))('%s', (_, test) => {
    it('conv2d and its gradients match float64', () => {
      const { n, h, w, c, kh, kw, out: outChannels } = test;
      const [rows, columns] = windows(test);
      module.clear();
      const x = module.floats(numbers(n * h * w * c, 1));
      const filter = module.floats(numbers(kh * kw * c * outChannels, 2));
      const g = module.floats(numbers(n * rows.output * columns.output * outChannels, 3));
      const forward = new Float64Array(g.length);
      const ofInput = new Float64Array(x.length);
      const ofFilter = new Float64Array(filter.length);
      eachTap(test, (pixel, tap, output) => {
        for (let p = 0; p < c; p++) {
          for (let q = 0; q < outChannels; q++) {
            const [i, f, o] = [pixel * c + p, (tap * c + p) * outChannels + q, output * outChannels + q];
            forward[o]! += x[i]! * filter[f]!;
            ofInput[i]! += g[o]! * filter[f]!;
            ofFilter[f]! += g[o]! * x[i]!;
          }
        }
      });
      const outputs = runConvolution(module, 'conv2d', test, x, filter, forward.length);
      const inputGradient = runConvolution(module, 'conv2dInputGradient', test, filter, g, x.length);
      const filterGradient = runConvolution(module, 'conv2dFilterGradient', test, x, g, filter.length);
      expect(difference(outputs, forward, kh * kw * c)).toBeLessThan(12);
      expect(difference(inputGradient, ofInput, kh * kw * outChannels)).toBeLessThan(12);
      expect(difference(filterGradient, ofFilter, n * rows.output * columns.output)).toBeLessThan(12);
    });
  });

  describe.each(pools.map((test) => [title(test), test] as const))('%s', (_, test) => {
    it('maxPool takes the maximum, its gradient goes to the first one', () => {
      const { n, h, w, c, kh, stride } = test;
      const [rows, columns] = windows(test);
      module.clear();
      // Few different values, all negative: ties, and no help from a maximum that starts at 0.
      const x = module.floats(numbers(n * h * w * c, 1).map((v) => Math.floor(v * 2) - 3));
      const pixels = n * rows.output * columns.output;
      const g = module.floats(numbers(pixels * c, 2).map((v) => Math.round(v * 8)));
      const out = module.output(pixels * c);
      const gradient = module.output(x.length);
      const sizes = [n, h, w, c, rows.output, columns.output, kh, stride, rows.before, columns.before];
      module.run('maxPool', x, out, ...sizes);
      module.run('maxPoolGradient', x, g, gradient, ...sizes);
      const best = new Map<number, number>();
      eachTap(test, (pixel, _tap, output) => {
        for (let p = 0; p < c; p++) {
          const first = best.get(output * c + p);
          if (first === undefined || x[pixel * c + p]! > x[first]!) best.set(output * c + p, pixel * c + p);
        }
      });
      const expected = new Float32Array(x.length);
      best.forEach((at, output) => {
        expect(out[output]).toBe(x[at]);
        expected[at]! += g[output]!;
      });
      expect([...gradient]).toEqual([...expected]);
      expect(module.intact()).toBe(true);
    });
  });
});
