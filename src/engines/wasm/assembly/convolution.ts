import { blockDepth, blockRows, evenBlock, multiplyBlocks, tileBytes, tileColumns, tileRows } from './gemm';
import { interleave4, packColumns8 } from './panels';
import { bytes } from './vector';

/**
 * Convolutions of images [n, h, w, c] as matrix products without the matrix of patches: its rows are packed into panels
 * straight from the images. For one tap (ky, kx) of the filter, an output pixel's part of that matrix is the channels
 * of one source pixel, or zeros outside the image.
 */

// The source of the running convolution: images [height, width, channels], read at y0 + direction * ky divided by
// `divisor` where that is a whole number inside the image, and likewise for x. `table` holds (image, y0, x0) for each
// row of a block, `zeros` stands for a pixel outside.
let height: i32 = 0;
let width: i32 = 0;
let channels: i32 = 0;
let filterWidth: i32 = 0;
let direction: i32 = 0;
let divisor: i32 = 1;
let table: usize = 0;
let zeros: usize = 0;
const entryBytes: usize = 12;
/** A y0 so far outside that no tap comes back into the image. */
const outside: i32 = -0x40000000;

/** The shared part of the scratch memory, behind the tile: the table and the zeros. */
function headBytes(sourceChannels: i32): usize {
  // Panels of four channels read up to three floats behind a pixel.
  return tileBytes + <usize>(blockDepth + tileRows) * entryBytes + bytes((sourceChannels + 3 + 15) & ~15);
}

function setSource(scratch: usize, h: i32, w: i32, c: i32, kw: i32, way: i32, over: i32): void {
  height = h;
  width = w;
  channels = c;
  filterWidth = kw;
  direction = way;
  divisor = over;
  table = scratch + tileBytes;
  zeros = table + <usize>(blockDepth + tileRows) * entryBytes;
  memory.fill(zeros, 0, bytes(c + 3));
}

/** Fills the table for the output pixels first..first+count-1 of images of rowsHigh x rowsWide pixels. */
function setRows(
  source: usize, first: i32, count: i32, rowsHigh: i32, rowsWide: i32, stride: i32, y0: i32, x0: i32,
): void {
  let x = first % rowsWide;
  let y = (first / rowsWide) % rowsHigh;
  let image = source + (<usize>(first / (rowsWide * rowsHigh))) * bytes(height * width * channels);
  let entry = table;
  for (let i = 0; i < count; i++) {
    store<usize>(entry, image);
    store<i32>(entry, y * stride + y0, 4);
    store<i32>(entry, x * stride + x0, 8);
    entry += entryBytes;
    if (++x == rowsWide) {
      x = 0;
      if (++y == rowsHigh) {
        y = 0;
        image += bytes(height * width * channels);
      }
    }
  }
  for (let i = 0; i < tileRows; i++) store<i32>(entry + <usize>i * entryBytes, outside, 4);
}

/** The address of the channels that a row's patch has at a tap. */
// @ts-ignore: decorator
@inline
function pixelAt(entry: usize, ky: i32, kx: i32): usize {
  let y = load<i32>(entry, 4) + direction * ky;
  let x = load<i32>(entry, 8) + direction * kx;
  if (divisor != 1) {
    if (y % divisor != 0 || x % divisor != 0) return zeros;
    y /= divisor;
    x /= divisor;
  }
  // As unsigned numbers, negative ones are too large as well.
  if (<u32>y >= <u32>height || <u32>x >= <u32>width) return zeros;
  return load<usize>(entry) + bytes((y * width + x) * channels);
}

/** Whether the taps first..last of the filter's row ky lie inside the image for four rows of the table. */
function rowOfTapsInside(entry: usize, ky: i32, first: i32, last: i32): bool {
  for (let i = 0; i < tileRows; i++) {
    if (<u32>(load<i32>(entry, 4) + ky) >= <u32>height) return false;
    const x = load<i32>(entry, 8);
    if (x + first < 0 || x + last >= width) return false;
    entry += entryBytes;
  }
  return true;
}

