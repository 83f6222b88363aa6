import { createHash } from 'node:crypto';

/** sha256 of the bytes of arrays, one after the other. */
export function digest(arrays: readonly (Float32Array | Float64Array | Int32Array)[]): string {
  const hash = createHash('sha256');
  for (const a of arrays) hash.update(new Uint8Array(a.buffer, a.byteOffset, a.byteLength));
  return hash.digest('hex');
}
