import { describe, expect, it } from 'vitest';
import { firstColumns, packRows, unpackRows } from '../../src/datasets/bag-of-words.ts';
import { countWords, mostFrequentWords } from './bags.ts';

const reviews = ['good film, good!', 'bad film', '', 'a good bad film<br />Film'];
const vocabulary = ['film', 'good', 'bad'];
const counted = countWords(reviews, vocabulary);

describe('the vocabulary', () => {
  it('has the words that occur most often, the most frequent one first', () => {
    expect(mostFrequentWords(reviews, 2)).toEqual(['film', 'good']);
  });

  it('orders equally frequent words by their letters, whatever comes first in the text', () => {
    expect(mostFrequentWords(['b c a c'], 9)).toEqual(['c', 'a', 'b']);
    expect(mostFrequentWords(['a c c b'], 9)).toEqual(['c', 'a', 'b']);
    expect(mostFrequentWords(['z é Z é a'], 9)).toEqual(['z', 'é', 'a']);
  });
});

describe('word counts', () => {
  it('has a row for each text, an empty one too', () => {
    expect(counted).toEqual({
      offsets: Int32Array.of(0, 2, 4, 4, 7),
      columns: Uint16Array.of(0, 1, 0, 2, 0, 1, 2),
      counts: Uint8Array.of(1, 2, 1, 1, 2, 1, 1),
      width: 3,
    });
  });

  it('stops counting at 255', () => {
    expect(countWords(['ha '.repeat(300)], ['ha']).counts).toEqual(Uint8Array.of(255));
  });

  it('can be cut to the most frequent words', () => {
    expect(firstColumns(counted, 2)).toEqual(countWords(reviews, vocabulary.slice(0, 2)));
    expect(firstColumns(counted, 1)).toEqual(countWords(reviews, vocabulary.slice(0, 1)));
  });
});

describe('packed rows', () => {
  const packed = packRows(counted);

  it('come back as they were, wherever they lie in memory', () => {
    for (const shift of [0, 1, 2, 4]) {
      const bytes = new Uint8Array(packed.length + shift);
      bytes.set(packed, shift);
      expect(unpackRows(bytes.subarray(shift), 'f', 3)).toEqual(counted);
    }
  });

  it('are refused where their sizes do not fit', () => {
    for (const length of [0, 7, 8, packed.length - 1]) {
      expect(() => unpackRows(packed.slice(0, length), 'x/train.words', 3)).toThrow(
        'x/train.words is not a usable file of word counts: its sizes do not fit.',
      );
    }
    const longer = new Uint8Array(packed.length + 1);
    longer.set(packed);
    expect(() => unpackRows(longer, 'f', 3)).toThrow('its sizes do not fit');
  });
});
