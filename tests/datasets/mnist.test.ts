import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { UnreadyDataError } from '../../src/datasets/data-files.ts';
import { loadMnist, mnistSource } from '../../src/datasets/mnist.ts';
import { UserError } from '../../src/errors.ts';
import { idxFile, sourceOf, temporaryFolder, tiny, tinyFiles } from './fixtures.ts';

let folder = '';

beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder, 'tiny'));
});

async function put(files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  for (const [name, data] of Object.entries(files)) await writeFile(join(folder, 'tiny', name), data);
}

describe('loadMnist', () => {
  it('gives images with 784 features in [0, 1], labels and checksums', async () => {
    await put(tinyFiles);
    const { name, classes, train, test, checksums } = await loadMnist(folder, tiny);
    expect([name, classes]).toEqual(['tiny', 10]);
    expect([train.examples, test.examples]).toEqual([3, 2]);
    expect(train.inputs).toEqual({
      data: new Uint8Array(tinyFiles['train-images']!.subarray(16)),
      shape: [784],
      scale: 1 / 255,
    });
    expect(train.labels).toEqual(Uint8Array.of(5, 0, 9));
    expect(test.labels).toEqual(Uint8Array.of(7, 2));
    expect(checksums).toEqual(Object.fromEntries(tiny.files.map((file) => [file.name, file.sha256])));
  });

  it('names every file that is missing or damaged, and what to do', async () => {
    const damaged = Buffer.from(tinyFiles['train-labels']!);
    damaged[9]! ^= 1;
    await put({
      ...tinyFiles,
      'train-labels': damaged,
      'test-images': tinyFiles['test-images']!.subarray(1),
    });
    const error = await loadMnist(folder, tiny).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(UnreadyDataError);
    expect(error.message).toBe(
      `Tiny is not complete in ${join(folder, 'tiny')} (train-labels is damaged, test-images is damaged); ` +
        'run `adam-repro data fetch tiny`.',
    );
  });

  it('finds every single flipped bit of a file', async () => {
    await put(tinyFiles);
    for (let bit = 0; bit < 8 * tinyFiles['test-labels']!.length; bit++) {
      const flipped = Buffer.from(tinyFiles['test-labels']!);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      await put({ 'test-labels': flipped });
      await expect(loadMnist(folder, tiny)).rejects.toThrow('(test-labels is damaged)');
    }
  });

  it.each([
    [
      'images of another size',
      { 'train-images': idxFile([3, 2, 2], new Array(12).fill(0)) },
      'train-images holds an array 3 x 2 x 2 instead of images n x 28 x 28.',
    ],
    [
      'fewer labels than images',
      { 'test-labels': idxFile([1], [1]) },
      'test-labels holds an array 1 instead of 2 labels, one per image.',
    ],
    [
      'a label out of range',
      { 'train-labels': idxFile([3], [0, 10, 1]) },
      'train-labels holds the label 10, and the classes are 0 to 9.',
    ],
    [
      'something else',
      { 'train-labels': Buffer.from('hello') },
      'train-labels is not a usable IDX file: it starts with the bytes 104 101 instead of 0 0 (still compressed, perhaps).',
    ],
  ])('refuses %s', async (_, changed, message) => {
    const files = { ...tinyFiles, ...changed };
    await put(files);
    const loading = loadMnist(folder, sourceOf(files));
    await expect(loading).rejects.toThrow(UserError);
    await expect(loading).rejects.toThrow(join(folder, 'tiny', message));
  });

  it('knows sizes that fit the published shapes', () => {
    expect(mnistSource.files.map(({ bytes }) => bytes)).toEqual([
      16 + 60_000 * 784,
      8 + 60_000,
      16 + 10_000 * 784,
      8 + 10_000,
    ]);
  });
});
