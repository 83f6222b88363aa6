import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.ts';

export interface Block {
  /** Page and line of the opening fence. */
  readonly where: string;
  readonly page: string;
  readonly language: string;
  readonly code: string;
  /** Of a block that no test runs: why. */
  readonly notRun: string | undefined;
}

/** Every page that a reader is sent to. */
export const pages: readonly string[] = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file.replaceAll('\\', '/')}`)
    .sort(),
];

/** Every fenced block. `<!-- not run: reason -->` stands right before it, or right after one that opens the page. */
export const blocks: readonly Block[] = pages.flatMap((page) => {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => {
    const before = text.slice(0, match.index).trimEnd();
    const after = text.slice(match.index + match[0].length).trimStart();
    const beside = before === '' ? /^<!-- not run: (.+?) -->/ : /<!-- not run: ([^>]+?) -->$/;
    const notRun = beside.exec(before === '' ? after : before)?.[1];
    const line = before.split('\n').length + 1;
    return { where: `${page}:${line}`, page, language: match[1]!, code: match[2]!, notRun };
  });
});

/** First lines of blocks that are indented instead of fenced: no test would see what they hold. */
export const indentedBlocks: readonly string[] = pages.flatMap((page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const lines = text.replaceAll(/^```[\s\S]*?^```$/gm, (block) => block.replaceAll(/.+/g, '-')).split('\n');
  return lines.flatMap((line, i) =>
    /^(?: {4}|\t)\s*\S/.test(line) && (lines[i - 1] ?? '').trim() === ''
      ? [`${page}:${i + 1}: ${line.trim()}`]
      : [],
  );
});
