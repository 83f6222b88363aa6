import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packRows } from '../../src/datasets/bag-of-words.ts';
import { type DataSource, sha256, UnreadyDataError } from '../../src/datasets/data-files.ts';
import { firstExamples } from '../../src/datasets/dataset.ts';
import { imdbSource, loadImdb } from '../../src/datasets/imdb.ts';
import { countWords } from './bags.ts';
import { temporaryFolder } from './fixtures.ts';

const vocabulary = ['the', 'good', 'bad'];
const files = {
  'train.words': packRows(countWords(['bad the bad', 'the good', 'bad', ''], vocabulary)),
  'test.words': packRows(countWords(['the bad', 'good good'], vocabulary)),
  'vocabulary.txt': Buffer.from(`${vocabulary.join('\n')}\n`),
};
const source: DataSource = {
  ...imdbSource,
  files: Object.entries(files).map(([name, data]) => ({ name, bytes: data.length, sha256: sha256(data) })),
};

async function tinyFolder(): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'imdb'));
  for (const [name, data] of Object.entries(files)) await writeFile(join(folder, 'imdb', name), data);
  return folder;
}

describe('loadImdb', () => {
  it('gives sparse rows that alternate between the classes', async () => {
    const { train, test, classes, checksums } = await loadImdb(
      await tinyFolder(),
      { words: 3, values: 'count' },
      source,
    );
    expect([train.examples, test.examples, classes]).toEqual([4, 2, 2]);
    expect([...train.labels]).toEqual([0, 1, 0, 1]);
    expect(train.inputs).toEqual({
      offsets: Int32Array.of(0, 2, 4, 5, 5),
      columns: Uint16Array.of(0, 2, 0, 1, 2),
      counts: Uint8Array.of(1, 2, 1, 1, 1),
      width: 3,
    });
    expect(test.inputs.counts).toEqual(Uint8Array.of(1, 1, 2));
    expect(Object.keys(checksums)).toEqual(['train.words', 'test.words', 'vocabulary.txt']);
  });

  it('has 1 for every word that occurs, and fewer words, where the settings say so', async () => {
    const { train, test } = await loadImdb(await tinyFolder(), { words: 2, values: 'binary' }, source);
    expect(train.inputs).toEqual({
      offsets: Int32Array.of(0, 1, 3, 3, 3),
      columns: Uint16Array.of(0, 0, 1),
      counts: Uint8Array.of(1, 1, 1),
      width: 2,
    });
    expect(test.inputs.counts).toEqual(Uint8Array.of(1, 1));
  });

  it('takes the first examples without copying', async () => {
    const { train } = await loadImdb(await tinyFolder(), { words: 3, values: 'count' }, source);
    const { inputs, labels } = firstExamples(train, 2);
    expect(inputs.offsets).toEqual(Int32Array.of(0, 2, 4));
    expect([inputs.columns.length, inputs.counts.length, labels.length]).toEqual([4, 4, 2]);
    expect(inputs.columns.buffer).toBe(train.inputs.columns.buffer);
  });

  it.each(Object.keys(files))('does not use %s when a byte of it is damaged', async (name) => {
    const folder = await tinyFolder();
    const damaged = Buffer.from(files[name as keyof typeof files]);
    damaged[damaged.length - 1]! ^= 1;
    await writeFile(join(folder, 'imdb', name), damaged);
    const loaded = loadImdb(folder, { words: 3, values: 'count' }, source);
    await expect(loaded).rejects.toThrow(UnreadyDataError);
    await expect(loaded).rejects.toThrow(`${name} is damaged`);
  });
});

describe('the packing of the published reviews', () => {
  const groups = ['test bad', 'train awful', 'test good', 'train lovely'];
  const reviews = groups.flatMap((group) => Array.from({ length: 12_500 }, () => ({ t: group })));
  reviews[12_500] = { t: 'train first negative' };
  reviews[37_500] = { t: 'train first positive' };

  it('restores the published split, counts the words of the training reviews, and alternates the classes', async () => {
    const packed = new Map<string, Uint8Array>();
    const lines: string[] = [];
    await imdbSource.packing!.pack({
      read: async () => Buffer.from(JSON.stringify(reviews)),
      write: async (name, data) => void packed.set(name, data),
      begins: (line) => lines.push(line),
      goesOn: async (line) => void lines.push(line()),
    });
    const words = Buffer.from(packed.get('vocabulary.txt')!).toString().trim().split('\n');
    expect(words).toEqual(['train', 'awful', 'lovely', 'first', 'negative', 'positive']);
    const texts = { 'train.words': ['train first negative', 'train first positive', 'train awful'] };
    const first = countWords(texts['train.words'], words);
    const train = new DataView(packed.get('train.words')!.buffer, packed.get('train.words')!.byteOffset);
    expect([train.getUint32(0, true), train.getUint32(4, true)]).toEqual([25_000, 50_002]);
    const columnsAt = 8 + 4 * 25_001;
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((e) => train.getUint16(columnsAt + 2 * e, true))).toEqual([
      ...first.columns,
    ]);
    // It says how far it is often enough for every second.
    expect(lines).toHaveLength(1 + 3 * 50);
    expect(lines[0]).toBe('counting the words of IMDB');
    expect(lines[1]).toBe('counting the words of IMDB: vocabulary, 500 of 25000 reviews');
    expect(lines.at(-1)).toBe('counting the words of IMDB: test.words, 25000 of 25000 reviews');
    // None of the test reviews' words is known.
    expect(packed.get('test.words')!.length).toBe(8 + 4 * 25_001);
  }, 20_000);
});
