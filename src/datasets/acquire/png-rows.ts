import { Readable } from 'node:stream';
import { createInflate } from 'node:zlib';
import { UserError } from '../../errors.ts';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** Bytes of a pixel by colour type: red-green-blue, and the same with alpha. */
const PIXEL_BYTES: Readonly<Record<number, number>> = { 2: 3, 6: 4 };
const INFLATED_AT_ONCE = 2 ** 18;

/**
 * The pixels of a PNG file, red, green and blue of each, a few rows at a time from the top on, so that no more than
 * those are in memory unpacked. For files of 8 bits a channel that are not interlaced: throws `UserError` for any other,
 * and for one that is cut. The checksums in it are not looked at: the whole file has been verified.
 */
export async function* pngRows(file: Buffer, name: string): AsyncGenerator<Uint8Array> {
  try {
    const { width, height, pixelBytes, packed } = parse(file);
    const rowBytes = width * pixelBytes;
    let before = new Uint8Array(rowBytes);
    let rest = Buffer.alloc(0);
    let rows = 0;
    const inflated = Readable.from(packed).pipe(createInflate({ chunkSize: INFLATED_AT_ONCE }));
    for await (const chunk of inflated as AsyncIterable<Buffer>) {
      const data = Buffer.concat([rest, chunk]);
      const whole = Math.floor(data.length / (rowBytes + 1));
      for (let i = 0; i < whole; i++) {
        const start = i * (rowBytes + 1) + 1;
        const row = data.subarray(start, start + rowBytes);
        unfilter(data[start - 1]!, row, before, pixelBytes);
        before = row;
      }
      rest = data.subarray(whole * (rowBytes + 1));
      rows += whole;
      if (whole > 0) yield colours(data, whole, rowBytes, pixelBytes);
    }
    if (rows !== height || rest.length > 0)
      throw new Error(`it has not the ${height} rows that it should have`);
  } catch (error) {
    throw new UserError(`${name} is no usable PNG file (${(error as Error).message})`, { cause: error });
  }
}

/** Head and compressed pixels; nothing is copied. */
function parse(file: Buffer) {
  if (!file.subarray(0, 8).equals(SIGNATURE)) throw new Error('it begins otherwise');
  const packed: Buffer[] = [];
  let head: Buffer | undefined;
  for (let at = 8; ; ) {
    if (at + 12 > file.length) throw new Error('it is cut');
    const data = file.subarray(at + 8, at + 8 + file.readUInt32BE(at));
    const type = file.toString('latin1', at + 4, at + 8);
    if (type === 'IHDR') head = data;
    if (type === 'IDAT') packed.push(data);
    if (type === 'IEND') break;
    at += 12 + data.length;
  }
  if (head === undefined || head.length !== 13) throw new Error('it has no head');
  const [depth, colours, , , interlaced] = head.subarray(8);
  const pixelBytes = PIXEL_BYTES[colours!];
  if (depth !== 8 || pixelBytes === undefined || interlaced !== 0) throw new Error('it is of another kind');
  return { width: head.readUInt32BE(0), height: head.readUInt32BE(4), pixelBytes, packed };
}

/** Undoes a row's filter in place (PNG specification, section 9); `before`: the row above. */
function unfilter(filter: number, row: Uint8Array, before: Uint8Array, pixelBytes: number): void {
  const left = (i: number): number => (i < pixelBytes ? 0 : row[i - pixelBytes]!);
  switch (filter) {
    case 0:
      return;
    case 1:
      for (let i = pixelBytes; i < row.length; i++) row[i]! += row[i - pixelBytes]!;
      return;
    case 2:
      for (let i = 0; i < row.length; i++) row[i]! += before[i]!;
      return;
    case 3:
      for (let i = 0; i < row.length; i++) row[i]! += (left(i) + before[i]!) >> 1;
      return;
    case 4:
      for (let i = 0; i < row.length; i++) {
        row[i]! += nearest(left(i), before[i]!, i < pixelBytes ? 0 : before[i - pixelBytes]!);
      }
      return;
    default:
      throw new Error(`it has a row with the filter ${filter}`);
  }
}

/** Paeth's predictor: which of left, above and above left is nearest to left + above - above left. */
function nearest(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/** The rows without their filters, and without alpha. */
function colours(data: Uint8Array, rows: number, rowBytes: number, pixelBytes: number): Uint8Array {
  const result = new Uint8Array((rows * rowBytes * 3) / pixelBytes);
  let to = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * (rowBytes + 1) + 1;
    if (pixelBytes === 3) {
      result.set(data.subarray(start, start + rowBytes), to);
      to += rowBytes;
      continue;
    }
    for (let i = start; i < start + rowBytes; i += pixelBytes) {
      result[to++] = data[i]!;
      result[to++] = data[i + 1]!;
      result[to++] = data[i + 2]!;
    }
  }
  return result;
}