/** Packs columns from..from+deep-1 of the patches of the table's first `rows` rows, as panels of four rows. */
function packPatches(out: usize, rows: i32, from: i32, deep: i32): void {
  for (let row = 0; row < rows; row += tileRows) {
    const e0 = table + <usize>row * entryBytes;
    let k = from;
    while (k < from + deep) {
      const tap = k / channels;
      const channel = k % channels;
      const ky = tap / filterWidth;
      const kx = tap % filterWidth;
      let length = min(channels - channel, from + deep - k);
      // Read forwards, neighbouring taps are neighbouring pixels: with three channels that makes one copy of five.
      const run = min((filterWidth - kx) * channels - channel, from + deep - k);
      if (direction == 1 && run > length && rowOfTapsInside(e0, ky, kx, kx + (channel + run - 1) / channels)) {
        length = run;
      }
      const skip = bytes(channel);
      interleave4(
        out, 16,
        pixelAt(e0, ky, kx) + skip,
        pixelAt(e0 + entryBytes, ky, kx) + skip,
        pixelAt(e0 + 2 * entryBytes, ky, kx) + skip,
        pixelAt(e0 + 3 * entryBytes, ky, kx) + skip,
        length,
      );
      out += (<usize>length) << 4;
      k += length;
    }
  }
}

/**
 * out [rows, columns] = patches [rows, k] x matrix [k, columns]. The matrix is packed once; each block of rows then
 * runs through the whole depth while its part of the result stays in the cache.
 */
function patchesTimes(
  matrix: usize, out: usize, source: usize, rows: i32, k: i32, columns: i32,
  rowsHigh: i32, rowsWide: i32, stride: i32, y0: i32, x0: i32, scratch: usize,
): void {
  const depth = evenBlock(k, blockDepth, 1);
  const packedA = scratch + headBytes(channels);
  const packedB = packedA + bytes(blockRows * depth);
  const panelsWidth = ((columns + tileColumns - 1) / tileColumns) * tileColumns;
  for (let p = 0; p < k; p += depth) {
    const from = matrix + (<usize>p) * bytes(columns);
    packColumns8(packedB + (<usize>p) * bytes(panelsWidth), from, bytes(columns), columns, min(depth, k - p));
  }
  for (let i = 0; i < rows; i += blockRows) {
    const count = min(blockRows, rows - i);
    const to = out + (<usize>i) * bytes(columns);
    setRows(source, i, count, rowsHigh, rowsWide, stride, y0, x0);
    for (let p = 0; p < k; p += depth) {
      const deep = min(depth, k - p);
      packPatches(packedA, count, p, deep);
      const b = packedB + (<usize>p) * bytes(panelsWidth);
      multiplyBlocks(packedA, b, to, bytes(columns), 4, count, columns, deep, p > 0, scratch);
    }
  }
}

function patchesScratch(k: i32, columns: i32, sourceChannels: i32): usize {
  const panelsWidth = ((columns + tileColumns - 1) / tileColumns) * tileColumns;
  return headBytes(sourceChannels) + bytes(blockRows * evenBlock(k, blockDepth, 1)) + (<usize>k) * bytes(panelsWidth);
}

export function conv2dScratch(
  n: i32, h: i32, w: i32, c: i32, kh: i32, kw: i32, outChannels: i32, oh: i32, ow: i32, stride: i32, bh: i32, bw: i32,
): i32 {
  return <i32>patchesScratch(kh * kw * c, outChannels, c);
}

/** out [n, oh, ow, outChannels] = x [n, h, w, c] * filter [kh, kw, c, outChannels]; bh, bw: padding in front. */
export function conv2d(
  x: usize, filter: usize, out: usize, n: i32, h: i32, w: i32, c: i32, kh: i32, kw: i32, outChannels: i32,
  oh: i32, ow: i32, stride: i32, bh: i32, bw: i32, scratch: usize,
): void {
  setSource(scratch, h, w, c, kw, 1, 1);
  patchesTimes(filter, out, x, n * oh * ow, kh * kw * c, outChannels, oh, ow, stride, -bh, -bw, scratch);
}

