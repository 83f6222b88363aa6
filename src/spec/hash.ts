import { createHash } from 'node:crypto';
import type { ResolvedRun } from './run.ts';

/**
 * A run's id: the first 16 hex digits of the sha256 of the run as canonical JSON. Runs that differ in anything that
 * determines their numbers have different ids; the order of keys does not matter.
 */
export function runId(run: ResolvedRun): string {
  return createHash('sha256').update(canonicalJson(run)).digest('hex').slice(0, 16);
}

/** JSON with sorted keys and without spaces; keys without a value are left out, numbers are in their shortest form. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([key, v]) => `${JSON.stringify(key)}:${canonicalJson(v)}`).join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`no JSON for ${value}`);
  return JSON.stringify(value);
}
