import type { Dataset, DenseInputs, Split } from './dataset.ts';
import type { DatasetEntry } from './entry.ts';

const CLASSES = 10;
const FEATURES = 784;
/** Every random number comes from one hash of three counters; the first one tells the uses apart. */
const USE = { pattern: 1, train: 2, test: 3 } as const;

export const synthetic: DatasetEntry = {
  name: 'synthetic',
  title: 'Synthetic',
  source: 'computed, see src/datasets/synthetic.ts',
  licence: 'none needed',
  bytesToDownload: 0,
  examples: { train: 60_000, test: 10_000 },
  check: async () => [],
  acquire: async () => [],
  load: async (_folder, { trainExamples, testExamples }) => makeSynthetic(trainExamples, testExamples),
};

/**
 * A small data set for tests and demonstrations: 10 classes, 784 uint8 features like MNIST's, each class a fixed
 * sparse pattern that half of its examples' features show, under uniform noise. The same bytes on every machine, and
 * the first n examples are the same whatever the sizes.
 */
export function makeSynthetic(trainExamples: number, testExamples: number): Dataset<DenseInputs> {
  return {
    name: 'synthetic',
    classes: CLASSES,
    train: makeSplit(USE.train, trainExamples),
    test: makeSplit(USE.test, testExamples),
    checksums: {},
  };
}

function makeSplit(use: number, examples: number): Split<DenseInputs> {
  const data = new Uint8Array(examples * FEATURES);
  const labels = new Uint8Array(examples);
  for (let example = 0; example < examples; example++) {
    // The counter after the last feature.
    const label = hash(use, example, FEATURES) % CLASSES;
    labels[example] = label;
    for (let feature = 0; feature < FEATURES; feature++) {
      const random = hash(use, example, feature);
      const noise = random & 0x7f;
      const shown = (random & 0x80) !== 0 && hash(USE.pattern, label, feature) % 4 === 0;
      data[example * FEATURES + feature] = shown ? noise + 128 : noise;
    }
  }
  return { examples, inputs: { data, shape: [FEATURES], scale: 1 / 255 }, labels };
}

/** 32 random bits: MurmurHash3's mixing of three words. */
function hash(a: number, b: number, c: number): number {
  let h = mix(a);
  h = mix(Math.imul(h, 5) + 0xe6546b64 + b);
  return mix(Math.imul(h, 5) + 0xe6546b64 + c);
}

function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
