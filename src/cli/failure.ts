import { EXIT, UserError } from '../errors.ts';
import { systemErrorCode } from '../system-error.ts';

/** What is told of an error: a sentence on stderr, and the same as data with `--json`. */
export interface Failure {
  readonly code: 'usage' | 'spec' | 'failed' | 'stopped' | 'time-over' | 'unexpected';
  readonly message: string;
  readonly exitCode: number;
  /** The mistakes of a spec, each with its place. */
  readonly issues?: readonly unknown[];
}

export function failureOf(error: unknown): Failure {
  if (error instanceof UserError) return userFailure(error);
  const system = systemFailure(error);
  if (system !== undefined) return { code: 'failed', message: system, exitCode: EXIT.failed };
  const said = error instanceof Error ? error.message : String(error);
  return {
    code: 'unexpected',
    message:
      `something went wrong that should not (${said.split('\n')[0]}): please report it with what the same command ` +
      'prints with --debug.',
    exitCode: EXIT.failed,
  };
}

function userFailure(error: UserError): Failure {
  const { exitCode, message } = error;
  const issues = 'issues' in error && Array.isArray(error.issues) ? error.issues : undefined;
  if (issues !== undefined) return { code: 'spec', message, exitCode, issues };
  if (exitCode === EXIT.usage) return { code: 'usage', message, exitCode };
  if (exitCode === EXIT.timeOver) return { code: 'time-over', message, exitCode };
  return { code: exitCode > 128 ? 'stopped' : 'failed', message, exitCode };
}

const systemReasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left there; free some and run the same command again',
  EDQUOT: 'your disk quota is used up; free some space and run the same command again',
  EACCES: 'permission denied; choose another folder or change its permissions',
  EPERM: 'permission denied; choose another folder or change its permissions',
  EROFS: 'it lies on a read-only file system; choose another folder',
  EIO: 'the disk reports an error',
  EMFILE: 'too many files are open; raise the limit (ulimit -n)',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a folder',
};

/** A full disk or a forbidden folder is nobody's bug, wherever it shows. */
function systemFailure(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { path, syscall } = error as NodeJS.ErrnoException;
  const code = systemErrorCode(error);
  const reason = code === undefined ? undefined : systemReasons[code];
  return reason === undefined ? undefined : `${path ?? syscall ?? 'a file'}: ${reason} (${code}).`;
}
