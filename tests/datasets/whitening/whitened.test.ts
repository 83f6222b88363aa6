import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  acquireWhitened,
  readWhitened,
  type WhitenedSource,
} from '../../../src/datasets/whitening/whitened.ts';
import { temporaryFolder, tiny } from '../fixtures.ts';

const NUMBERS = 3;
const images = (count: number, factor: number) => ({
  data: Uint8Array.from({ length: count * NUMBERS }, (_, i) => (i * i * factor) % 251),
  count,
  numbers: NUMBERS,
});
const whitened: WhitenedSource = {
  source: tiny,
  settings: { type: 'zca', epsilon: 0.1, contrast: null },
  trainImages: 20,
  testImages: 5,
  numbers: NUMBERS,
};

let folder = '';
let computed = 0;
const compute = async () => {
  computed++;
  return { train: images(20, 7), test: images(5, 3) };
};

beforeEach(async () => {
  folder = await temporaryFolder();
  computed = 0;
});

async function read(train: number, test: number) {
  const arrays = [new Float32Array(train * NUMBERS), new Float32Array(test * NUMBERS)] as const;
  const problems = await readWhitened(folder, whitened, ...arrays);
  return { arrays, states: problems.map(({ state }) => state) };
}

describe('whitened images', () => {
  it('are computed once, kept, and read as far as they are used', async () => {
    expect((await read(20, 5)).states).toEqual(['missing', 'missing']);
    const lines: string[] = [];
    await acquireWhitened({ folder, onProgress: (line) => lines.push(line) }, whitened, compute);
    await acquireWhitened({ folder }, whitened, compute);
    expect([computed, lines]).toEqual([1, ['whitening Tiny (once; kept in the data folder)']]);
    const all = await read(20, 5);
    expect(all.states).toEqual([]);
    const some = await read(4, 2);
    expect(some.states).toEqual([]);
    expect(some.arrays[0]).toEqual(all.arrays[0].subarray(0, 4 * NUMBERS));
    expect(some.arrays[1]).toEqual(all.arrays[1].subarray(0, 2 * NUMBERS));
    expect(await readdir(folder)).toEqual(['tiny']);
  });

  async function path(end: string): Promise<string> {
    return join(folder, 'tiny', (await readdir(join(folder, 'tiny'))).find((name) => name.endsWith(end))!);
  }

  async function flipByte(end: string, at: number): Promise<void> {
    const data = await readFile(await path(end));
    data[at]! ^= 4;
    await writeFile(await path(end), data);
  }

  it.each(['train.f32', 'test.f32'])('are computed anew for a reader that found %s damaged', async (end) => {
    await acquireWhitened({ folder }, whitened, compute);
    const { arrays } = await read(20, 5);
    await flipByte(end, 17);
    expect((await read(20, 5)).states).toEqual(['damaged']);
    await acquireWhitened({ folder, thorough: true }, whitened, compute);
    expect(await read(20, 5)).toEqual({ arrays, states: [] });
    expect(computed).toBe(2);
    await acquireWhitened({ folder, thorough: true }, whitened, compute);
    expect(computed).toBe(2);
  });

  it.each(['train.f32', 'test.f32', 'train.f32.sha256', 'test.f32.sha256'])(
    'are computed anew by the next start where %s is cut or gone',
    async (end) => {
      await acquireWhitened({ folder }, whitened, compute);
      const { arrays } = await read(20, 5);
      await truncate(await path(end), 30);
      await acquireWhitened({ folder }, whitened, compute);
      expect(computed).toBe(2);
      await rm(await path(end));
      await acquireWhitened({ folder }, whitened, compute);
      expect(computed).toBe(3);
      expect(await read(20, 5)).toEqual({ arrays, states: [] });
    },
  );

  it('that are damaged are missing for every later start when the repair was stopped', async () => {
    await acquireWhitened({ folder }, whitened, compute);
    await flipByte('test.f32', 3);
    const stopped = () => Promise.reject(new Error('stopped'));
    await expect(acquireWhitened({ folder, thorough: true }, whitened, stopped)).rejects.toThrow('stopped');
    expect((await read(20, 5)).states).toEqual(['missing']);
    // Without reading them.
    await acquireWhitened({ folder }, whitened, compute);
    expect(computed).toBe(2);
    expect((await read(20, 5)).states).toEqual([]);
  });

  it('of other settings, or of other images, are other files', async () => {
    await acquireWhitened({ folder }, whitened, compute);
    const { settings } = whitened;
    await acquireWhitened({ folder }, { ...whitened, settings: { ...settings, epsilon: 0.2 } }, compute);
    const source = { ...tiny, files: tiny.files.slice(1) };
    await acquireWhitened({ folder }, { ...whitened, source }, compute);
    expect(computed).toBe(3);
    expect(await readdir(join(folder, 'tiny'))).toHaveLength(12);
  });

  it('leave nothing behind when they are stopped', async () => {
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    await expect(acquireWhitened({ folder, signal: stop.signal }, whitened, compute)).rejects.toThrow(
      'stopped',
    );
    expect(await readdir(folder)).toEqual([]);
  });
});
