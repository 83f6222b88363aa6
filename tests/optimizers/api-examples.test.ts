import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { optimizers } from '../../src/optimizers/index.ts';
import { importUserFile } from '../../src/user-file.ts';

const text = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
/** The fenced ts blocks, with the heading each stands under. */
const examples = text.split(/^### /m).flatMap((section) => {
  const heading = section.split('\n', 1)[0]!;
  return section
    .split('```ts\n')
    .slice(1)
    .map((code) => ({ heading, code: code.split('```')[0]! }));
});

const folder = mkdtempSync(join(tmpdir(), 'adam-repro-api-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
});

describe('docs/api.md', () => {
  it.each(examples)('the example of "$heading" prints its comments', async ({ code }) => {
    const printed: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((...values) => {
      printed.push(values.map((v) => (typeof v === 'string' ? v : JSON.stringify(v))).join(' '));
    });
    const file = join(folder, `example-${examples.findIndex((e) => e.code === code)}.ts`);
    writeFileSync(file, code);
    await importUserFile(file);
    const expected = [...code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1]!);
    expect(expected.length).toBeGreaterThan(0);
    expect(printed).toEqual(expected);
  });

  it('lists every rule with its reference and defaults', () => {
    const rows = Object.values(optimizers).map(({ name, reference, hyper }) => {
      const defaults = Object.entries(hyper).map(([key, descriptor]) => `${key} ${descriptor.default}`);
      return `| \`${name}\` | ${reference} | ${defaults.join(', ')} |`;
    });
    const lines = text.split('\n').map((line) => line.replace(/ +/g, ' '));
    expect(lines.filter((line) => line.startsWith('| `') && line.includes(' | lr '))).toEqual(rows);
    expect(rows).toHaveLength(10);
  });
});
