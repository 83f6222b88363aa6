import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { publish, StagedFiles, withStaging } from '../../../src/datasets/acquire/staging.ts';
import { checkDataFiles } from '../../../src/datasets/data-files.ts';
import { UserError } from '../../../src/errors.ts';
import { temporaryFolder, tiny, tinyFiles } from '../fixtures.ts';

/** The call that fails next; permissions and quotas would not bind where the tests run as root. */
const fault = vi.hoisted(() => ({ call: '', code: '', after: 0 }));

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:fs/promises')>();
  const failing =
    (name: 'mkdir' | 'open' | 'rename') =>
    (...args: unknown[]) => {
      if (name === fault.call && fault.after-- <= 0) {
        return Promise.reject(Object.assign(new Error(fault.code), { code: fault.code, syscall: name }));
      }
      return (real[name] as (...args: unknown[]) => unknown)(...args);
    };
  return { ...real, mkdir: failing('mkdir'), open: failing('open'), rename: failing('rename') };
});

let folder = '';

beforeEach(async () => {
  folder = await temporaryFolder();
  Object.assign(fault, { call: '', code: '', after: 0 });
});

const contents = new Map(Object.entries(tinyFiles));
const store = () => withStaging(folder, tiny, (staging) => publish(folder, tiny, contents, staging));

describe('storing a data set', () => {
  it.each([
    ['mkdir', 'EROFS', /cannot be written \(EROFS\); allow it or set ADAM_REPRO_DATA to another folder\.$/],
    ['mkdir', 'EACCES', /cannot be written \(EACCES\); allow it or set ADAM_REPRO_DATA to another folder\.$/],
    ['open', 'ENOSPC', /is full and 1 MB are needed; free some or set ADAM_REPRO_DATA to another folder\.$/],
    ['rename', 'EIO', /: EIO; see to that or set ADAM_REPRO_DATA to another folder\.$/],
  ])('says in one sentence that %s failed with %s', async (call, code, message) => {
    Object.assign(fault, { call, code });
    const error = await store().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toMatch(/^Tiny cannot be stored: /);
    expect(error.message).toMatch(message);
    expect((await readdir(folder)).filter((name) => name !== 'tiny')).toEqual([]);
  });

  it.each([
    ['open', 'ENOSPC'],
    ['rename', 'EIO'],
  ])('leaves whole files only when %s fails at any of them', async (call, code) => {
    for (let after = 0; after < tiny.files.length; after++) {
      folder = await temporaryFolder();
      Object.assign(fault, { call, code, after });
      await expect(store()).rejects.toThrow(UserError);
      const names = tiny.files.map(({ name }) => name);
      expect(names.map((name) => existsSync(join(folder, 'tiny', name)))).toEqual(
        names.map((_, i) => i < after),
      );
      expect(await readdir(folder)).toEqual(['tiny']);
    }
    Object.assign(fault, { call: '' });
    await store();
    expect((await readdir(join(folder, 'tiny'))).sort()).toEqual(Object.keys(tinyFiles).sort());
  });

  it('lets faults that are not the file system pass as they are', async () => {
    const fault = new TypeError('a bug');
    await expect(withStaging(folder, tiny, () => Promise.reject(fault))).rejects.toBe(fault);
  });
});

describe('files that grow piece by piece', () => {
  it('get their names whole, with the checksum of all pieces', async () => {
    await withStaging(folder, tiny, async (staging) => {
      const staged = new StagedFiles(staging);
      for (const { name } of tiny.files) {
        await staged.append(name, tinyFiles[name]!.subarray(0, 9));
        await staged.append(name, tinyFiles[name]!.subarray(9));
      }
      expect(await staged.finish()).toEqual(tiny.files);
      await staged.close();
      expect(existsSync(join(folder, 'tiny'))).toBe(false);
      await publish(folder, tiny, new Map(tiny.files.map(({ name }) => [name, 'staged'])), staging);
    });
    expect((await checkDataFiles(folder, tiny)).map(({ state }) => state)).toEqual(
      tiny.files.map(() => 'ok'),
    );
    expect(await readdir(folder)).toEqual(['tiny']);
  });

  it('leave nothing behind where the disk is full, and say so', async () => {
    Object.assign(fault, { call: 'open', code: 'ENOSPC', after: 1 });
    const grow = withStaging(folder, tiny, async (staging) => {
      const staged = new StagedFiles(staging);
      try {
        await staged.append('a', Uint8Array.of(1));
        await staged.append('b', Uint8Array.of(1));
      } finally {
        await staged.close();
      }
    });
    await expect(grow).rejects.toThrow(/^Tiny cannot be stored: the disk of .* is full/);
    expect(await readdir(folder)).toEqual([]);
  });
});