export function conv2dInputGradientScratch(
  n: i32, h: i32, w: i32, c: i32, kh: i32, kw: i32, outChannels: i32, oh: i32, ow: i32, stride: i32, bh: i32, bw: i32,
): i32 {
  const k = kh * kw * outChannels;
  return <i32>(patchesScratch(k, c, outChannels) + (<usize>k) * bytes(c));
}

/**
 * out [n, h, w, c], the gradient of the images: every image pixel gathers g [n, oh, ow, outChannels] at the outputs
 * that it took part in, (y + bh - ky) / stride, times the filter [kh, kw, c, outChannels] with its channels swapped.
 */
export function conv2dInputGradient(
  filter: usize, g: usize, out: usize, n: i32, h: i32, w: i32, c: i32, kh: i32, kw: i32, outChannels: i32,
  oh: i32, ow: i32, stride: i32, bh: i32, bw: i32, scratch: usize,
): void {
  const k = kh * kw * outChannels;
  const swapped = scratch + patchesScratch(k, c, outChannels);
  let to = swapped;
  for (let tap = 0; tap < kh * kw; tap++) {
    const from = filter + (<usize>tap) * bytes(c * outChannels);
    for (let o = 0; o < outChannels; o++) {
      for (let i = 0; i < c; i++) {
        store<f32>(to, load<f32>(from + bytes(i * outChannels + o)));
        to += 4;
      }
    }
  }
  setSource(scratch, oh, ow, outChannels, kw, -1, stride);
  patchesTimes(swapped, out, g, n * h * w, k, c, h, w, 1, bh, bw, scratch);
}

export function conv2dFilterGradientScratch(
  n: i32, h: i32, w: i32, c: i32, kh: i32, kw: i32, outChannels: i32, oh: i32, ow: i32, stride: i32, bh: i32, bw: i32,
): i32 {
  const depth = evenBlock(n * oh * ow, blockDepth, 1);
  return <i32>(headBytes(c) + bytes(depth * (c + 3 + outChannels + tileColumns)));
}

/**
 * out [kh, kw, c, outChannels], the gradient of the filter: for each tap the product of the images' channels at it,
 * transposed, with g [n, oh, ow, outChannels], summed over blocks of output pixels.
 */
export function conv2dFilterGradient(
  x: usize, g: usize, out: usize, n: i32, h: i32, w: i32, c: i32, kh: i32, kw: i32, outChannels: i32,
  oh: i32, ow: i32, stride: i32, bh: i32, bw: i32, scratch: usize,
): void {
  const pixels = n * oh * ow;
  const depth = evenBlock(pixels, blockDepth, 1);
  const packedA = scratch + headBytes(c);
  const packedB = packedA + bytes(depth * (c + 3));
  setSource(scratch, h, w, c, kw, 1, 1);
  for (let p = 0; p < pixels; p += depth) {
    const deep = min(depth, pixels - p);
    setRows(x, p, deep, oh, ow, stride, -bh, -bw);
    packColumns8(packedB, g + (<usize>p) * bytes(outChannels), bytes(outChannels), outChannels, deep);
    for (let tap = 0; tap < kh * kw; tap++) {
      packChannels(packedA, deep, tap / kw, tap % kw);
      const to = out + (<usize>tap) * bytes(c * outChannels);
      multiplyBlocks(packedA, packedB, to, bytes(outChannels), 4, c, outChannels, deep, p > 0, scratch);
    }
  }
}

/** Packs one tap's channels of the table's first `rows` rows: panels of four channels, `rows` deep. */
function packChannels(out: usize, rows: i32, ky: i32, kx: i32): void {
  const panelBytes = bytes(tileRows * rows);
  for (let row = 0; row < rows; row++) {
    const pixel = pixelAt(table + <usize>row * entryBytes, ky, kx);
    let to = out;
    // Lanes beyond the last channel hold whatever follows: their products are never stored.
    for (let i = 0; i < channels; i += tileRows) {
      v128.store(to, v128.load(pixel + bytes(i)));
      to += panelBytes;
    }
    out += 16;
  }
}
