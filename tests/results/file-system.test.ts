import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type FileSystem,
  readWhole,
  realFileSystem,
  replaceFile,
  writeTail,
} from '../../src/results/file-system.ts';
import { scratchFolder } from './machine.ts';

const full = { ...realFileSystem } as FileSystem;
full.writeSync = (() => {
  throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
}) as FileSystem['writeSync'];

describe('a full disk', () => {
  it('is told with the path and the bytes that are needed', () => {
    const path = join(scratchFolder(), 'curves.csv');
    const chunks = [Buffer.alloc(1000), Buffer.alloc(234)];
    expect(() => replaceFile(full, path, '.tmp', chunks)).toThrow(
      `${path} cannot be written, no space is left (ENOSPC): free at least 1234 bytes`,
    );
    writeFileSync(path, 'before');
    expect(() => writeTail(full, path, 6, Buffer.alloc(77))).toThrow('free at least 77 bytes');
    expect(readFileSync(path, 'utf8')).toBe('before');
  });
});

describe('reading', () => {
  it('finds nothing where there is nothing', () => {
    expect(readWhole(realFileSystem, join(scratchFolder(), 'none'))).toBeUndefined();
  });

  it('names the path where a folder is in the place of a file', () => {
    const path = join(scratchFolder(), 'curves.csv');
    mkdirSync(path);
    expect(() => readWhole(realFileSystem, path)).toThrow(
      `${path} is no file, a folder is in its place (EISDIR): remove that or choose another results folder.`,
    );
    expect(() => replaceFile(realFileSystem, path, '.tmp', [Buffer.from('x')])).toThrow(`${path} is no file`);
  });

  it('names the path of what cannot be read', () => {
    const path = join(scratchFolder(), 'run.json');
    const broken = { ...realFileSystem } as FileSystem;
    broken.readFileSync = (() => {
      throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
    }) as FileSystem['readFileSync'];
    expect(() => readWhole(broken, path)).toThrow(`${path} cannot be read (EIO)`);
  });
});
