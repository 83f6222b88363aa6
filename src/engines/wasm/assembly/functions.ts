import { madd, splat } from './vector';

/**
 * exp, log and what is built on them, four lanes at a time. Range reductions and polynomials are those of the Cephes
 * library (Moshier), about 1 unit in the last place; infinities, NaN and denormal results come out as IEEE 754 has them.
 */

const ln2High: f32 = 0.693359375;
const ln2Low: f32 = -2.12194440e-4;

/** 2^n for whole n in -126..127, by writing the exponent's bits. */
// @ts-ignore: decorator
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  // Beyond these bounds the result is 0 or infinity anyway. pmin and pmax keep a NaN in their first operand.
  x = f32x4.pmax(f32x4.pmin(x, splat(90)), splat(-105));
  // Adding 1.5 * 2^23 rounds to a whole number n and leaves it in the sum's lowest bits.
  const shifted = f32x4.add(f32x4.mul(x, splat(1.44269504088896341)), splat(12582912));
  const whole = f32x4.sub(shifted, splat(12582912));
  // ln 2 in two parts: the first has few bits, so its product with a small whole number is exact.
  let r = f32x4.sub(x, f32x4.mul(whole, splat(ln2High)));
  r = f32x4.sub(r, f32x4.mul(whole, splat(ln2Low)));
  let p = splat(1.9875691500e-4);
  p = madd(p, r, splat(1.3981999507e-3));
  p = madd(p, r, splat(8.3334519073e-3));
  p = madd(p, r, splat(4.1665795894e-2));
  p = madd(p, r, splat(1.6666665459e-1));
  p = madd(p, r, splat(5.0000001201e-1));
  p = f32x4.add(madd(p, f32x4.mul(r, r), r), splat(1));
  // Two factors, since 2^n itself may lie outside float32 where the result does not (denormals, the last octave).
  const n = i32x4.sub(shifted, i32x4.splat(0x4b400000));
  const half = i32x4.shr_s(n, 1);
  return f32x4.mul(f32x4.mul(p, powerOfTwo(half)), powerOfTwo(i32x4.sub(n, half)));
}

/** log of positive, finite, normal numbers; the others come out wrong. */
// @ts-ignore: decorator
@inline
export function logOfNormal4(x: v128): v128 {
  // x = m 2^e with m in [sqrt(1/2), sqrt(2)): subtracting the bits of sqrt(1/2) makes the carry choose e.
  const shifted = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23));
  const m = i32x4.add(v128.and(shifted, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const r = f32x4.sub(m, splat(1));
  const square = f32x4.mul(r, r);
  let p = splat(7.0376836292e-2);
  p = madd(p, r, splat(-1.1514610310e-1));
  p = madd(p, r, splat(1.1676998740e-1));
  p = madd(p, r, splat(-1.2420140846e-1));
  p = madd(p, r, splat(1.4249322787e-1));
  p = madd(p, r, splat(-1.6668057665e-1));
  p = madd(p, r, splat(2.0000714765e-1));
  p = madd(p, r, splat(-2.4999993993e-1));
  p = madd(p, r, splat(3.3333331174e-1));
  p = f32x4.mul(f32x4.mul(p, r), square);
  p = madd(e, splat(ln2Low), p);
  p = f32x4.sub(p, f32x4.mul(square, splat(0.5)));
  return f32x4.add(f32x4.add(r, p), f32x4.mul(e, splat(ln2High)));
}

// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  // A denormal is scaled into the normal range: log(x) = log(2^25 x) - 25 log 2.
  const tiny = f32x4.lt(x, splat(1.17549435e-38));
  const y = v128.bitselect(f32x4.mul(x, splat(33554432)), x, tiny);
  let value = f32x4.sub(logOfNormal4(y), v128.and(splat(17.3286795139986), tiny));
  value = v128.bitselect(splat(-Infinity), value, f32x4.eq(x, splat(0)));
  // Infinity and NaN pass through; a negative number has no logarithm.
  value = v128.bitselect(value, x, f32x4.lt(x, splat(Infinity)));
  return v128.bitselect(splat(NaN), value, f32x4.lt(x, splat(0)));
}

