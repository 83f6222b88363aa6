import { expect, it } from 'vitest';
import { describeVariants, type KernelModule, numbers, worst } from './kernel-module.ts';

const classCounts = [1, 2, 3, 4, 5, 8, 10, 17, 100];
const rows = 13;

interface Examples {
  readonly logits: Float32Array;
  readonly labels: Uint8Array | Int32Array;
  readonly g: Float32Array;
}

function examples(module: KernelModule, classes: number, labelBytes: number, scale: number): Examples {
  module.clear();
  const labels = Array.from({ length: rows }, (_, row) => (row * 7) % classes);
  return {
    logits: module.floats(numbers(rows * classes, classes).map((x) => x * scale)),
    labels: labelBytes === 1 ? module.uint8s(labels) : module.ints(labels),
    g: module.floats(numbers(rows, 9)),
  };
}

function softmax(logits: Float32Array): { probabilities: number[]; logOfSum: number } {
  const most = Math.max(...logits);
  const powers = Array.from(logits, (x) => Math.exp(x - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return { probabilities: powers.map((p) => p / sum), logOfSum: most + Math.log(sum) };
}

const losses = {
  loss: (x: number, t: number): number => Math.max(x, 0) - x * t + Math.log1p(Math.exp(-Math.abs(x))),
  slope: (x: number, t: number): number => 1 / (1 + Math.exp(-x)) - t,
};

describeVariants((module) => {
  it.each([1, 4])('softmaxCrossEntropy and its gradient match float64 (labels of %i bytes)', (labelBytes) => {
    for (const classes of classCounts) {
      for (const scale of [1, 30]) {
        const { logits, labels, g } = examples(module, classes, labelBytes, scale);
        const out = module.output(rows);
        const gradient = module.output(rows * classes);
        module.run('softmaxCrossEntropy', logits, labels, out, rows, classes, labelBytes);
        module.run('softmaxCrossEntropyGradient', logits, labels, g, gradient, rows, classes, labelBytes);
        for (let row = 0; row < rows; row++) {
          const own = logits.subarray(row * classes, (row + 1) * classes);
          const { probabilities, logOfSum } = softmax(own);
          // Differences of logits up to 60 round to 2^-19; exp multiplies nothing by more than that.
          expect(Math.abs(out[row]! - (logOfSum - own[labels[row]!]!))).toBeLessThan(scale * 4e-7);
          probabilities[labels[row]!]! -= 1;
          const error = (j: number): number =>
            Math.abs(gradient[row * classes + j]! - probabilities[j]! * g[row]!);
          expect(worst(classes, error)).toBeLessThan(scale * 4e-7);
        }
        // In place of the logits.
        module.run('softmaxCrossEntropyGradient', logits, labels, g, logits, rows, classes, labelBytes);
        expect([...logits]).toEqual([...gradient]);
        expect(module.intact()).toBe(true);
      }
    }
  });

  it('softmaxCrossEntropy survives huge logits and shows a NaN', () => {
    module.clear();
    const logits = module.floats([1e30, -1e30, 0, 0, 0, 1e30, Number.NaN, 0, 0, 0, 0, Number.NaN]);
    const labels = module.uint8s([0, 1, 0, 0]);
    const out = module.output(4);
    const gradient = module.output(12);
    module.run('softmaxCrossEntropy', logits, labels, out, 4, 3, 1);
    module.run('softmaxCrossEntropyGradient', logits, labels, module.floats([1, 1, 1, 1]), gradient, 4, 3, 1);
    expect([...out]).toEqual([0, Math.fround(1e30), Number.NaN, Number.NaN]);
    expect([...gradient.subarray(0, 6)]).toEqual([0, 0, 0, 0, -1, 1]);
    expect(gradient.subarray(6).every(Number.isNaN)).toBe(true);
  });

  it.each([1, 4])('a label that is no class costs NaN and is written nowhere (%i bytes)', (labelBytes) => {
    module.clear();
    const logits = module.floats([1, 2, 3, 1, 2, 3]);
    const labels = labelBytes === 1 ? module.uint8s([3, 200]) : module.ints([-1, 1000]);
    const out = module.output(2);
    const gradient = module.output(6);
    module.run('softmaxCrossEntropy', logits, labels, out, 2, 3, labelBytes);
    module.run(
      'softmaxCrossEntropyGradient',
      logits,
      labels,
      module.floats([1, 1]),
      gradient,
      2,
      3,
      labelBytes,
    );
    expect([...out]).toEqual([Number.NaN, Number.NaN]);
    const { probabilities } = softmax(logits.subarray(0, 3));
    expect(worst(6, (i) => Math.abs(gradient[i]! - probabilities[i % 3]!))).toBeLessThan(1e-6);
    module.run('misclassified', logits, labels, out, 2, 3, labelBytes);
    expect([...out]).toEqual([1, 1]);
    expect(module.intact()).toBe(true);
  });

  it('gradients below 1e-30 become 0', () => {
    module.clear();
    const gradient = module.output(3);
    const labels = module.uint8s([0]);
    module.run(
      'softmaxCrossEntropyGradient',
      module.floats([0, -60, -80]),
      labels,
      module.floats([1]),
      gradient,
      1,
      3,
      1,
    );
    expect(gradient[1]).toBeGreaterThan(0);
    expect(gradient[2]).toBe(0);
  });

  it.each([1, 4])('misclassified takes the first largest logit (labels of %i bytes)', (labelBytes) => {
    module.clear();
    const logits = module.floats([1, 3, 3, 3, 1, 3, 0, 0, 0, -1, -5, -2]);
    const labels = labelBytes === 1 ? module.uint8s([1, 2, 0, 0]) : module.ints([1, 2, 0, 0]);
    const out = module.output(4);
    module.run('misclassified', logits, labels, out, 4, 3, labelBytes);
    expect([...out]).toEqual([0, 1, 0, 0]);
    expect(module.intact()).toBe(true);
  });

  it('sigmoidCrossEntropy and its gradient match float64', () => {
    for (const size of [1, 2, 3, 4, 5, 17, 1001]) {
      module.clear();
      const x = module.floats(numbers(size, 1).map((v) => v * 40));
      const t = module.floats(numbers(size, 2).map((v) => (v + 1) / 2));
      const g = module.floats(numbers(size, 3));
      const out = module.output(size);
      const gradient = module.output(size);
      module.run('sigmoidCrossEntropy', x, t, out, size);
      module.run('sigmoidCrossEntropyGradient', x, t, g, gradient, size);
      // max(x, 0) - x t rounds at the size of x, up to 40: 2^-19.
      expect(worst(size, (i) => Math.abs(out[i]! - losses.loss(x[i]!, t[i]!)))).toBeLessThan(6e-6);
      expect(worst(size, (i) => Math.abs(gradient[i]! - losses.slope(x[i]!, t[i]!) * g[i]!))).toBeLessThan(
        3e-7,
      );
      expect(module.intact()).toBe(true);
    }
  });
});
