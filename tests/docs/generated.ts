import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { root } from './root.ts';

/**
 * The parts of a page that are made from code or results stand between `<!-- NAME -->` and `<!-- end of NAME -->`. This
 * asserts that they are current, and writes them anew with `npx vitest run tests/docs -u`.
 */
export async function expectGenerated(page: string, parts: Readonly<Record<string, string>>): Promise<void> {
  const path = join(root, page);
  let text = readFileSync(path, 'utf8');
  for (const [name, part] of Object.entries(parts)) {
    const region = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- end of ${name} -->)`);
    expect(text, `${page} has a part named ${name}`).toMatch(region);
    text = text.replace(region, (_, start: string, end: string) => `${start}${part.trimEnd()}\n${end}`);
  }
  await expect(text).toMatchFileSnapshot(path);
}

/** A Markdown table; a bar within a cell does not end it. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll(/(?<!\\)\|/g, '\\|')).join(' | ')} |\n`;
  return [head, head.map(() => '---'), ...rows].map(line).join('');
}
