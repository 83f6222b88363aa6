import { copy } from './layout';
import { dropoutMask } from './random';
import { bytes, madd, splat, storeEnd } from './vector';

/**
 * Sparse rows: row i has the entries offsets[i] .. offsets[i + 1] - 1 of `columns` and `values`; `rows` is how many
 * there are, and offsets has one number more.
 */

// @ts-ignore: decorator
@inline
function offsetAt(offsets: usize, row: i32): i32 {
  return load<i32>(offsets + bytes(row));
}

/** out [count + 1]: the offsets of the rows with these numbers, put one behind the other. */
export function raggedOffsets(offsets: usize, numbers: usize, out: usize, count: i32): void {
  let next = 0;
  store<i32>(out, 0);
  for (let i = 0; i < count; i++) {
    const row = load<i32>(numbers + bytes(i));
    next += offsetAt(offsets, row + 1) - offsetAt(offsets, row);
    store<i32>(out + bytes(i + 1), next);
  }
}

/** out [capacity]: these rows of `data`, whose entries have `size` bytes, one behind the other; 0 behind the last. */
export function raggedGather(
  data: usize, offsets: usize, numbers: usize, out: usize, count: i32, capacity: i32, size: i32,
): void {
  const end = out + <usize>capacity * size;
  for (let i = 0; i < count; i++) {
    const row = load<i32>(numbers + bytes(i));
    const first = offsetAt(offsets, row);
    const length = <usize>(offsetAt(offsets, row + 1) - first) * size;
    copy(data + <usize>first * size, out, length);
    out += length;
  }
  memory.fill(out, 0, end - out);
}

/** out [capacity]: values times a dropout mask that the entries' numbers name; 0 behind the last row. */
export function sparseDropout(
  values: usize, offsets: usize, out: usize, rows: i32, capacity: i32,
  seed: i32, stream: i32, draw: i32, step: i32, rate: f32, scale: f32,
): void {
  const entries = offsetAt(offsets, rows);
  dropoutMask(out, entries, seed, stream, draw, step, rate, scale);
  memory.fill(out + bytes(entries), 0, bytes(capacity - entries));
  const end = out + bytes(entries & ~3);
  for (; out < end; out += 16) {
    v128.store(out, f32x4.mul(v128.load(values), v128.load(out)));
    values += 16;
  }
  if (entries & 3) storeEnd(out, f32x4.mul(v128.load(values), v128.load(out)), entries & 3);
}

/** out[0..n] += factor * x[0..n]. */
// @ts-ignore: decorator
@inline
function addScaled(x: usize, factor: f32, out: usize, n: i32): void {
  const f = splat(factor);
  const end = out + bytes(n & ~3);
  for (; out < end; out += 16) {
    v128.store(out, madd(f, v128.load(x), v128.load(out)));
    x += 16;
  }
  if (n & 3) storeEnd(out, madd(f, v128.load(x), v128.load(out)), n & 3);
}

/** The sum of values[e] * weights[columns[e]] over a row's entries, for four neighbouring columns of the weights. */
// @ts-ignore: decorator
@inline
function sumOfRows4(columns: usize, values: usize, weights: usize, entries: i32, rowBytes: usize): v128 {
  let sum = splat(0);
  const end = columns + bytes(entries);
  for (; columns < end; columns += 4) {
    sum = madd(v128.load32_splat(values), v128.load(weights + (<usize>load<i32>(columns)) * rowBytes), sum);
    values += 4;
  }
  return sum;
}

/** out [rows, n]: out[i] = sum over row i's entries of values[e] * weights[columns[e]]; weights [d, n]. */
export function sparseMatmul(
  columns: usize, values: usize, offsets: usize, weights: usize, out: usize, rows: i32, n: i32,
): void {
  for (let row = 0; row < rows; row++) {
    const first = offsetAt(offsets, row);
    const entries = offsetAt(offsets, row + 1) - first;
    for (let j = 0; j < n; j += 4) {
      const sum = sumOfRows4(columns + bytes(first), values + bytes(first), weights + bytes(j), entries, bytes(n));
      if (n - j >= 4) v128.store(out + bytes(j), sum);
      else storeEnd(out + bytes(j), sum, n - j);
    }
    out += bytes(n);
  }
}

/** out [d, n]: out[columns[e]] += values[e] * g[i] from zero, for all entries e of all rows i; g [rows, n]. */
export function sparseMatmulGradient(
  columns: usize, values: usize, offsets: usize, g: usize, out: usize, rows: i32, n: i32, d: i32,
): void {
  memory.fill(out, 0, bytes(n) * d);
  for (let row = 0; row < rows; row++) {
    const end = offsetAt(offsets, row + 1);
    for (let e = offsetAt(offsets, row); e < end; e++) {
      const column = load<i32>(columns + bytes(e));
      addScaled(g, load<f32>(values + bytes(e)), out + (<usize>column) * bytes(n), n);
    }
    g += bytes(n);
  }
}
