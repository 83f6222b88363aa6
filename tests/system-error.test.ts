import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../src/cli/failure.ts';
import { naming } from '../src/results/file-system.ts';
import { systemErrorCode } from '../src/system-error.ts';

const errno = -constants.errno.EDQUOT;

/** As Node.js throws it, which has no name for this one. */
function quota(code = `Unknown system error ${errno}`): Error {
  return Object.assign(new Error(`${code}: ${code}, write`), { errno, code, syscall: 'write' });
}

describe('the code of a system error', () => {
  it('is the one that Node.js gives', () => {
    expect(systemErrorCode(Object.assign(new Error(), { code: 'EIO', errno: -5 }))).toBe('EIO');
    expect(systemErrorCode(new Error())).toBeUndefined();
    expect(systemErrorCode({ code: 'EIO' })).toBeUndefined();
  });

  it('has a name where Node.js has none', () => {
    expect(systemErrorCode(quota())).toBe('EDQUOT');
    // Of a write.
    expect(systemErrorCode(quota('UNKNOWN'))).toBe('EDQUOT');
    const unknown = Object.assign(new Error(), { code: 'Unknown system error -99999', errno: -99_999 });
    expect(systemErrorCode(unknown)).toBe('Unknown system error -99999');
  });

  it('tells a quota that is used up by its remedy', () => {
    const write = () => {
      throw quota();
    };
    expect(() => naming('/a', write, 5)).toThrow(
      '/a cannot be written, no space is left (EDQUOT): free at least 5 bytes',
    );
    expect(failureOf(quota()).message).toContain('your disk quota is used up');
  });
});
