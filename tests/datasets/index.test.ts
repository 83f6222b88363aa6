import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { UnreadyDataError } from '../../src/datasets/data-files.ts';
import { datasets, describeDatasets, loadDataset, verifyDataset } from '../../src/datasets/index.ts';
import { makeSynthetic } from '../../src/datasets/synthetic.ts';
import { temporaryFolder, tiny } from './fixtures.ts';

describe('the registry', () => {
  it('lists every data set under its own name', () => {
    expect(Object.entries(datasets).map(([key, { name }]) => [key, name])).toEqual([
      ['mnist', 'mnist'],
      ['cifar10', 'cifar10'],
      ['imdb', 'imdb'],
      ['synthetic', 'synthetic'],
    ]);
  });

  it('describes data sets and changes nothing', async () => {
    const folder = join(await temporaryFolder(), 'nowhere');
    const [mnist, ...others] = await describeDatasets(folder);
    const synthetic = others.find(({ name }) => name === 'synthetic');
    expect(mnist).toMatchObject({ name: 'mnist', state: 'missing', folder: join(folder, 'mnist'), bytes: 0 });
    expect(mnist!.files).toHaveLength(4);
    expect(mnist!.files[0]).toEqual({ name: 'train-images-idx3-ubyte', bytes: null, state: 'missing' });
    expect(synthetic).toMatchObject({ name: 'synthetic', state: 'ready', folder: null, files: [] });
    expect(existsSync(folder)).toBe(false);
  });

  it('tells damaged from missing', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'mnist', 'train-images-idx3-ubyte'), { recursive: true });
    await writeFile(join(folder, 'mnist', 't10k-labels-idx1-ubyte'), 'half');
    const [mnist] = await describeDatasets(folder);
    expect(mnist).toMatchObject({ state: 'damaged', bytes: 4 });
    expect(mnist!.files.map(({ state }) => state)).toEqual(['damaged', 'missing', 'missing', 'damaged']);
  });

  it('verifies without a network and names what is wrong', async () => {
    const folder = await temporaryFolder();
    const target = join(folder, 'mnist');
    const { description, problem } = await verifyDataset('mnist', folder);
    expect(description).toMatchObject({ name: 'mnist', state: 'missing' });
    expect(problem).toBe(
      `MNIST is not complete in ${target} (train-images-idx3-ubyte is missing, train-labels-idx1-ubyte is missing, ` +
        't10k-images-idx3-ubyte is missing, t10k-labels-idx1-ubyte is missing): ' +
        'run `adam-repro data fetch mnist`, or put the files there, plain or as .gz.',
    );
    expect(await verifyDataset('synthetic', folder)).toMatchObject({ description: { state: 'ready' } });
  });
});

describe('loadDataset', () => {
  it('makes as many synthetic examples as asked for', async () => {
    const settings = { name: 'synthetic', trainExamples: 12, testExamples: 4 } as const;
    expect(await loadDataset(settings, { folder: '/nowhere' })).toEqual(makeSynthetic(12, 4));
  });

  it('has everything that is kept read when something in it is damaged, and loads it again', async () => {
    const settings = { name: 'mnist', trainExamples: 3, testExamples: 2 } as const;
    const dataset = makeSynthetic(3, 2);
    const damage = new UnreadyDataError(tiny, '/x', [{ name: 'a', bytes: null, state: 'damaged' }]);
    const load = vi
      .spyOn(datasets.mnist, 'load')
      .mockRejectedValueOnce(damage)
      .mockResolvedValueOnce(dataset);
    const acquire = vi.spyOn(datasets.mnist, 'acquire').mockResolvedValue([]);
    onTestFinished(() => void vi.restoreAllMocks());
    expect(await loadDataset(settings, { folder: '/x', offline: true })).toBe(dataset);
    expect(load).toHaveBeenCalledTimes(2);
    expect(acquire.mock.calls).toEqual([[{ folder: '/x', offline: true, thorough: true }, settings]]);
  });

  it('refuses to run offline without the data', async () => {
    const folder = await temporaryFolder();
    const settings = { name: 'mnist', trainExamples: 1, testExamples: 1 } as const;
    await expect(loadDataset(settings, { folder, offline: true })).rejects.toThrow(
      'nothing is fetched offline',
    );
  });

  it('refuses more examples than there are', async () => {
    const settings = { name: 'mnist', trainExamples: 60_001, testExamples: 10_000 } as const;
    await expect(loadDataset(settings, { folder: '/nowhere', offline: true })).rejects.toThrow(
      'MNIST has 60000 training and 10000 test examples, and the run asks for 60001 and 10000: ' +
        'lower data.trainExamples or data.testExamples.',
    );
  });
});
