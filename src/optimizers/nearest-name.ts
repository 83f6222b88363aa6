import { closest, distance } from 'fastest-levenshtein';

/** The known name that a mistyped one probably means, or undefined if none is near. */
export function nearestName(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const nearest = closest(word.toLowerCase(), known);
  return distance(word.toLowerCase(), nearest.toLowerCase()) <= 1 + word.length / 3 ? nearest : undefined;
}

/** The end of a sentence that names an unknown word: the name that it probably means, or all there are. */
export function nameHint(word: string, known: readonly string[]): string {
  const nearest = nearestName(word, known);
  return nearest === undefined ? `there are ${known.join(', ')}.` : `did you mean "${nearest}"?`;
}
