import { compilePortable } from '../../engines/wasm/index.ts';
import { feed, matmul, slice, variable } from '../../graph/ops/index.ts';
import type { Signature } from '../../graph/program.ts';
import type { WhiteningSettings } from '../../spec/run.ts';
import { imageNumbers } from './contrast.ts';
import { inverseSquareRoot } from './inverse-square-root.ts';

export type ZcaSettings = Extract<WhiteningSettings, { type: 'zca' }>;

/** Says how far the work is; may throw to end it. */
export type Progress = (what: string, done: number) => Promise<void>;

/** Images as uint8 [count, numbers]. */
export interface Images {
  readonly data: Uint8Array;
  readonly count: number;
  readonly numbers: number;
}

export interface Whitener {
  /**
   * The whitened images `first`..`first + rows - 1`, float32 [rows, numbers]; the array holds until the next call.
   * At most `ROWS` at once.
   */
  whiten(images: Images, first: number, rows: number): Float32Array;
}

/** Images that are computed together. */
export const ROWS = 1000;
/** Columns of the covariance that are computed together: only what lies on and right of the diagonal is needed. */
const COLUMNS = 512;

/**
 * Zero-phase whitening after all images of `train`: y = (C + epsilon I)^(-1/2) (x - mean), with mean and covariance C
 * of the training images (divided by their number), after each image's contrast normalization. Of all transformations
 * that whiten, this one changes the images least: they keep their layout, which a convolutional network needs
 * (Krizhevsky 2009, appendix A).
 *
 * The products are float32 sums of 1,000 terms, all else is float64; the same bits on every machine.
 */
export async function fitZca(train: Images, settings: ZcaSettings, progress: Progress): Promise<Whitener> {
  const n = train.numbers;
  const rows = new RowBlock(n, settings.contrast);
  const mean = rows.mean(train);
  rows.subtract(mean);
  const program = await compileProducts(n);
  const covariance = new Float64Array(n * n);
  for (let first = 0; first < train.count; first += ROWS) {
    await progress('covariance', first / train.count);
    addProducts(covariance, n, program.run('step', { rows: rows.read(train, first) }));
  }
  finishCovariance(covariance, n, train.count);
  const root = await inverseSquareRoot(covariance, n, settings.epsilon, (done) =>
    progress('inverse square root', done),
  );
  program.run('restore', { transform: Float32Array.from(root) });
  return {
    whiten: (images, first, count) => {
      const { whitened } = program.run('evaluate', { rows: rows.read(images, first) });
      return (whitened as Float32Array).subarray(0, count * n);
    },
  };
}

/** Images as centred numbers, `ROWS` of them; rows behind the last image are zero. */
class RowBlock {
  readonly #numbers: number;
  readonly #contrast: number | null;
  readonly #block: Float32Array;
  #mean: Float64Array;

  constructor(numbers: number, contrast: number | null) {
    this.#numbers = numbers;
    this.#contrast = contrast;
    this.#block = new Float32Array(ROWS * numbers);
    this.#mean = new Float64Array(numbers);
  }

  /** From now on the rows come without it. */
  subtract(mean: Float64Array): void {
    this.#mean = mean;
  }

  read({ data, count }: Images, first: number): Float32Array {
    const n = this.#numbers;
    const mean = this.#mean;
    this.#block.fill(0);
    for (let i = 0; i < Math.min(ROWS, count - first); i++) {
      const row = this.#block.subarray(i * n, (i + 1) * n);
      imageNumbers(data.subarray((first + i) * n, (first + i + 1) * n), this.#contrast, row);
      for (let j = 0; j < n; j++) row[j]! -= mean[j]!;
    }
    return this.#block;
  }

  mean(images: Images): Float64Array {
    const n = this.#numbers;
    const sums = new Float64Array(n);
    for (let first = 0; first < images.count; first += ROWS) {
      const block = this.read(images, first);
      for (let i = 0; i < block.length; i++) sums[i % n]! += block[i]!;
    }
    return sums.map((sum) => sum / images.count);
  }
}

/** `step` gives the products of the rows' columns, `evaluate` the rows times the transformation. */
async function compileProducts(n: number) {
  const rows = feed('rows', [ROWS, n]);
  const transform = variable('transform', [n, n]);
  const value = feed('transform', [n, n]);
  const nothing: Signature = { feeds: [], fetches: {}, assignments: [], updates: [] };
  const products = columnBlocks(n).map(({ start, size }) => [
    `${start}`,
    matmul(slice(rows, 1, start, size), slice(rows, 1, start, n - start), { transposeA: true }),
  ]);
  return compilePortable({
    variables: [{ node: transform, role: 'parameter' }],
    signatures: {
      initialize: nothing,
      read: nothing,
      restore: { ...nothing, feeds: [value], assignments: [{ variable: transform, value }] },
      step: { ...nothing, feeds: [rows], fetches: Object.fromEntries(products) },
      // The transformation is symmetric.
      evaluate: { ...nothing, feeds: [rows], fetches: { whitened: matmul(rows, transform) } },
    },
  });
}

function columnBlocks(n: number): { start: number; size: number }[] {
  const starts = Array.from({ length: Math.ceil(n / COLUMNS) }, (_, i) => i * COLUMNS);
  return starts.map((start) => ({ start, size: Math.min(COLUMNS, n - start) }));
}

function addProducts(
  sums: Float64Array,
  n: number,
  products: Readonly<Record<string, ArrayLike<number>>>,
): void {
  for (const { start, size } of columnBlocks(n)) {
    const block = products[`${start}`]!;
    const width = n - start;
    for (let i = 0; i < size; i++) {
      const row = (start + i) * n + start;
      for (let j = 0; j < width; j++) sums[row + j]! += block[i * width + j]!;
    }
  }
}

/** Divides by the number of images and mirrors what lies right of the diagonal. */
function finishCovariance(sums: Float64Array, n: number, count: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      const value = sums[i * n + j]! / count;
      sums[i * n + j] = value;
      sums[j * n + i] = value;
    }
  }
}
