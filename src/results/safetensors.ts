import type { SnapshotTensor } from '../training/trial-events.ts';
import { compactJson } from './stable-json.ts';

/** A file in the safetensors format: named tensors and a string-to-string table. */
export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: Readonly<Record<string, SnapshotTensor>>;
}

interface Entry {
  readonly dtype: 'F32' | 'F64';
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const LENGTH_BYTES = 8;
const wordBytes = { F32: 4, F64: 8 } as const;

/**
 * The file as chunks to write one after the other: length of the header (64 bits, little-endian), header (JSON, padded
 * with spaces to 8 bytes), tensors. Wide tensors come first, then by name, as in the format's own implementation, so
 * that equal content gives equal bytes. The chunks share the tensors' memory.
 */
export function encodeSafetensors({ metadata, tensors }: Safetensors): Uint8Array[] {
  const sorted = Object.entries(tensors)
    .map(([name, { shape, data }]) => ({ name, shape, data, dtype: dtypeOf(data) }))
    .sort((a, b) => wordBytes[b.dtype] - wordBytes[a.dtype] || (a.name < b.name ? -1 : 1));
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const { name, dtype, shape, data } of sorted) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + data.byteLength] } satisfies Entry;
    offset += data.byteLength;
  }
  const json = compactJson(header);
  const bytes = Buffer.byteLength(json);
  const head = Buffer.alloc(LENGTH_BYTES + Math.ceil(bytes / 8) * 8, ' ');
  head.writeBigUInt64LE(BigInt(head.length - LENGTH_BYTES));
  head.write(json, LENGTH_BYTES);
  return [head, ...sorted.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength))];
}

function dtypeOf(data: Float32Array | Float64Array): Entry['dtype'] {
  return data instanceof Float64Array ? 'F64' : 'F32';
}

/** Length of the part before the tensors, from the first 8 bytes; `undefined` where that cannot be. */
export function headBytes(start: Uint8Array): number | undefined {
  if (start.length < LENGTH_BYTES) return undefined;
  const view = new DataView(start.buffer, start.byteOffset, LENGTH_BYTES);
  const bytes = view.getBigUint64(0, true);
  return bytes <= 100_000_000n ? LENGTH_BYTES + Number(bytes) : undefined; // the format's own limit
}

/** The string-to-string table from the part before the tensors; `undefined` where it cannot be read. */
export function decodeMetadata(head: Uint8Array): Readonly<Record<string, string>> | undefined {
  return parseHead(head)?.__metadata__;
}

/** The inverse of `encodeSafetensors`, with fresh arrays; `undefined` where the bytes are no such file. */
export function decodeSafetensors(bytes: Uint8Array): Safetensors | undefined {
  const start = headBytes(bytes);
  const header = start === undefined ? undefined : parseHead(bytes.subarray(0, start));
  if (start === undefined || header === undefined) return undefined;
  const { __metadata__: metadata = {}, ...entries } = header;
  const tensors: Record<string, SnapshotTensor> = {};
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(entries as Record<string, Entry>)) {
    const [from, to] = data_offsets;
    const size = shape.reduce((a, b) => a * b, 1);
    if (to - from !== size * wordBytes[dtype] || start + to > bytes.length) return undefined;
    const { buffer } = new Uint8Array(bytes.subarray(start + from, start + to)); // a copy, aligned
    const data = dtype === 'F64' ? new Float64Array(buffer, 0, size) : new Float32Array(buffer, 0, size);
    tensors[name] = { shape, data };
  }
  return { metadata, tensors };
}

function parseHead(head: Uint8Array): { __metadata__?: Record<string, string> } | undefined {
  try {
    const header = JSON.parse(Buffer.from(head.subarray(LENGTH_BYTES)).toString());
    return typeof header === 'object' && header !== null ? header : undefined;
  } catch {
    return undefined;
  }
}
