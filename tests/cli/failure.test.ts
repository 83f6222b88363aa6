import { describe, expect, it } from 'vitest';
import { failureOf } from '../../src/cli/failure.ts';
import { StoppedError } from '../../src/cli/signals.ts';
import { UsageError, UserError } from '../../src/errors.ts';

function systemError(code: string, path?: string): Error {
  return Object.assign(new Error(`${code}: something`), { code, path, syscall: 'write' });
}

describe('failureOf', () => {
  it.each([
    ['a user error', new UserError('The disk is away.'), 'failed', 1],
    ['a usage error', new UsageError('There is no such flag.'), 'usage', 2],
    ['Ctrl-C', new StoppedError('SIGINT', 'Stopped.'), 'stopped', 130],
    ['SIGTERM', new StoppedError('SIGTERM', 'Stopped.'), 'stopped', 143],
    ['SIGHUP', new StoppedError('SIGHUP', 'Stopped.'), 'stopped', 129],
  ])('%s', (_, error, code, exitCode) => {
    expect(failureOf(error)).toEqual({ code, exitCode, message: error.message });
  });

  it('passes the mistakes of a spec on as data', () => {
    const issues = [{ code: 'unknown-key', line: 3 }];
    const error = Object.assign(new UsageError('a.yaml:3:1: unknown key'), { issues });
    expect(failureOf(error)).toMatchObject({ code: 'spec', exitCode: 2, issues });
  });

  it('takes a full disk for what it is', () => {
    const { code, exitCode, message } = failureOf(systemError('ENOSPC', '/results/curve.csv'));
    expect([code, exitCode]).toEqual(['failed', 1]);
    expect(message).toBe(
      '/results/curve.csv: no space is left there; free some and run the same command again (ENOSPC).',
    );
    expect(failureOf(systemError('EACCES')).message).toContain('write: permission denied');
  });

  it.each([
    ['a bug', new TypeError('x is not a function\n  at somewhere')],
    ['something thrown that is no error', 'x is not a function'],
    ['a system error that is nobody’s fault', systemError('EWEIRD')],
  ])('asks to report %s, in one line', (_, error) => {
    const failure = failureOf(error);
    expect(failure).toMatchObject({ code: 'unexpected', exitCode: 1 });
    expect(failure.message).toContain('report it');
    expect(failure.message).toContain('--debug');
    expect(failure.message).not.toContain('\n');
  });
});
