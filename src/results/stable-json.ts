import { createHash } from 'node:crypto';

/** JSON with sorted keys, two spaces of indentation and a newline at the end: equal values give equal bytes. */
export function stableJson(value: unknown): string {
  return `${JSON.stringify(value, sortKeys, 2)}\n`;
}

/** As `stableJson`, on one line and without the newline. */
export function compactJson(value: unknown): string {
  return JSON.stringify(value, sortKeys);
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `stableJson` of an object, with the checksum of the text as its last key. */
export function sealedJson(value: object): string {
  const text = stableJson(value);
  return `${text.slice(0, -3)},\n  "checksum": "${sha256(text)}"\n}\n`;
}

const seal = /,\n {2}"checksum": "([0-9a-f]{64})"\n\}\n$/;

/** The object written by `sealedJson`; `undefined` if a single bit has changed. */
export function unsealJson(sealed: string): unknown {
  const checksum = seal.exec(sealed)?.[1];
  const text = sealed.replace(seal, '\n}\n');
  return checksum !== undefined && checksum === sha256(text) ? JSON.parse(text) : undefined;
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
