import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/cli/context.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { pages } from './blocks.ts';
import { root } from './root.ts';

/** Commands named within a sentence or a table, such as `adam-repro run --all`. */
const named = pages.flatMap((page) => {
  const text = readFileSync(join(root, page), 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/`(?:npx )?adam-repro ([a-z][^`>|]*)/g)].map((match) => ({
    page,
    command: match[1]!.trim(),
  }));
});

describe('commands named in the text', () => {
  const program = buildProgram({} as Context, '', () => {});

  it('are found', () => expect(named.length).toBeGreaterThan(20));

  it.each(named)('$page: adam-repro $command', ({ command }) => {
    let at: Command = program;
    const flags = [...program.options];
    const unknown = command.split(/\s+/).filter((word) => {
      if (word.startsWith('-'))
        return !flags.some(({ long, short }) => [long, short].includes(word.split('=')[0]!));
      const sub = at.commands.find((each) => each.name() === word);
      if (sub === undefined) return at === program;
      at = sub;
      flags.push(...sub.options);
      return false;
    });
    expect(unknown).toEqual([]);
  });
});
