import { UserError } from '../errors.ts';
import type { SparseInputs } from './dataset.ts';
import { tokenize } from './tokenize.ts';

/** Texts as bags of words: how often each word of a vocabulary occurs in each text. */

/** Counts how often words occur, text after text. */
export class WordFrequencies {
  readonly #occurrences = new Map<string, number>();

  add(text: string): void {
    for (const word of tokenize(text)) this.#occurrences.set(word, (this.#occurrences.get(word) ?? 0) + 1);
  }

  /** The `size` most frequent words, the most frequent one first; equally frequent ones by code unit. */
  mostFrequent(size: number): string[] {
    return [...this.#occurrences]
      .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
      .slice(0, size)
      .map(([word]) => word);
  }
}

const mostCounted = 255;

/** Makes a row of each text: its words' numbers in `vocabulary`, ascending, and how often each occurs (255: or more). */
export class WordCounts {
  readonly #columnOf: ReadonlyMap<string, number>;
  readonly #offsets = [0];
  readonly #columns: number[] = [];
  readonly #counts: number[] = [];

  constructor(vocabulary: readonly string[]) {
    this.#columnOf = new Map(vocabulary.map((word, column) => [word, column]));
  }

  add(text: string): void {
    const row = new Map<number, number>();
    for (const word of tokenize(text)) {
      const column = this.#columnOf.get(word);
      if (column !== undefined) row.set(column, (row.get(column) ?? 0) + 1);
    }
    for (const [column, count] of [...row].sort(([a], [b]) => a - b)) {
      this.#columns.push(column);
      this.#counts.push(Math.min(count, mostCounted));
    }
    this.#offsets.push(this.#columns.length);
  }

  rows(): SparseInputs {
    return {
      offsets: Int32Array.from(this.#offsets),
      columns: Uint16Array.from(this.#columns),
      counts: Uint8Array.from(this.#counts),
      width: this.#columnOf.size,
    };
  }
}

/**
 * Rows as bytes, little-endian: their number and the number of entries (uint32), the offsets (int32 [rows + 1]), the
 * columns (uint16 [entries]) and the counts (uint8 [entries]).
 */
export function packRows({ offsets, columns, counts }: SparseInputs): Uint8Array {
  const head = Uint32Array.of(offsets.length - 1, columns.length);
  const bytes = (array: Uint8Array | Uint16Array | Uint32Array | Int32Array): Uint8Array =>
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return Buffer.concat([head, offsets, columns, counts].map(bytes));
}

/**
 * Reads what `packRows` wrote. Throws `UserError` naming `file` where the sizes do not fit.
 * `words`: how many words of the vocabulary are kept, from the most frequent one on.
 */
export function unpackRows(bytes: Uint8Array<ArrayBuffer>, file: string, words: number): SparseInputs {
  // A copy where the bytes do not start at a multiple of four, as typed arrays have to.
  const { buffer, byteOffset: start, length } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const [rows, entries] = length < 8 ? [0, 0] : new Uint32Array(buffer, start, 2);
  const columnsAt = 8 + 4 * (rows! + 1);
  const expected = columnsAt + 3 * entries!;
  if (rows === 0 || length !== expected) {
    throw new UserError(`${file} is not a usable file of word counts: its sizes do not fit.`);
  }
  const offsets = new Int32Array(buffer, start + 8, rows! + 1);
  const columns = new Uint16Array(buffer, start + columnsAt, entries!);
  const counts = new Uint8Array(buffer, start + columnsAt + 2 * entries!, entries!);
  return firstColumns({ offsets, columns, counts, width: 2 ** 16 }, words);
}

/** The entries in the first `width` columns. */
export function firstColumns({ offsets, columns, counts }: SparseInputs, width: number): SparseInputs {
  const kept = { offsets: new Int32Array(offsets.length), columns: columns.slice(), counts: counts.slice() };
  let entries = 0;
  for (let row = 0; row + 1 < offsets.length; row++) {
    for (let e = offsets[row]!; e < offsets[row + 1]!; e++) {
      if (columns[e]! >= width) continue;
      kept.columns[entries] = columns[e]!;
      kept.counts[entries++] = counts[e]!;
    }
    kept.offsets[row + 1] = entries;
  }
  return {
    offsets: kept.offsets,
    columns: kept.columns.subarray(0, entries),
    counts: kept.counts.subarray(0, entries),
    width,
  };
}
