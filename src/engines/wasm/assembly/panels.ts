import { bytes } from './vector';

/**
 * Packing for the matrix product: a block of an operand becomes panels of `width` lanes (4 rows of A, 8 columns of B),
 * each panel a run of k groups of `width` floats, so that the inner loop reads both operands in one straight line.
 * Lanes beyond the matrix are filled with zeros: the products they make are never stored.
 */

/** Writes the transpose of a 4x4 square; row `i` of the result goes to out + i * step. */
// @ts-ignore: decorator
@inline
export function storeTransposed(out: usize, step: usize, r0: v128, r1: v128, r2: v128, r3: v128): void {
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<f64>(low01, low23, 0, 2));
  v128.store(out + step, v128.shuffle<f64>(low01, low23, 1, 3));
  v128.store(out + 2 * step, v128.shuffle<f64>(high01, high23, 0, 2));
  v128.store(out + 3 * step, v128.shuffle<f64>(high01, high23, 1, 3));
}

/** Interleaves four rows of k floats: out[i] = (r0[i], r1[i], r2[i], r3[i]), `step` bytes apart. */
export function interleave4(out: usize, step: usize, r0: usize, r1: usize, r2: usize, r3: usize, k: i32): void {
  for (; k >= 4; k -= 4) {
    storeTransposed(out, step, v128.load(r0), v128.load(r1), v128.load(r2), v128.load(r3));
    r0 += 16;
    r1 += 16;
    r2 += 16;
    r3 += 16;
    out += 4 * step;
  }
  for (; k > 0; k--) {
    v128.store(out, f32x4(load<f32>(r0), load<f32>(r1), load<f32>(r2), load<f32>(r3)));
    r0 += 4;
    r1 += 4;
    r2 += 4;
    r3 += 4;
    out += step;
  }
}

/** The last rows of a block, fewer than four: the missing lanes become zeros. */
export function interleaveEnd(out: usize, step: usize, source: usize, rowBytes: usize, rows: i32, k: i32): void {
  for (let i = 0; i < k; i++) {
    v128.store(out, i32x4.splat(0));
    for (let r = 0; r < rows; r++) store<f32>(out + bytes(r), load<f32>(source + (<usize>r) * rowBytes));
    source += 4;
    out += step;
  }
}

/** Packs a block whose lanes are rows in memory, `rowBytes` apart: source [lanes, k]. */
export function packRows(out: usize, source: usize, rowBytes: usize, lanes: i32, k: i32, width: i32): void {
  const step = bytes(width);
  const panelBytes = step * k;
  for (let lane = 0; lane < lanes; lane += width) {
    for (let group = 0; group < width; group += 4) {
      const rest = lanes - lane - group;
      const r0 = source + (<usize>(lane + group)) * rowBytes;
      const to = out + bytes(group);
      if (rest >= 4) {
        interleave4(to, step, r0, r0 + rowBytes, r0 + 2 * rowBytes, r0 + 3 * rowBytes, k);
      } else {
        interleaveEnd(to, step, r0, rowBytes, max(rest, 0), k);
      }
    }
    out += panelBytes;
  }
}

/** Packs a block whose lanes lie side by side in memory: source [k, lanes], rows `rowBytes` apart; panels of 4. */
export function packColumns4(out: usize, source: usize, rowBytes: usize, lanes: i32, k: i32): void {
  const panelBytes = bytes(4 * k);
  let row = 0;
  // Four rows at a time fill a whole cache line of the panel before the next panel is touched.
  for (; row + 4 <= k; row += 4) {
    let from = source;
    let to = out;
    let lane = 0;
    for (; lane + 4 <= lanes; lane += 4) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from + rowBytes), 16);
      v128.store(to, v128.load(from + 2 * rowBytes), 32);
      v128.store(to, v128.load(from + 3 * rowBytes), 48);
      from += 16;
      to += panelBytes;
    }
    if (lane < lanes) for (let i = 0; i < 4; i++) packEnd(to + 16 * i, from + (<usize>i) * rowBytes, lanes - lane, 16);
    source += 4 * rowBytes;
    out += 64;
  }
  for (; row < k; row++) {
    let from = source;
    let to = out;
    let lane = 0;
    for (; lane + 4 <= lanes; lane += 4) {
      v128.store(to, v128.load(from));
      from += 16;
      to += panelBytes;
    }
    if (lane < lanes) packEnd(to, from, lanes - lane, 16);
    source += rowBytes;
    out += 16;
  }
}

/** The same with panels of 8, one strip of 8 columns after the other: the strip's panel is one stream of writes. */
export function packColumns8(out: usize, source: usize, rowBytes: usize, lanes: i32, k: i32): void {
  for (let lane = 0; lane < lanes; lane += 8) {
    let from = source + bytes(lane);
    const rest = lanes - lane;
    if (rest >= 8) {
      for (let row = 0; row < k; row++) {
        v128.store(out, v128.load(from));
        v128.store(out, v128.load(from, 16), 16);
        from += rowBytes;
        out += 32;
      }
    } else {
      for (let row = 0; row < k; row++) {
        packEnd(out, from, rest, 32);
        from += rowBytes;
        out += 32;
      }
    }
  }
}

/** One group of a panel that is only partly inside the matrix: `lanes` floats, then zeros up to `size` bytes. */
function packEnd(out: usize, source: usize, lanes: i32, size: usize): void {
  for (let i: usize = 0; i < size; i += 16) v128.store(out + i, i32x4.splat(0));
  for (let i = 0; i < lanes; i++) store<f32>(out + bytes(i), load<f32>(source + bytes(i)));
}
