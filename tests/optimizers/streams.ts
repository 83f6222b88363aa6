/** Repeatable gradients for tests: numbers in [-1, 1) from a linear congruential generator. */
export function uniformStream(seed: number): () => number {
  let x = seed;
  return () => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return x / 2 ** 31 - 1;
  };
}

/** `steps` gradients of `n` values each. */
export function uniformGradients(seed: number, steps: number, n: number, scale = 1): Float64Array[] {
  const next = uniformStream(seed);
  return Array.from({ length: steps }, () => Float64Array.from({ length: n }, () => scale * next()));
}
