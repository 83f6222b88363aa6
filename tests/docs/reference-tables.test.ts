import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { root } from './root.ts';

const folder = mkdtempSync(join(tmpdir(), 'adam-repro-docs-tables-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['scripts/reference-tables.mjs', 'docs/experiments'],
  ['scripts/cost-table.mjs', 'docs'],
])(
  '%s makes the tables that stand in %s from results/reference/',
  async (script, pages) => {
    const into = mkdtempSync(join(folder, 'made-'));
    await promisify(execFile)(process.execPath, [join(root, script), into]);
    const made = readdirSync(into);
    expect(made).not.toEqual([]);
    const differing = made.filter(
      (file) => readFileSync(join(into, file), 'utf8') !== readFileSync(join(root, pages, file), 'utf8'),
    );
    expect(differing, `run node ${script}`).toEqual([]);
  },
  120_000,
);
