import { bytes, storeEnd } from './vector';

/** Maximum pooling of images [n, h, w, c] over windows of size x size pixels, cropped to the image. */

/** out [n, oh, ow, c]; bh, bw: padding in front. */
export function maxPool(
  x: usize, out: usize, n: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, size: i32, stride: i32, bh: i32, bw: i32,
): void {
  const pixel = bytes(c);
  for (let image = 0; image < n; image++) {
    for (let row = 0; row < oh; row++) {
      const y0 = max(row * stride - bh, 0);
      const y1 = min(row * stride - bh + size, h);
      for (let column = 0; column < ow; column++) {
        const x0 = max(column * stride - bw, 0);
        const x1 = min(column * stride - bw + size, w);
        for (let i = 0; i < c; i += 4) {
          let most = v128.load(x + <usize>(y0 * w + x0) * pixel + bytes(i));
          for (let y = y0; y < y1; y++) {
            let at = x + <usize>(y * w + x0) * pixel + bytes(i);
            for (let k = x0; k < x1; k++) {
              most = f32x4.pmax(most, v128.load(at));
              at += pixel;
            }
          }
          if (c - i >= 4) v128.store(out + bytes(i), most);
          else storeEnd(out + bytes(i), most, c - i);
        }
        out += pixel;
      }
    }
    x += <usize>(h * w) * pixel;
  }
}

/** out [n, h, w, c]: g [n, oh, ow, c] added at the first maximum of each window, in scan order. */
export function maxPoolGradient(
  x: usize, g: usize, out: usize, n: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, size: i32, stride: i32, bh: i32, bw: i32,
): void {
  const pixel = bytes(c);
  memory.fill(out, 0, <usize>(n * h * w) * pixel);
  for (let image = 0; image < n; image++) {
    for (let row = 0; row < oh; row++) {
      const y0 = max(row * stride - bh, 0);
      const y1 = min(row * stride - bh + size, h);
      for (let column = 0; column < ow; column++) {
        const x0 = max(column * stride - bw, 0);
        const x1 = min(column * stride - bw + size, w);
        for (let i = 0; i < c; i += 4) {
          // Where in the image each lane's maximum lies: the first pixel, until a larger one is found.
          const first = <usize>(y0 * w + x0) * pixel + bytes(i);
          let most = v128.load(x + first);
          let place = i32x4.splat(<i32>first);
          for (let y = y0; y < y1; y++) {
            let at = <usize>(y * w + x0) * pixel + bytes(i);
            for (let k = x0; k < x1; k++) {
              const v = v128.load(x + at);
              const larger = f32x4.gt(v, most);
              most = v128.bitselect(v, most, larger);
              place = v128.bitselect(i32x4.splat(<i32>at), place, larger);
              at += pixel;
            }
          }
          addAt(out, <usize>i32x4.extract_lane(place, 0), g + bytes(i));
          if (i + 1 < c) addAt(out + 4, <usize>i32x4.extract_lane(place, 1), g + bytes(i + 1));
          if (i + 2 < c) addAt(out + 8, <usize>i32x4.extract_lane(place, 2), g + bytes(i + 2));
          if (i + 3 < c) addAt(out + 12, <usize>i32x4.extract_lane(place, 3), g + bytes(i + 3));
        }
        g += pixel;
      }
    }
    x += <usize>(h * w) * pixel;
    out += <usize>(h * w) * pixel;
  }
}

// @ts-ignore: decorator
@inline
function addAt(out: usize, offset: usize, g: usize): void {
  store<f32>(out + offset, load<f32>(out + offset) + load<f32>(g));
}
