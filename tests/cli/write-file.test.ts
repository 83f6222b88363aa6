import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFile } from '../../src/cli/write-file.ts';
import { UsageError, UserError } from '../../src/errors.ts';
import { temporaryFolder } from './built.ts';

const folder = temporaryFolder();

describe('writing a file where the user named it', () => {
  it('replaces what was there, unless it has to be new', () => {
    const file = join(folder, 'table.csv');
    for (const text of ['first', 'second']) writeFile(file, text);
    expect(readFileSync(file, 'utf8')).toBe('second');
    expect(() => writeFile(file, 'third', { isNew: true })).toThrow(UsageError);
    expect(readFileSync(file, 'utf8')).toBe('second');
  });

  it('says in one sentence that the folder does not exist', () => {
    const file = join(folder, 'nowhere', 'table.csv');
    const message = `${file} cannot be written: its folder does not exist; create it first.`;
    expect(() => writeFile(file, '')).toThrow(new UsageError(message));
  });

  it('says in one sentence what else is in the way', () => {
    mkdirSync(join(folder, 'a folder'));
    expect(() => writeFile(join(folder, 'a folder'), '')).toThrow(UserError);
    expect(() => writeFile(join(folder, 'a folder'), '')).toThrow(/EISDIR.*: choose another place for it\.$/);
  });
});
