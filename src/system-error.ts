import { constants } from 'node:os';

/**
 * The code of an operating system's error, `undefined` for anything else. Node.js has no name for some of them, such as
 * EDQUOT, and says "Unknown system error -122" or, of a write, "UNKNOWN": their name is looked up by their number.
 */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, errno } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') return undefined;
  if (!/^(UNKNOWN$|Unknown system error)/.test(code) || errno === undefined) return code;
  const named = Object.entries(constants.errno).find(([, number]) => number === -errno);
  return named?.[0] ?? code;
}
