/**
 * What all kernels share: four float32 lanes at a time, and the ends of arrays whose size is no multiple of four.
 * A kernel may read up to 64 bytes behind an array's end but never write there, so an end is computed like any other
 * vector and only its valid lanes are stored: an element's bits do not depend on where in the array it lies.
 */

/** a * b + c: with one rounding in the relaxed variant (a fused instruction), with two in the plain one. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

// @ts-ignore: decorator
@inline
export function splat(value: f32): v128 {
  return f32x4.splat(value);
}

/** Stores the first `lanes` (1 to 3) lanes. */
// @ts-ignore: decorator
@inline
export function storeEnd(out: usize, v: v128, lanes: i32): void {
  if (lanes >= 2) {
    v128.store64_lane(out, v, 0);
    if (lanes == 3) v128.store32_lane(out, v, 2, 8);
  } else {
    v128.store32_lane(out, v, 0);
  }
}

/** All ones in the first `lanes` lanes, zero in the others. */
// @ts-ignore: decorator
@inline
export function firstLanes(lanes: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(lanes));
}

/** Bytes of `count` float32 numbers. */
// @ts-ignore: decorator
@inline
export function bytes(count: i32): usize {
  return (<usize>count) << 2;
}

// @ts-ignore: decorator
@inline
export function horizontalMax(v: v128): f32 {
  const pair = f32x4.pmax(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmax(pair, v128.shuffle<f32>(pair, pair, 1, 0, 3, 2)), 0);
}

// @ts-ignore: decorator
@inline
export function horizontalSum(v: v128): f32 {
  const pair = f32x4.add(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.add(pair, v128.shuffle<f32>(pair, pair, 1, 0, 3, 2)), 0);
}
