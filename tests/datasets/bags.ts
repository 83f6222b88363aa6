import { WordCounts, WordFrequencies } from '../../src/datasets/bag-of-words.ts';
import type { SparseInputs } from '../../src/datasets/dataset.ts';

export function mostFrequentWords(texts: readonly string[], size: number): string[] {
  const frequencies = new WordFrequencies();
  for (const text of texts) frequencies.add(text);
  return frequencies.mostFrequent(size);
}

/** One row for each text. */
export function countWords(texts: readonly string[], vocabulary: readonly string[]): SparseInputs {
  const counts = new WordCounts(vocabulary);
  for (const text of texts) counts.add(text);
  return counts.rows();
}
