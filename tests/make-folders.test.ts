import * as files from 'node:fs';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeFolders } from '../src/make-folders.ts';

function emptyFolder(): string {
  const folder = files.mkdtempSync(join(tmpdir(), 'folders-'));
  onTestFinished(() => files.rmSync(folder, { recursive: true }));
  return folder;
}

it('makes what is missing, the outermost first, and nothing twice', () => {
  const root = emptyFolder();
  const deepest = join(root, 'a', 'b', 'c');
  expect(makeFolders(deepest)).toEqual([join(root, 'a'), join(root, 'a', 'b'), deepest]);
  expect(statSync(deepest).isDirectory()).toBe(true);
  expect(makeFolders(deepest)).toEqual([]);
  expect(makeFolders(join(deepest, 'd'))).toEqual([join(deepest, 'd')]);
});

it('takes relative names, and the outermost folder', () => {
  expect(makeFolders('.')).toEqual([]);
  expect(makeFolders('/')).toEqual([]);
});

it.each([[''], ['below']])('refuses where a file is in the way: %s', (below) => {
  const file = join(emptyFolder(), 'file');
  writeFileSync(file, 'here');
  expect(() => makeFolders(join(file, below))).toThrow(below === '' ? /^EEXIST/ : /^ENOTDIR/);
  expect(statSync(file).isFile()).toBe(true);
});

it('does not mind another process that is faster', () => {
  const folder = join(emptyFolder(), 'a', 'b');
  const mkdirSync = ((path: string) => {
    files.mkdirSync(path);
    return files.mkdirSync(path); // the second one is ours
  }) as typeof files.mkdirSync;
  expect(makeFolders(folder, { ...files, mkdirSync })).toEqual([]);
  expect(existsSync(folder)).toBe(true);
});

it('ends with the error where the system says ENOENT to everything, as automounted folders do', () => {
  const root = emptyFolder();
  let tries = 0;
  const mkdirSync = () => {
    tries += 1;
    throw Object.assign(new Error('ENOENT: no such file or directory'), { code: 'ENOENT' });
  };
  expect(() => makeFolders(join(root, 'a', 'b'), { ...files, mkdirSync })).toThrow('ENOENT');
  expect(tries).toBe(1);
});

it.skipIf(!existsSync('/proc/self'))('ends with an error in /proc', () => {
  expect(() => makeFolders('/proc/nowhere/results')).toThrow(/^ENOENT/);
});
