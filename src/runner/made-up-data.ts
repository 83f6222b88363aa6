import type { Dataset, Inputs, Split } from '../datasets/dataset.ts';
import { describeExample } from '../datasets/example.ts';
import type { DataSettings } from '../spec/run.ts';

/** Data of a data set's shape, type and sparsity, to measure how long a step takes: the values do not matter. */
export function madeUpData(settings: DataSettings, trainExamples: number, testExamples: number): Dataset {
  const { shape, classes, bytes, entries } = describeExample(settings);
  const width = shape.reduce((a, b) => a * b, 1);
  const split = (examples: number): Split => ({
    examples,
    inputs: entries === undefined ? dense(examples) : sparse(examples, entries),
    labels: Uint8Array.from({ length: examples }, (_, i) => i % classes),
  });
  const value = (i: number): number => (Math.imul(i + 1, 0x9e3779b1) >>> 24) & 0xff;
  const dense = (examples: number): Inputs => {
    const values = Uint8Array.from({ length: examples * width }, (_, i) => value(i));
    return bytes === width
      ? { data: values, shape, scale: 1 / 255 }
      : { data: Float32Array.from(values, (v) => v / 255), shape, scale: 1 };
  };
  const sparse = (examples: number, perExample: number): Inputs => ({
    offsets: Int32Array.from({ length: examples + 1 }, (_, i) => i * perExample),
    columns: Uint16Array.from({ length: examples * perExample }, (_, i) =>
      Math.floor(((i % perExample) * width) / perExample),
    ),
    counts: new Uint8Array(examples * perExample).fill(1),
    width,
  });
  return {
    name: settings.name,
    classes,
    train: split(trainExamples),
    test: split(testExamples),
    checksums: {},
  };
}
