const lineBreaks = /<br\s*\/?>/gi;
const typographicApostrophes = /[’ʼ´`]/g;
/** A run of letters, marks and digits; apostrophes inside it belong to it. */
const word = /[\p{L}\p{M}\p{N}]+(?:'[\p{L}\p{M}\p{N}]+)*/gu;

/**
 * The words of an English text in lower case, in their order: runs of letters and digits of any script. Everything else
 * separates words, HTML line breaks (`<br />`) too; an apostrophe between letters is a part of its word (don't), a
 * hyphen is not (well-made: two words). Nothing is stemmed or left out, so numbers and stop words are words.
 */
export function tokenize(text: string): readonly string[] {
  const plain = text.replace(lineBreaks, ' ').replace(typographicApostrophes, "'");
  return plain.normalize('NFC').toLowerCase().match(word) ?? [];
}
