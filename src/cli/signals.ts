import { constants } from 'node:os';
import { UserError } from '../errors.ts';
import type { Output } from './output.ts';
import { TimeOverError } from './time-limit.ts';

type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The user or the system ended the work; what was done is kept. */
export class StoppedError extends UserError {
  constructor(signal: StopSignal, message: string) {
    super(message, { exitCode: 128 + constants.signals[signal] });
    this.name = 'StoppedError';
  }
}

export interface StopOptions {
  /** Said at the first signal; after Ctrl-C with what a second one does. */
  readonly announcement: string;
  /** Message of the error that the work ends with. */
  readonly conclusion: string;
  /** Called at the second one, just before the program ends. */
  readonly onQuit?: () => void;
  /** Ends the work as a signal does, after so many seconds, with its own announcement and `TimeOverError`. */
  readonly limit?: { readonly seconds: number; readonly announcement: string; readonly conclusion: string };
}

/** npx passes a signal on that the terminal has sent to this program as well: within this time they are one. */
const sameSignalMilliseconds = 200;

/**
 * Runs `work` with a signal that aborts on the first Ctrl-C, SIGTERM or SIGHUP, its reason being a `StoppedError`, or when
 * the time is over, with a `TimeOverError`. A second signal, or one after that, ends the program at once.
 */
export async function withStopSignals<T>(
  output: Output,
  { announcement, conclusion, onQuit, limit }: StopOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let stoppedAt = 0;
  const handle = (signal: StopSignal): void => {
    if (!controller.signal.aborted) {
      stoppedAt = performance.now();
      output.notice(signal === 'SIGINT' ? `${announcement} (Ctrl-C again to quit now)` : announcement);
      controller.abort(new StoppedError(signal, conclusion));
    } else if (performance.now() - stoppedAt > sameSignalMilliseconds) {
      onQuit?.();
      process.exit(128 + constants.signals[signal]);
    }
  };
  const signals: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, handle);
  const timer =
    limit &&
    setTimeout(() => {
      if (controller.signal.aborted) return;
      stoppedAt = performance.now();
      output.notice(limit.announcement);
      controller.abort(new TimeOverError(limit.conclusion));
    }, limit.seconds * 1000);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    for (const signal of signals) process.removeListener(signal, handle);
  }
}
