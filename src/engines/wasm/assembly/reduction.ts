import { bytes, storeEnd } from './vector';

/**
 * Sums over one of three axes. The accumulators are float64: with the memory being the limit they cost nothing, and the
 * sum of a million numbers is right to float32's last place. The order of the terms depends on the shape alone.
 */

// @ts-ignore: decorator
@inline
function lowHalf(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

// @ts-ignore: decorator
@inline
function highHalf(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f64>(v, v, 1, 0));
}

/** The sum of neighbouring numbers. */
function sumOfRow(x: usize, size: i32): f32 {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const whole = x + bytes(size & ~7);
  const end = x + bytes(size);
  for (; x < whole; x += 32) {
    const a = v128.load(x);
    const b = v128.load(x, 16);
    s0 = f64x2.add(s0, lowHalf(a));
    s1 = f64x2.add(s1, highHalf(a));
    s2 = f64x2.add(s2, lowHalf(b));
    s3 = f64x2.add(s3, highHalf(b));
  }
  s0 = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  let sum = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
  for (; x < end; x += 4) sum += <f64>load<f32>(x);
  return <f32>sum;
}

/** out[0..3] = sums of four neighbouring columns over `rows` rows. */
// @ts-ignore: decorator
@inline
function sumOfColumns4(x: usize, rowBytes: usize, rows: i32): v128 {
  let low = f64x2.splat(0);
  let high = low;
  for (; rows > 0; rows--) {
    const v = v128.load(x);
    low = f64x2.add(low, lowHalf(v));
    high = f64x2.add(high, highHalf(v));
    x += rowBytes;
  }
  return joined(low, high);
}

// @ts-ignore: decorator
@inline
function joined(low: v128, high: v128): v128 {
  return v128.shuffle<f64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/** The sums of sixteen columns: one cache line of each row, read once. */
function sumOfColumns16(x: usize, rowBytes: usize, rows: i32, out: usize): void {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  for (; rows > 0; rows--) {
    const a = v128.load(x);
    s0 = f64x2.add(s0, lowHalf(a));
    s1 = f64x2.add(s1, highHalf(a));
    const b = v128.load(x, 16);
    s2 = f64x2.add(s2, lowHalf(b));
    s3 = f64x2.add(s3, highHalf(b));
    const c = v128.load(x, 32);
    s4 = f64x2.add(s4, lowHalf(c));
    s5 = f64x2.add(s5, highHalf(c));
    const d = v128.load(x, 48);
    s6 = f64x2.add(s6, lowHalf(d));
    s7 = f64x2.add(s7, highHalf(d));
    x += rowBytes;
  }
  v128.store(out, joined(s0, s1));
  v128.store(out, joined(s2, s3), 16);
  v128.store(out, joined(s4, s5), 32);
  v128.store(out, joined(s6, s7), 48);
}

/** out[o, i] = sum over m of x[o, m, i]. */
export function sum(x: usize, out: usize, outer: i32, middle: i32, inner: i32): void {
  const rowBytes = bytes(inner);
  for (let o = 0; o < outer; o++) {
    if (inner == 1) {
      store<f32>(out, sumOfRow(x, middle));
    } else {
      let i = 0;
      for (; i + 16 <= inner; i += 16) sumOfColumns16(x + bytes(i), rowBytes, middle, out + bytes(i));
      for (; i + 4 <= inner; i += 4) v128.store(out + bytes(i), sumOfColumns4(x + bytes(i), rowBytes, middle));
      if (i < inner) storeEnd(out + bytes(i), sumOfColumns4(x + bytes(i), rowBytes, middle), inner - i);
    }
    x += rowBytes * middle;
    out += rowBytes;
  }
}
