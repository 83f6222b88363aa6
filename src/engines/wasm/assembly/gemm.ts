import { packColumns4, packColumns8, packRows } from './panels';
import { bytes, madd } from './vector';

/**
 * Dense matrix products. The loops are those of Goto and van de Geijn (2008): a block of B, then a block of A is packed
 * into panels that fit the caches, and a register tile of 4 rows and 8 columns walks over pairs of panels. Every
 * element of C is the sum over k in one fixed order (per block of k), wherever it lies in the matrix.
 */

/** Rows and columns of a register tile: eight accumulators, what V8 in Node 20 keeps in registers without spilling. */
export const tileRows: i32 = 4;
export const tileColumns: i32 = 8;
/** Largest blocks: a panel pair (tile x depth) stays in the first-level cache, both packed blocks in the second. */
export const blockRows: i32 = 128;
export const blockColumns: i32 = 512;
export const blockDepth: i32 = 400;
/** Bytes for one tile, where the edges of C are computed before their valid part is copied. */
export const tileBytes: usize = 128;

/** The size of the equal blocks, multiples of `unit` and at most about `largest`, that cover `size`. */
export function evenBlock(size: i32, largest: i32, unit: i32): i32 {
  const blocks = max((size + largest - 1) / largest, 1);
  const block = (size + blocks - 1) / blocks;
  return max(((block + unit - 1) / unit) * unit, unit);
}

/**
 * One tile: C (rows `rowBytes` apart) = or += panel of A x panel of B, both `k` >= 1 deep. One plain loop: unrolled by
 * two, V8 in Node 20 spills the accumulators and loses a quarter (half with the fused instruction).
 */
