import { deflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { pngRows } from '../../../src/datasets/acquire/png-rows.ts';
import { UserError } from '../../../src/errors.ts';

async function pixelsOf(file: Buffer): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const rows of pngRows(file, 'a.png')) parts.push(rows);
  return Buffer.concat(parts);
}

/** A picture with smooth parts and noise, so that every filter has something to do. */
function picture(width: number, height: number): PNG {
  const image = new PNG({ width, height });
  for (let i = 0; i < image.data.length; i++) {
    const noise = Math.imul(i + 1, 2654435761) >>> 28;
    image.data[i] = i % 4 === 3 ? 255 : (Math.floor(i / 16) + noise * (i % 5)) % 256;
  }
  return image;
}

const colours = ({ data }: PNG): Uint8Array => Uint8Array.from(data.filter((_, i) => i % 4 !== 3));

interface Head {
  readonly width?: number;
  readonly height?: number;
  readonly depth?: number;
  readonly colours?: number;
  readonly interlaced?: number;
}

/** A file with these rows as they stand, filters included, in pieces of 7 bytes. */
function fileOf(rows: Uint8Array, head: Head = {}): Buffer {
  const { width = 2, height = 2, depth = 8, colours = 2, interlaced = 0 } = head;
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(width, 0);
  ihdr.writeUInt32BE(height, 4);
  ihdr.set([depth, colours, 0, 0, interlaced], 8);
  const packed = deflateSync(rows);
  const pieces = Array.from({ length: Math.ceil(packed.length / 7) }, (_, i) =>
    chunk('IDAT', packed.subarray(i * 7, (i + 1) * 7)),
  );
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    ...[chunk('IHDR', ihdr), chunk('tEXt', Buffer.from('x')), ...pieces, chunk('IEND', Buffer.alloc(0))],
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const result = Buffer.alloc(data.length + 12);
  result.writeUInt32BE(data.length, 0);
  result.write(type, 4, 'latin1');
  result.set(data, 8);
  return result;
}

const rows = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 0, 7, 8, 9, 10, 11, 12);

describe('pngRows', () => {
  it.each([0, 1, 2, 3, 4])('gives the pixels of rows with the filter %i', async (filterType) => {
    // More than is unpacked at once.
    const image = picture(311, 300);
    const file = PNG.sync.write(image, { colorType: 2, filterType });
    expect(PNG.sync.read(file).data.equals(image.data)).toBe(true);
    expect(Buffer.compare(await pixelsOf(file), colours(image))).toBe(0);
  });

  it('leaves alpha out', async () => {
    const image = picture(40, 9);
    expect(await pixelsOf(PNG.sync.write(image, { colorType: 6 }))).toEqual(Buffer.from(colours(image)));
  });

  it('takes pixels in pieces of any size, and passes over what is no pixel', async () => {
    expect([...(await pixelsOf(fileOf(rows)))]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('has no more than a few rows in memory', async () => {
    const largest = { bytes: 0, parts: 0 };
    for await (const part of pngRows(PNG.sync.write(picture(1000, 2000), { colorType: 2 }), 'a.png')) {
      largest.bytes = Math.max(largest.bytes, part.length);
      largest.parts++;
    }
    expect(largest.bytes).toBeLessThanOrEqual(2 ** 18 + 3000);
    expect(largest.parts).toBeGreaterThan(20);
  });

  it.each([
    ['no PNG file', Buffer.from('hello'), 'it begins otherwise'],
    ['a file that is cut', fileOf(rows).subarray(0, 80), 'it is cut'],
    ['a file without rows', fileOf(Uint8Array.of()), 'it has not the 2 rows that it should have'],
    ['too few rows', fileOf(rows.subarray(0, 7)), 'it has not the 2 rows that it should have'],
    ['half a row', fileOf(rows.subarray(0, 10), { height: 1 }), 'it has not the 1 rows that it should have'],
    ['a filter that there is not', fileOf(Uint8Array.of(5, ...rows.subarray(1))), 'filter 5'],
    ['16 bits a channel', fileOf(rows, { depth: 16 }), 'it is of another kind'],
    ['a palette', fileOf(rows, { colours: 3 }), 'it is of another kind'],
    ['interlaced rows', fileOf(rows, { interlaced: 1 }), 'it is of another kind'],
  ])('refuses %s', async (_, file, message) => {
    await expect(pixelsOf(file)).rejects.toThrow(UserError);
    await expect(pixelsOf(file)).rejects.toThrow(`a.png is no usable PNG file (`);
    await expect(pixelsOf(file)).rejects.toThrow(message);
  });

  it('refuses pixels that are no packed data', async () => {
    const file = fileOf(rows);
    file[file.indexOf('IDAT') + 4]! ^= 0xff;
    await expect(pixelsOf(file)).rejects.toThrow('a.png is no usable PNG file (');
  });
});