/** 1 / (1 + exp(-x)): from exp(-|x|), so that nothing overflows and small results keep their precision. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  const above = v128.bitselect(e, splat(1), f32x4.lt(x, splat(0)));
  return f32x4.div(above, f32x4.add(e, splat(1)));
}

// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const size = f32x4.abs(x);
  // Near 0, a polynomial: 1 - 2/(exp(2x) + 1) would cancel.
  const square = f32x4.mul(x, x);
  let p = splat(-5.70498872745e-3);
  p = madd(p, square, splat(2.06390887954e-2));
  p = madd(p, square, splat(-5.37397155531e-2));
  p = madd(p, square, splat(1.33314422036e-1));
  p = madd(p, square, splat(-3.33332819422e-1));
  const small = madd(f32x4.mul(p, square), x, x);
  const e = exp4(f32x4.add(size, size));
  const large = f32x4.sub(splat(1), f32x4.div(splat(2), f32x4.add(e, splat(1))));
  const sign = v128.and(x, i32x4.splat(0x80000000));
  // `small` has its sign already, but for -0, which the sum above made +0.
  return v128.or(v128.bitselect(small, large, f32x4.lt(size, splat(0.625))), sign);
}

/** log(1 + exp(-|x|)), the smooth part of softplus and of the sigmoid's cross-entropy. */
// @ts-ignore: decorator
@inline
export function softKink4(x: v128): v128 {
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  const sum = f32x4.add(e, splat(1));
  // What 1 + e lost by rounding, to first order: it is the whole result where e is tiny.
  const lost = f32x4.sub(e, f32x4.sub(sum, splat(1)));
  return f32x4.add(logOfNormal4(sum), f32x4.div(lost, sum));
}

// @ts-ignore: decorator
@inline
export function softplus4(x: v128): v128 {
  return f32x4.add(f32x4.pmax(x, splat(0)), softKink4(x));
}

/** sin(2 pi u) for u in [0, 1), exact at the quarters. */
// @ts-ignore: decorator
@inline
export function sineOfTurn4(u: v128): v128 {
  return quarterWave(u, 0);
}

/** cos(2 pi u). */
// @ts-ignore: decorator
@inline
export function cosineOfTurn4(u: v128): v128 {
  return quarterWave(u, 1);
}

/** sin(2 pi (u + shift / 4)). */
// @ts-ignore: decorator
@inline
function quarterWave(u: v128, shift: i32): v128 {
  // u = quarter / 4 + rest with rest in [-1/8, 1/8], without rounding since u has at most 24 bits.
  const quarter = f32x4.nearest(f32x4.mul(u, splat(4)));
  const angle = f32x4.mul(f32x4.sub(u, f32x4.mul(quarter, splat(0.25))), splat(6.283185307179586));
  const square = f32x4.mul(angle, angle);
  let sine = splat(-1.9515295891e-4);
  sine = madd(sine, square, splat(8.3321608736e-3));
  sine = madd(sine, square, splat(-1.6666654611e-1));
  sine = madd(f32x4.mul(sine, square), angle, angle);
  let cosine = splat(2.443315711809948e-5);
  cosine = madd(cosine, square, splat(-1.388731625493765e-3));
  cosine = madd(cosine, square, splat(4.166664568298827e-2));
  cosine = madd(f32x4.mul(cosine, square), square, f32x4.sub(splat(1), f32x4.mul(square, splat(0.5))));
  // Quarters 0..3 (mod 4) are sin, cos, -sin, -cos of the rest.
  const q = i32x4.add(i32x4.trunc_sat_f32x4_s(quarter), i32x4.splat(shift));
  const odd = i32x4.ne(v128.and(q, i32x4.splat(1)), i32x4.splat(0));
  const sign = i32x4.shl(v128.and(q, i32x4.splat(2)), 30);
  return v128.xor(v128.bitselect(cosine, sine, odd), sign);
}
