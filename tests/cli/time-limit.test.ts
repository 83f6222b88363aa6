import { describe, expect, it } from 'vitest';
import { parseShard } from '../../src/cli/selection.ts';
import { parseTimeSpan } from '../../src/cli/time-limit.ts';

describe('parseTimeSpan', () => {
  it.each([
    ['45s', 45],
    ['90m', 5400],
    ['90min', 5400],
    ['2h', 7200],
    ['1.5h', 5400],
    ['1h30m', 5400],
    ['1d12h', 129_600],
  ])('%s', (typed, seconds) => {
    expect(parseTimeSpan(typed)).toBe(seconds);
  });

  it.each(['', '5', '0s', '-1h', '2 h', 'h', '3x', '1h30', '25d'])('refuses "%s"', (typed) => {
    expect(() => parseTimeSpan(typed)).toThrow('Expected a time such as 2h');
  });
});

describe('parseShard', () => {
  it('takes a share of several', () => {
    expect(parseShard('2/3')).toEqual({ index: 2, count: 3 });
    expect(parseShard('1/1')).toEqual({ index: 1, count: 1 });
  });

  it.each(['', '1', '0/3', '4/3', '1/0', '1/3/5', 'a/b', '1.5/3', '-1/3'])('refuses "%s"', (typed) => {
    expect(() => parseShard(typed)).toThrow('Expected one share of several');
  });
});
