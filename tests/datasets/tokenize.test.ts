import { describe, expect, it } from 'vitest';
import { tokenize } from '../../src/datasets/tokenize.ts';

const cases: [string, string, string][] = [
  ['splits at white space and punctuation', 'Good, bad... "ugly"!', 'good bad ugly'],
  ['puts all in lower case', 'The BEST Film', 'the best film'],
  [
    'takes line breaks for separators',
    'the end.<br /><br />Again<br>and<BR/>again',
    'the end again and again',
  ],
  ['keeps apostrophes inside a word', "don't 'quote' rock 'n' roll", "don't quote rock n roll"],
  ['takes typographic apostrophes for plain ones', 'don’t it´s we`re', "don't it's we're"],
  ['splits at hyphens and dashes', 'well-made film--really', 'well made film really'],
  ['counts numbers as words', '10/10 in 1999, the 80s', '10 10 in 1999 the 80s'],
  [
    'keeps letters with accents, however they are written',
    'Amélie Ame\u0301lie NAÏVE',
    'amélie amélie naïve',
  ],
  ['knows letters of other scripts', 'Бриллиантовая рука', 'бриллиантовая рука'],
  ['separates at symbols and control characters', 'a\u0096b £5 ☺ *****', 'a b 5'],
  ['finds nothing in nothing', ' ... <br /> ', ''],
];

describe('tokenize', () => {
  it.each(cases)('%s', (_, text, words) => {
    expect(tokenize(text).join(' ')).toBe(words);
  });
});
