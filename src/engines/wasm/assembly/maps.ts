import { bytes, storeEnd } from './vector';

/**
 * Loops over whole arrays. `F` is a class without fields whose inlined `apply` is the function of one vector: the
 * compiler makes a loop of its own for each, without any call. `out` may be one of the operands.
 *
 * The loops test at their end: V8 moves constants (a polynomial has many) out of such a loop, but leaves them inside
 * one that tests at its start, which costs exp a quarter of its speed.
 */

/** out[i] = F(x[i]). */
// @ts-ignore: decorator
@inline
export function map1<F>(x: usize, out: usize, size: i32): void {
  const f = changetype<F>(0);
  const end = out + bytes(size & ~3);
  if (out < end) {
    do {
      v128.store(out, f.apply(v128.load(x)));
      x += 16;
      out += 16;
    } while (out < end);
  }
  if (size & 3) storeEnd(out, f.apply(v128.load(x)), size & 3);
}

/** out[i] = F(x[i], y[i]). */
// @ts-ignore: decorator
@inline
export function map2<F>(x: usize, y: usize, out: usize, size: i32): void {
  const f = changetype<F>(0);
  const end = out + bytes(size & ~3);
  if (out < end) {
    do {
      v128.store(out, f.apply(v128.load(x), v128.load(y)));
      x += 16;
      y += 16;
      out += 16;
    } while (out < end);
  }
  if (size & 3) storeEnd(out, f.apply(v128.load(x), v128.load(y)), size & 3);
}

/** out[i] = F(x[i], y[i], z[i]). */
// @ts-ignore: decorator
@inline
export function map3<F>(x: usize, y: usize, z: usize, out: usize, size: i32): void {
  const f = changetype<F>(0);
  const end = out + bytes(size & ~3);
  if (out < end) {
    do {
      v128.store(out, f.apply(v128.load(x), v128.load(y), v128.load(z)));
      x += 16;
      y += 16;
      z += 16;
      out += 16;
    } while (out < end);
  }
  if (size & 3) storeEnd(out, f.apply(v128.load(x), v128.load(y), v128.load(z)), size & 3);
}

/** out[i] = F(x[i], y) or F(y, x[i]) with one number y. */
// @ts-ignore: decorator
@inline
function mapNumber<F>(x: usize, y: v128, out: usize, size: i32, numberFirst: i32): void {
  const f = changetype<F>(0);
  const end = out + bytes(size & ~3);
  if (numberFirst) {
    if (out < end) {
      do {
        v128.store(out, f.apply(y, v128.load(x)));
        x += 16;
        out += 16;
      } while (out < end);
    }
    if (size & 3) storeEnd(out, f.apply(y, v128.load(x)), size & 3);
  } else {
    if (out < end) {
      do {
        v128.store(out, f.apply(v128.load(x), y));
        x += 16;
        out += 16;
      } while (out < end);
    }
    if (size & 3) storeEnd(out, f.apply(v128.load(x), y), size & 3);
  }
}

/**
 * out = F(a, b), where the long operand has outer * inner elements and the short one `inner`, used `outer` times.
 * `shortFirst`: a is the short one. `out` may be the long operand.
 */
// @ts-ignore: decorator
@inline
export function broadcast<F>(a: usize, b: usize, out: usize, outer: i32, inner: i32, shortFirst: i32): void {
  if (inner == 1) {
    const long = shortFirst ? b : a;
    mapNumber<F>(long, v128.load32_splat(shortFirst ? a : b), out, outer, shortFirst);
    return;
  }
  const stepA = shortFirst ? 0 : bytes(inner);
  const stepB = shortFirst ? bytes(inner) : 0;
  for (let i = 0; i < outer; i++) {
    map2<F>(a, b, out, inner);
    a += stepA;
    b += stepB;
    out += bytes(inner);
  }
}
