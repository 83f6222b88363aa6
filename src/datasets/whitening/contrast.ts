/** Below this length an image counts as one colour, and stays zero. */
const LEAST_LENGTH = 1e-8;

/**
 * One image as numbers: pixels in [0, 1]; with `contrast`, the image's mean is subtracted and what is left scaled to
 * that length (global contrast normalization: 55 gives a deviation of about 1 with 3,072 numbers).
 *
 * @param pixels uint8 [n]
 * @param row [n], overwritten
 */
export function imageNumbers(pixels: Uint8Array, contrast: number | null, row: Float32Array): void {
  const n = pixels.length;
  if (contrast === null) {
    for (let i = 0; i < n; i++) row[i] = pixels[i]! / 255;
    return;
  }
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    sum += pixels[i]!;
    squares += pixels[i]! ** 2;
  }
  const mean = sum / n;
  // Whole numbers below 2^53: the difference is exact enough for any image.
  const length = Math.sqrt(Math.max(0, squares - sum * mean));
  const scale = length < LEAST_LENGTH ? 0 : contrast / length;
  for (let i = 0; i < n; i++) row[i] = (pixels[i]! - mean) * scale;
}
