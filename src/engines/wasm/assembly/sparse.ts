import { bytes, madd, splat, storeEnd } from './vector';

/** Products with sparse rows: columns int32 [rows, entries] and values [rows, entries]; a negative column ends a row. */

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
  while (columns < end) {
    const column = load<i32>(columns);
    if (column < 0) break;
    sum = madd(v128.load32_splat(values), v128.load(weights + (<usize>column) * rowBytes), sum);
    columns += 4;
    values += 4;
  }
  return sum;
}

/** out [rows, n]: out[b] = sum over e of values[b, e] * weights[columns[b, e]]; weights [d, n]. */
export function sparseMatmul(
  columns: usize, values: usize, weights: usize, out: usize, rows: i32, entries: i32, n: i32,
): void {
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < n; j += 4) {
      const sum = sumOfRows4(columns, values, weights + bytes(j), entries, bytes(n));
      if (n - j >= 4) v128.store(out + bytes(j), sum);
      else storeEnd(out + bytes(j), sum, n - j);
    }
    columns += bytes(entries);
    values += bytes(entries);
    out += bytes(n);
  }
}

/** out [d, n]: out[columns[b, e]] += values[b, e] * g[b] from zero; g [rows, n]. */
export function sparseMatmulGradient(
  columns: usize, values: usize, g: usize, out: usize, rows: i32, entries: i32, n: i32, d: i32,
): void {
  memory.fill(out, 0, bytes(n) * d);
  for (let row = 0; row < rows; row++) {
    for (let e = 0; e < entries; e++) {
      const column = load<i32>(columns + bytes(e));
      if (column < 0) break;
      addScaled(g, load<f32>(values + bytes(e)), out + (<usize>column) * bytes(n), n);
    }
    columns += bytes(entries);
    values += bytes(entries);
    g += bytes(n);
  }
}
