import { appendFile, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  checkRows,
  type RowFile,
  readRows,
  verifyRows,
  writeRows,
} from '../../../src/datasets/whitening/row-file.ts';
import { temporaryFolder } from '../fixtures.ts';

const file: RowFile = { name: 'x.f32', rows: 7, width: 2, blockRows: 3 };
const all = Float32Array.from({ length: 14 }, (_, i) => i + 0.5);
let target = '';

beforeEach(async () => {
  const folder = await temporaryFolder();
  target = join(folder, 'target');
  const staging = join(folder, 'staging');
  await mkdir(target);
  await mkdir(staging);
  await writeRows(target, file, staging, async (first, rows) => all.subarray(first * 2, (first + rows) * 2));
});

async function flipByte(name: string, at: number): Promise<void> {
  const data = await readFile(join(target, name));
  data[at]! ^= 1;
  await writeFile(join(target, name), data);
}

describe('a file of rows', () => {
  it.each([1, 3, 4, 6, 7])('gives the first %i rows', async (rows) => {
    const into = new Float32Array(rows * 2);
    expect(await readRows(target, file, into)).toBe('ok');
    expect(into).toEqual(all.subarray(0, rows * 2));
    expect((await readdir(target)).sort()).toEqual(['x.f32', 'x.f32.sha256']);
  });

  const readAll = () => readRows(target, file, new Float32Array(14));

  it('finds every damaged byte of what is read', async () => {
    for (let at = 0; at < 56; at++) {
      await flipByte('x.f32', at);
      expect([await readAll(), await verifyRows(target, file)]).toEqual(['damaged', 'damaged']);
      // The rows are not read for that.
      expect(await checkRows(target, file)).toBe('ok');
      await flipByte('x.f32', at);
    }
    const { length: size } = await readFile(join(target, 'x.f32.sha256'));
    for (let at = 0; at < size; at++) {
      await flipByte('x.f32.sha256', at);
      expect(await readRows(target, file, new Float32Array(2))).not.toBe('ok');
      expect(await verifyRows(target, file)).not.toBe('ok');
      expect(await checkRows(target, file)).not.toBe('ok');
      await flipByte('x.f32.sha256', at);
    }
    expect(await readAll()).toBe('ok');
    expect(await verifyRows(target, file)).toBe('ok');
    expect(await checkRows(target, file)).toBe('ok');
  });

  it.each([0, 1, 24, 50, 55])('finds that it is cut after %i bytes', async (length) => {
    await truncate(join(target, 'x.f32'), length);
    for (const state of [await readAll(), await verifyRows(target, file), await checkRows(target, file)])
      expect(state).toBe('damaged');
  });

  it('finds that it is too long without reading it', async () => {
    await appendFile(join(target, 'x.f32'), 'x');
    expect(await checkRows(target, file)).toBe('damaged');
  });

  it.each(['x.f32', 'x.f32.sha256'])('finds that %s is gone', async (name) => {
    await rm(join(target, name));
    for (const state of [await readAll(), await verifyRows(target, file), await checkRows(target, file)])
      expect(state).toBe('missing');
  });
});
