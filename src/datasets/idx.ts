import { UserError } from '../errors.ts';

/** An array from an IDX file of unsigned bytes, row-major. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array<ArrayBuffer>;
}

const UNSIGNED_BYTE = 0x08;

/**
 * Reads the IDX format of the MNIST files: two zero bytes, the element type, the rank, one big-endian uint32 per
 * dimension, then the elements. The result shares memory with `bytes`. Only unsigned bytes are accepted.
 * `file` names the file in errors.
 */
export function parseIdx(bytes: Uint8Array<ArrayBuffer>, file: string): IdxArray {
  const wrong = (what: string) => new UserError(`${file} is not a usable IDX file: ${what}.`);
  if (bytes.length < 4) throw wrong(`it has ${bytes.length} bytes, fewer than its header`);
  const [zero0, zero1, type, rank] = bytes as unknown as [number, number, number, number];
  if (zero0 !== 0 || zero1 !== 0) {
    throw wrong(`it starts with the bytes ${zero0} ${zero1} instead of 0 0 (still compressed, perhaps)`);
  }
  if (type !== UNSIGNED_BYTE) {
    throw wrong(
      `its element type is 0x${type.toString(16).padStart(2, '0')} instead of 0x08 (unsigned byte)`,
    );
  }
  const header = 4 + 4 * rank;
  if (rank === 0) throw wrong('it has no dimensions');
  if (bytes.length < header) throw wrong(`it ends inside its header of ${header} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const elements = shape.reduce((a, b) => a * b, 1);
  if (bytes.length - header !== elements) {
    throw wrong(
      `its dimensions ${shape.join(' x ')} need ${elements} bytes, and ${bytes.length - header} follow`,
    );
  }
  // A plain Uint8Array also where `bytes` is a Buffer, whose `slice` would not copy.
  return { shape, data: new Uint8Array(bytes.buffer, bytes.byteOffset + header, elements) };
}
