import { copy } from './layout';
import { bytes, splat, storeEnd } from './vector';

/** Rows of resident data; `rows` are int32 row numbers within the data. */

/** Copies rows of `size` bytes. */
export function gatherRows(data: usize, rows: usize, out: usize, count: i32, size: i32): void {
  for (let i = 0; i < count; i++) {
    copy(data + (<usize>load<i32>(rows + bytes(i))) * size, out, size);
    out += size;
  }
}

@unmanaged class FromUint8 {
  @inline size(): usize { return 1; }
  @inline read(at: usize): v128 {
    const words = i16x8.extend_low_i8x16_u(v128.load32_zero(at));
    return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(words));
  }
}

@unmanaged class FromInt32 {
  @inline size(): usize { return 4; }
  @inline read(at: usize): v128 { return f32x4.convert_i32x4_s(v128.load(at)); }
}

@unmanaged class FromFloat {
  @inline size(): usize { return 4; }
  @inline read(at: usize): v128 { return v128.load(at); }
}

// @ts-ignore: decorator
@inline
function scaledRows<Source>(data: usize, rows: usize, out: usize, count: i32, width: i32, scale: f32): void {
  const source = changetype<Source>(0);
  const factor = splat(scale);
  const rest = width & 3;
  for (let i = 0; i < count; i++) {
    let from = data + (<usize>load<i32>(rows + bytes(i))) * width * source.size();
    const end = out + bytes(width & ~3);
    for (; out < end; out += 16) {
      v128.store(out, f32x4.mul(source.read(from), factor));
      from += 4 * source.size();
    }
    if (rest) {
      storeEnd(out, f32x4.mul(source.read(from), factor), rest);
      out += bytes(rest);
    }
  }
}

/** out [count, width] = rows of uint8 data, times `scale`. */
export function gatherScaled(data: usize, rows: usize, out: usize, count: i32, width: i32, scale: f32): void {
  scaledRows<FromUint8>(data, rows, out, count, width, scale);
}

/** The same for int32 data. */
export function gatherScaledInt(data: usize, rows: usize, out: usize, count: i32, width: i32, scale: f32): void {
  scaledRows<FromInt32>(data, rows, out, count, width, scale);
}

/** The same for float32 data. */
export function gatherScaledFloat(data: usize, rows: usize, out: usize, count: i32, width: i32, scale: f32): void {
  scaledRows<FromFloat>(data, rows, out, count, width, scale);
}