function tile(a: usize, b: usize, c: usize, rowBytes: usize, k: i32, accumulate: bool): void {
  const zero = i32x4.splat(0);
  let c00 = zero;
  let c01 = zero;
  let c10 = zero;
  let c11 = zero;
  let c20 = zero;
  let c21 = zero;
  let c30 = zero;
  let c31 = zero;
  do {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let row = v128.load32_splat(a);
    c00 = madd(row, b0, c00);
    c01 = madd(row, b1, c01);
    row = v128.load32_splat(a, 4);
    c10 = madd(row, b0, c10);
    c11 = madd(row, b1, c11);
    row = v128.load32_splat(a, 8);
    c20 = madd(row, b0, c20);
    c21 = madd(row, b1, c21);
    row = v128.load32_splat(a, 12);
    c30 = madd(row, b0, c30);
    c31 = madd(row, b1, c31);
    a += 16;
    b += 32;
  } while (--k);
  const row1 = c + rowBytes;
  const row2 = row1 + rowBytes;
  const row3 = row2 + rowBytes;
  if (accumulate) {
    c00 = f32x4.add(c00, v128.load(c));
    c01 = f32x4.add(c01, v128.load(c, 16));
    c10 = f32x4.add(c10, v128.load(row1));
    c11 = f32x4.add(c11, v128.load(row1, 16));
    c20 = f32x4.add(c20, v128.load(row2));
    c21 = f32x4.add(c21, v128.load(row2, 16));
    c30 = f32x4.add(c30, v128.load(row3));
    c31 = f32x4.add(c31, v128.load(row3, 16));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(row1, c10);
  v128.store(row1, c11, 16);
  v128.store(row2, c20);
  v128.store(row2, c21, 16);
  v128.store(row3, c30);
  v128.store(row3, c31, 16);
}

/** Stores or adds the valid rows and columns of a tile that was computed aside. */
function storeAside(
  aside: usize, c: usize, rowStep: usize, columnStep: usize, rows: i32, columns: i32, accumulate: bool,
): void {
  for (let i = 0; i < rows; i++) {
    let to = c;
    for (let j = 0; j < columns; j++) {
      const value = load<f32>(aside + bytes(j));
      store<f32>(to, accumulate ? value + load<f32>(to) : value);
      to += columnStep;
    }
    aside += bytes(tileColumns);
    c += rowStep;
  }
}

/**
 * C [rows, columns] = or += packed block of A x packed block of B. C's neighbouring rows and columns lie `rowStep` and
 * `columnStep` bytes apart; `aside` is a place for one tile.
 */
export function multiplyBlocks(
  a: usize, b: usize, c: usize, rowStep: usize, columnStep: usize,
  rows: i32, columns: i32, k: i32, accumulate: bool, aside: usize,
): void {
  const panelA = bytes(tileRows * k);
  const panelB = bytes(tileColumns * k);
  for (let j = 0; j < columns; j += tileColumns) {
    const width = min(columns - j, tileColumns);
    let from = a;
    let to = c;
    for (let i = 0; i < rows; i += tileRows) {
      const height = min(rows - i, tileRows);
      if (height == tileRows && width == tileColumns && columnStep == 4) {
        tile(from, b, to, rowStep, k, accumulate);
      } else {
        tile(from, b, aside, bytes(tileColumns), k, false);
        storeAside(aside, to, rowStep, columnStep, height, width, accumulate);
      }
      from += panelA;
      to += rowStep * tileRows;
    }
    b += panelB;
    c += columnStep * tileColumns;
  }
}

/** Columns up to which C is computed as its transpose: ten classes then cost twelve tile rows, not sixteen columns. */
const narrow: i32 = 12;

/** Bytes of scratch memory that `matmul` needs for these sizes. */
export function matmulScratch(m: i32, n: i32, k: i32, transposeA: i32, transposeB: i32): i32 {
  const swap = n <= narrow && n < m;
  const rows = evenBlock(swap ? n : m, blockRows, tileRows);
  const columns = evenBlock(swap ? m : n, blockColumns, tileColumns);
  return <i32>(tileBytes + bytes((rows + columns) * evenBlock(k, blockDepth, 1)));
}

/**
 * C [m, n] = op(A) [m, k] x op(B) [k, n]; A is stored [m, k], or [k, m] if transposed, B [k, n] or [n, k].
 * C must not overlap the operands; `scratch` holds `matmulScratch` bytes.
 */
export function matmul(
  a: usize, b: usize, c: usize, m: i32, n: i32, k: i32, transposeA: i32, transposeB: i32, scratch: usize,
): void {
  if (k == 0) memory.fill(c, 0, bytes(m) * n);
  else if (n <= narrow && n < m) product(b, a, c, 4, bytes(n), n, m, k, !transposeB, !transposeA, scratch);
  else product(a, b, c, bytes(n), 4, m, n, k, transposeA != 0, transposeB != 0, scratch);
}

function product(
  a: usize, b: usize, c: usize, rowStep: usize, columnStep: usize,
  m: i32, n: i32, k: i32, transposeA: bool, transposeB: bool, scratch: usize,
): void {
  const depth = evenBlock(k, blockDepth, 1);
  const rows = evenBlock(m, blockRows, tileRows);
  const columns = evenBlock(n, blockColumns, tileColumns);
  const packedA = scratch + tileBytes;
  const packedB = packedA + bytes(rows * depth);
  const rowBytesA = bytes(transposeA ? m : k);
  const rowBytesB = bytes(transposeB ? k : n);
  for (let j = 0; j < n; j += columns) {
    const width = min(columns, n - j);
    for (let p = 0; p < k; p += depth) {
      const deep = min(depth, k - p);
      if (transposeB) packRows(packedB, b + (<usize>j) * rowBytesB + bytes(p), rowBytesB, width, deep, tileColumns);
      else packColumns8(packedB, b + (<usize>p) * rowBytesB + bytes(j), rowBytesB, width, deep);
      for (let i = 0; i < m; i += rows) {
        const height = min(rows, m - i);
        if (transposeA) packColumns4(packedA, a + (<usize>p) * rowBytesA + bytes(i), rowBytesA, height, deep);
        else packRows(packedA, a + (<usize>i) * rowBytesA + bytes(p), rowBytesA, height, deep, tileRows);
        const to = c + (<usize>i) * rowStep + (<usize>j) * columnStep;
        multiplyBlocks(packedA, packedB, to, rowStep, columnStep, height, width, deep, p > 0, scratch);
      }
    }
  }
}
