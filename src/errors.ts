/** Exit codes of the command line, see `adam-repro help exit-codes`. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  strict: 3,
  timeOver: 4,
  interrupted: 130,
  terminated: 143,
} as const;

/**
 * An error whose message is written for the user: one sentence that says what is wrong, where, and what to do.
 * The command line prints it without a stack trace; everything else that is thrown is a bug.
 */
export class UserError extends Error {
  readonly exitCode: number;
  constructor(message: string, options: { exitCode?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UserError';
    this.exitCode = options.exitCode ?? EXIT.failed;
  }
}

/** A mistake in a command line or a spec: nothing was started. */
export class UsageError extends UserError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { ...options, exitCode: EXIT.usage });
    this.name = 'UsageError';
  }
}
