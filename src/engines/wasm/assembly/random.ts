import { cosineOfTurn4, logOfNormal4, sineOfTurn4 } from './functions';
import { storeTransposed } from './panels';
import { bytes, splat, storeEnd } from './vector';

/**
 * Random arrays by Philox4x32-10, bit for bit those of src/graph/philox.ts: the words 4b..4b+3 of an array are the
 * block with counter (b, 0, step, draw) and key (seed, stream). Four blocks run side by side, word i of each in one
 * vector, and are transposed when they are stored.
 */

const multiplier0: i32 = 0xd2511f53;
const multiplier1: i32 = 0xcd9e8d57;
const weyl0: i32 = 0x9e3779b9;
const weyl1: i32 = 0xbb67ae85;

// The four words of the four blocks that `drawBlocks` made last.
let words0: v128 = i32x4.splat(0);
let words1: v128 = i32x4.splat(0);
let words2: v128 = i32x4.splat(0);
let words3: v128 = i32x4.splat(0);

/** Draws the blocks b..b+3. */
// @ts-ignore: decorator
@inline
function drawBlocks(b: i32, seed: i32, stream: i32, draw: i32, step: i32): void {
  let c0 = i32x4.add(i32x4.splat(b), i32x4(0, 1, 2, 3));
  let c1 = i32x4.splat(0);
  let c2 = i32x4.splat(step);
  let c3 = i32x4.splat(draw);
  const m0 = i32x4.splat(multiplier0);
  const m1 = i32x4.splat(multiplier1);
  for (let round = 0; round < 10; round++) {
    const first01 = i64x2.extmul_low_i32x4_u(c0, m0);
    const first23 = i64x2.extmul_high_i32x4_u(c0, m0);
    const second01 = i64x2.extmul_low_i32x4_u(c2, m1);
    const second23 = i64x2.extmul_high_i32x4_u(c2, m1);
    const high0 = v128.shuffle<i32>(first01, first23, 1, 3, 5, 7);
    const high1 = v128.shuffle<i32>(second01, second23, 1, 3, 5, 7);
    c0 = v128.xor(v128.xor(high1, c1), i32x4.splat(seed));
    c1 = v128.shuffle<i32>(second01, second23, 0, 2, 4, 6);
    c2 = v128.xor(v128.xor(high0, c3), i32x4.splat(stream));
    c3 = v128.shuffle<i32>(first01, first23, 0, 2, 4, 6);
    seed += weyl0;
    stream += weyl1;
  }
  words0 = c0;
  words1 = c1;
  words2 = c2;
  words3 = c3;
}

/** The lower 23 bits of each word as a number in [0, 1): they become the fraction of a number in [1, 2). */
// @ts-ignore: decorator
@inline
function unitInterval4(words: v128): v128 {
  const fraction = v128.and(words, i32x4.splat(0x7fffff));
  return f32x4.sub(v128.or(fraction, i32x4.splat(0x3f800000)), splat(1));
}

/** Box and Muller's normal numbers from two uniform ones; the first is kept above 1e-7, as in TensorFlow. */
// @ts-ignore: decorator
@inline
function radius4(u: v128): v128 {
  return f32x4.sqrt(f32x4.mul(logOfNormal4(f32x4.pmax(u, splat(1e-7))), splat(-2)));
}

/** What becomes of four blocks' uniform numbers a, b, c, d (word 0, 1, 2, 3 of each block). */
@unmanaged class Uniform {
  @inline first(a: v128, b: v128, x: v128, y: v128): v128 { return a; }
  @inline second(a: v128, b: v128, x: v128, y: v128): v128 { return b; }
}

@unmanaged class Normal {
  @inline first(a: v128, b: v128, x: v128, y: v128): v128 { return f32x4.mul(sineOfTurn4(b), radius4(a)); }
  @inline second(a: v128, b: v128, x: v128, y: v128): v128 { return f32x4.mul(cosineOfTurn4(b), radius4(a)); }
}

/** x: the rate, y: what the kept elements become. */
@unmanaged class Mask {
  @inline first(a: v128, b: v128, x: v128, y: v128): v128 { return v128.andnot(y, f32x4.lt(a, x)); }
  @inline second(a: v128, b: v128, x: v128, y: v128): v128 { return v128.andnot(y, f32x4.lt(b, x)); }
}

// @ts-ignore: decorator
@inline
function randomArray<F>(out: usize, size: i32, seed: i32, stream: i32, draw: i32, step: i32, x: v128, y: v128): void {
  const f = changetype<F>(0);
  for (let block = 0; block * 4 < size; block += 4) {
    drawBlocks(block, seed, stream, draw, step);
    const a = unitInterval4(words0);
    const b = unitInterval4(words1);
    const c = unitInterval4(words2);
    const d = unitInterval4(words3);
    storeBlocks(out, size - block * 4, f.first(a, b, x, y), f.second(a, b, x, y), f.first(c, d, x, y), f.second(c, d, x, y));
    out += 64;
  }
}

/** Stores four blocks, or what of them lies within the `rest` of the array. */
// @ts-ignore: decorator
@inline
function storeBlocks(out: usize, rest: i32, a: v128, b: v128, c: v128, d: v128): void {
  if (rest >= 16) {
    storeTransposed(out, 16, a, b, c, d);
    return;
  }
  for (let block = 0; block * 4 < rest; block++) {
    // The wanted block's column is rotated to the front.
    const column = f32x4(
      f32x4.extract_lane(a, 0), f32x4.extract_lane(b, 0), f32x4.extract_lane(c, 0), f32x4.extract_lane(d, 0),
    );
    if (rest - block * 4 >= 4) v128.store(out + (block << 4), column);
    else storeEnd(out + (block << 4), column, rest - block * 4);
    a = v128.shuffle<f32>(a, a, 1, 2, 3, 0);
    b = v128.shuffle<f32>(b, b, 1, 2, 3, 0);
    c = v128.shuffle<f32>(c, c, 1, 2, 3, 0);
    d = v128.shuffle<f32>(d, d, 1, 2, 3, 0);
  }
}

/** Uniform numbers in [0, 1), multiples of 2^-23. */
export function randomUniform(out: usize, size: i32, seed: i32, stream: i32, draw: i32, step: i32): void {
  randomArray<Uniform>(out, size, seed, stream, draw, step, splat(0), splat(0));
}

/** Standard normal numbers. */
export function randomNormal(out: usize, size: i32, seed: i32, stream: i32, draw: i32, step: i32): void {
  randomArray<Normal>(out, size, seed, stream, draw, step, splat(0), splat(0));
}

/** 0 where the uniform number is below `rate`, else `scale`. */
export function dropoutMask(
  out: usize, size: i32, seed: i32, stream: i32, draw: i32, step: i32, rate: f32, scale: f32,
): void {
  randomArray<Mask>(out, size, seed, stream, draw, step, splat(rate), splat(scale));
}
