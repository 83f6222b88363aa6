import { describe, expect, it } from 'vitest';
import { parseIdx } from '../../src/datasets/idx.ts';
import { idxFile } from './fixtures.ts';

describe('parseIdx', () => {
  it('reads shape and elements', () => {
    const { shape, data } = parseIdx(idxFile([2, 3], [1, 2, 3, 4, 5, 255]), 'f');
    expect(shape).toEqual([2, 3]);
    expect(data).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 255));
  });

  it('reads sizes as big-endian and without a sign', () => {
    expect(() => parseIdx(Buffer.from([0, 0, 8, 1, 0x80, 0, 0, 1]), 'f')).toThrow(
      'f is not a usable IDX file: its dimensions 2147483649 need 2147483649 bytes, and 0 follow.',
    );
  });

  it.each([
    ['no header', [0, 0, 8], 'it has 3 bytes, fewer than its header'],
    [
      'gzip',
      [0x1f, 0x8b, 8, 0, 0],
      'it starts with the bytes 31 139 instead of 0 0 (still compressed, perhaps)',
    ],
    ['floats', [0, 0, 0x0d, 1, 0, 0, 0, 0], 'its element type is 0x0d instead of 0x08 (unsigned byte)'],
    ['no dimension', [0, 0, 8, 0], 'it has no dimensions'],
    ['cut header', [0, 0, 8, 2, 0, 0, 0, 1, 0, 0], 'it ends inside its header of 12 bytes'],
    ['too short', [0, 0, 8, 1, 0, 0, 0, 2, 1], 'its dimensions 2 need 2 bytes, and 1 follow'],
    ['too long', [0, 0, 8, 1, 0, 0, 0, 2, 1, 2, 3], 'its dimensions 2 need 2 bytes, and 3 follow'],
  ])('refuses %s', (_, bytes, reason) => {
    expect(() => parseIdx(Uint8Array.from(bytes), '/d/labels')).toThrow(
      `/d/labels is not a usable IDX file: ${reason}.`,
    );
  });
});
