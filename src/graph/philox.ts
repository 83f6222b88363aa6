/**
 * Philox4x32-10 (Salmon et al. 2011): every random number of the project is a function of (seed, stream) as the key
 * and (block, step, draw) as the counter, so no generator has a state and every engine draws the same bits.
 */

/** The streams that keep the uses of randomness apart; a number is part of the key and must never change. */
export const streams = { init: 0, shuffle: 1, dropout: 2, latent: 3, data: 4 } as const;
/** Independent streams of random numbers, by what they are for. */
export type StreamName = keyof typeof streams;

/** Names one array of random numbers: the counter's upper half is (step, draw), its lower half counts the blocks. */
export interface PhiloxKey {
  /** 0 to 2^32-1. */
  readonly seed: number;
  readonly stream: StreamName;
  /** Keeps several arrays of one stream and step apart. */
  readonly draw: number;
}

const product = new Uint32Array(2);
/** 32 x 32 -> 64 bits, as product[0] (high) and product[1] (low), by 16-bit halves: no BigInt in a hot loop. */
function multiply(a: number, b: number): void {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const low = a0 * b0;
  const middle = a1 * b0 + (low >>> 16);
  const cross = a0 * b1 + (middle & 0xffff);
  product[0] = a1 * b1 + Math.floor(middle / 65536) + Math.floor(cross / 65536);
  product[1] = Math.imul(a, b);
}

/** One block of four 32-bit words for a key of two and a counter of four words. */
export function philoxBlock(
  key: readonly [number, number],
  counter: readonly [number, number, number, number],
  out: Uint32Array,
): void {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    multiply(0xd2511f53, c0);
    const high0 = product[0]!;
    const low0 = product[1]!;
    multiply(0xcd9e8d57, c2);
    const high1 = product[0]!;
    const low1 = product[1]!;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** `count` random 32-bit words of the array that the key names at a step. */
export function randomBits(count: number, { seed, stream, draw }: PhiloxKey, step: number): Uint32Array {
  const words = new Uint32Array(Math.ceil(count / 4) * 4);
  const key = [seed >>> 0, streams[stream]] as const;
  for (let block = 0; block * 4 < count; block++) {
    philoxBlock(key, [block, 0, step >>> 0, draw], words.subarray(block * 4, block * 4 + 4));
  }
  return words.subarray(0, count);
}

/** A word's lower 23 bits as a number in [0, 1): exact in float32, and TensorFlow's own conversion. */
export const unitInterval = (word: number): number => (word & 0x7fffff) / 0x800000;

/** `count` numbers uniform in [0, 1), multiples of 2^-23. */
export function uniforms(count: number, key: PhiloxKey, step: number): Float64Array {
  return Float64Array.from(randomBits(count, key, step), unitInterval);
}

/**
 * `count` standard normal numbers by Box and Muller's method, two from each pair of words. u1 is kept above 1e-7, as
 * in TensorFlow, so that no value lies beyond 5.7.
 */
export function normals(count: number, key: PhiloxKey, step: number): Float64Array {
  const words = randomBits(Math.ceil(count / 2) * 2, key, step);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(Math.max(unitInterval(words[i]!), 1e-7)));
    const angle = 2 * Math.PI * unitInterval(words[i + 1]!);
    values[i] = Math.sin(angle) * radius;
    if (i + 1 < count) values[i + 1] = Math.cos(angle) * radius;
  }
  return values;
}

/** A random order of 0..count-1 (Fisher and Yates), the array named by stream `shuffle` at this epoch. */
export function permutation(count: number, seed: number, epoch: number): Int32Array {
  const words = randomBits(count, { seed, stream: 'shuffle', draw: 0 }, epoch);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    // A 32-bit word scaled to [0, i]: the bias, at most count/2^32, is far below anything an experiment can see.
    const j = Math.floor((words[i]! / 2 ** 32) * (i + 1));
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
}
