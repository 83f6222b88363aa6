import { expect, it } from 'vitest';
import { groupBy } from '../src/group-by.ts';

it('keeps the order of keys and of items', () => {
  const groups = groupBy(['bx', 'a', 'by', 'c', 'ay'], (word) => word[0]!);
  expect([...groups]).toEqual([
    ['b', ['bx', 'by']],
    ['a', ['a', 'ay']],
    ['c', ['c']],
  ]);
  expect(groupBy([], String).size).toBe(0);
});
