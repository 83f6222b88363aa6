import { describe, expect, it } from 'vitest';
import { bytes, clock, cost, count, duration, percent, rate } from '../../src/cli/format.ts';

describe('numbers as text', () => {
  it.each<[string, string, string]>([
    ['0 s', duration(0), '0 s'],
    ['parts of a second', duration(0.25), '0.3 s'],
    ['a few seconds', duration(4.26), '4.3 s'],
    ['seconds', duration(99), '99 s'],
    ['minutes', duration(720), '12 min'],
    ['hours', duration(3 * 3600 + 5 * 60), '3 h 5 min'],
    ['an unknown time', duration(Number.NaN), '?'],
    ['an endless time', duration(Number.POSITIVE_INFINITY), '?'],
    ['a clock below a minute', clock(45.2), '0:45'],
    ['a clock', clock(723), '12:03'],
    ['a clock with hours', clock(3723), '1:02:03'],
    ['a clock below ten seconds', clock(5.54), '5.5 s'],
    ['a clock that rounds up', clock(59.6), '1:00'],
    ['bytes', bytes(0), '0 B'],
    ['megabytes', bytes(11_490_000), '11.5 MB'],
    ['just below the next unit', bytes(999_600), '1.0 MB'],
    ['hundreds', bytes(139e6), '139 MB'],
    ['a cost', cost(0.26341), '0.2634'],
    ['a large cost', cost(Math.LN10), '2.303'],
    ['a tiny cost', cost(1.2346e-7), '1.235e-7'],
    ['a cost of zero', cost(0), '0.000'],
    ['a cost that is no number', cost(Number.NaN), 'NaN'],
    ['a fraction', percent(0.0742), '7.42%'],
    ['a fast rate', rate(812.4), '812'],
    ['a slow rate', rate(0.12345), '0.123'],
    ['an unknown rate', rate(Number.NaN), '?'],
    ['one', count(1, 'run'), '1 run'],
    ['many', count(12_345, 'run'), '12,345 runs'],
    ['none', count(0, 'run'), '0 runs'],
  ])('%s', (_, text, expected) => {
    expect(text).toBe(expected);
  });
});
