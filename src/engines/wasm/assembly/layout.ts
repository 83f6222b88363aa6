import { bytes, splat, storeEnd } from './vector';

/** Filling, repeating and moving. */

export function fill(out: usize, value: f32, size: i32): void {
  const v = splat(value);
  const end = out + bytes(size & ~3);
  for (; out < end; out += 16) v128.store(out, v);
  if (size & 3) storeEnd(out, v, size & 3);
}

/** out[o, m, i] = x[o, i]. */
export function expand(x: usize, out: usize, outer: i32, middle: i32, inner: i32): void {
  for (let o = 0; o < outer; o++) {
    if (inner == 1) {
      fill(out, load<f32>(x), middle);
      out += bytes(middle);
    } else {
      for (let m = 0; m < middle; m++) {
        copy(x, out, bytes(inner));
        out += bytes(inner);
      }
    }
    x += bytes(inner);
  }
}

/** Copies `count` blocks of `size` bytes each; strides in bytes. */
export function copyBlocks(source: usize, out: usize, count: i32, size: i32, sourceStride: i32, outStride: i32): void {
  for (let i = 0; i < count; i++) {
    copy(source, out, size);
    source += sourceStride;
    out += outStride;
  }
}

/** memory.copy is a call of some 20 ns in V8: short blocks of whole words are moved here. */
// @ts-ignore: decorator
@inline
export function copy(source: usize, out: usize, size: usize): void {
  if (size > 64 || size & 3) {
    memory.copy(out, source, size);
  } else {
    for (let i: usize = 0; i < size; i += 4) store<u32>(out + i, load<u32>(source + i));
  }
}
