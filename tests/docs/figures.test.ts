import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { root } from './root.ts';

const folder = mkdtempSync(join(tmpdir(), 'adam-repro-docs-figures-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('docs/figures/ is what scripts/figures.mjs draws from results/reference/', async () => {
  await promisify(execFile)(process.execPath, [join(root, 'scripts/figures.mjs'), folder]);
  const shipped = join(root, 'docs/figures');
  const drawn = readdirSync(folder).sort();
  expect(readdirSync(shipped).sort()).toEqual(drawn);
  const differing = drawn.filter(
    (file) => !readFileSync(join(shipped, file)).equals(readFileSync(join(folder, file))),
  );
  expect(differing, 'run node scripts/figures.mjs').toEqual([]);
}, 240_000);
