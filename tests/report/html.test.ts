import { describe, expect, it } from 'vitest';
import { html, idOf } from '../../src/report/html.ts';
import { durationText, numberText, sizeText } from '../../src/report/numbers.ts';
import { onDark } from '../../src/report/parts.ts';

describe('html', () => {
  it('escapes what is put in, for text and attributes', () => {
    const { markup } = html`<a title="${"\" onclick='x'"}">${'<b> & </b>'}</a>`;
    expect(markup).toBe('<a title="&quot; onclick=&#39;x&#39;">&lt;b&gt; &amp; &lt;/b&gt;</a>');
  });

  it('takes markup, lists, numbers and nothing as they are', () => {
    expect(html`${[1, html`<b>${'&'}</b>`]}${null}${undefined}${false}${0}`.markup).toBe('1<b>&amp;</b>0');
  });

  it('makes ids of any text', () => {
    expect(idOf('figure', 'a b"<c>')).toBe('figure-a_b_c_');
  });
});

describe('numbers', () => {
  it.each([
    [0.0712345, '0.07123'],
    [0, '0'],
    [123456, '123456'],
    [4.42e-29, '4.42e-29'],
    [-0.00012, '-1.2e-4'],
    [2e7, '2e7'],
    [Number.NaN, 'no number'],
    [Number.POSITIVE_INFINITY, 'infinite'],
  ])('%d is %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  });

  it('are times and sizes', () => {
    expect([0.0312, 7.56, 100, 5999, 6001, 7300].map(durationText)).toEqual([
      ...['0.031 s', '7.6 s', '2 min', '1 h 40 min', '1 h 40 min', '2 h 2 min'],
    ]);
    expect([12, 1500, 2.94e6].map(sizeText)).toEqual(['1 kB', '2 kB', '2.9 MB']);
  });
});

describe('colours on a dark page', () => {
  it('are lifted where they are dark, and else kept', () => {
    expect(onDark('#56b4e9')).toBe('#56b4e9');
    expect(onDark('#000000')).toMatch(/^#(7|8)/);
    expect(onDark('#332288')).not.toBe('#332288');
    expect(onDark('black')).toBe('black');
  });
});
