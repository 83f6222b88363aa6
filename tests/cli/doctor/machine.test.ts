import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskCheck } from '../../../src/cli/doctor/machine.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'adam-repro doctor-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const check = (path: string) => diskCheck('results folder', path, '--output');

describe('diskCheck', () => {
  it('finds a folder, and one that is not made yet', async () => {
    expect((await check(folder)).found).toMatch(new RegExp(`^${folder}, .* free$`));
    expect((await check(join(folder, 'a', 'b'))).found).toMatch(/b \(not made yet\), .* free$/);
  });

  it('does not take a file for a folder', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'below')]) {
      expect(await check(path)).toEqual({
        name: 'results folder',
        verdict: 'limited',
        found: `${path} cannot be a folder, ${file} is a file`,
        remedy: 'move it away, or choose another with --output',
      });
    }
  });

  // The superuser may write everywhere, and Windows keeps no such bits.
  it.skipIf(process.getuid === undefined || process.getuid() === 0)(
    'names one that is read-only',
    async () => {
      const closed = join(folder, 'closed');
      mkdirSync(closed);
      chmodSync(closed, 0o555);
      expect(await check(closed)).toMatchObject({ verdict: 'limited', found: `${closed} cannot be written` });
      const found = `${join(closed, 'new')} cannot be made, ${closed} is read-only for you`;
      expect(await check(join(closed, 'new'))).toMatchObject({ verdict: 'limited', found });
    },
  );
});
