import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { type DataSource, sha256 } from '../../src/datasets/data-files.ts';

/** An IDX file of unsigned bytes. */
export function idxFile(shape: readonly number[], data: ArrayLike<number>): Buffer<ArrayBuffer> {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  for (const [i, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * i);
  return Buffer.concat([header, Uint8Array.from(data)]);
}

const pixels = (examples: number, first: number) =>
  Array.from({ length: examples * 784 }, (_, i) => (first + 7 * i) % 256);

/** Four files like MNIST's with three training and two test images. */
export const tinyFiles: Readonly<Record<string, Buffer<ArrayBuffer>>> = {
  'train-images': idxFile([3, 28, 28], pixels(3, 0)),
  'train-labels': idxFile([3], [5, 0, 9]),
  'test-images': idxFile([2, 28, 28], pixels(2, 100)),
  'test-labels': idxFile([2], [7, 2]),
};

export function sourceOf(files: Readonly<Record<string, Uint8Array>>): DataSource {
  return {
    name: 'tiny',
    title: 'Tiny',
    files: Object.entries(files).map(([name, data]) => ({ name, bytes: data.length, sha256: sha256(data) })),
    npm: { name: 'tiny-data', version: '1.0.0', folder: 'data', bytes: 1000 },
  };
}

export const tiny = sourceOf(tinyFiles);

/** A new empty folder, removed after the test; its name has a space and a letter outside ASCII. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'adam-repro dätä-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Serves on the loopback interface until the test is finished; resolves to the address. */
export async function startServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The gzipped file that a request asks for; `undefined` where there is none. */
export function gzipOf(url: string | undefined): Buffer | undefined {
  const data = tinyFiles[url?.split('/').at(-1)?.replace(/\.gz$/, '') ?? ''];
  return data && gzipSync(data);
}
