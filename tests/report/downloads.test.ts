import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compressed, packed } from '../../src/report/downloads.ts';

const file = (name: string, length: number, derived = false) => {
  // Random bytes do not shrink, so that sizes are those of the lengths.
  return { name, bytes: randomBytes(length), derived };
};
const names = (files: readonly ReturnType<typeof file>[], room: number): string[] => [
  ...packed(files, room).ids.keys(),
];
const sizeOf = ({ bytes }: ReturnType<typeof file>): number => compressed(bytes).length;

describe('files for a page', () => {
  const [large, small, asShown] = [file('large', 3000), file('small', 300), file('as shown', 30, true)];
  const all = [large, asShown, small];

  it('all find room where there is enough, the smallest first and what is derived last', () => {
    expect(names(all, 1e6)).toEqual(['small', 'large', 'as shown']);
  });

  it('leave out the one that is too large, and no smaller one after it', () => {
    expect(names(all, sizeOf(large))).toEqual(['small', 'as shown']);
  });

  it('give what is derived no room that another file needs', () => {
    expect(names(all, sizeOf(small) + sizeOf(large))).toEqual(['small', 'large']);
  });

  it('are none without room', () => {
    expect(names(all, 0)).toEqual([]);
  });
});
