import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adamRepro, temporaryFolder } from './built.ts';

describe('verify --csv', () => {
  const cwd = temporaryFolder();

  it('writes the table there, a row for each claim', () => {
    const { status } = adamRepro(['verify', 'A7', '--csv', 'table.csv'], { cwd });
    expect(status).toBe(0);
    expect(readFileSync(join(cwd, 'table.csv'), 'utf8')).toMatch(/^id,statement,.*\nA7,.*\nA7-tuned,.*\n$/);
  });

  it('says in one sentence that the folder does not exist', () => {
    const { status, stderr } = adamRepro(['verify', 'A7', '--csv', 'nowhere/table.csv'], { cwd });
    expect(status).toBe(2);
    expect(stderr.trim()).toBe(
      'error: nowhere/table.csv cannot be written: its folder does not exist; create it first.',
    );
  });
});
