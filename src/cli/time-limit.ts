import { InvalidArgumentError } from 'commander';
import { EXIT, UserError } from '../errors.ts';

/** The time that was asked for is over; what was done is kept. */
export class TimeOverError extends UserError {
  constructor(message: string) {
    super(message, { exitCode: EXIT.timeOver });
    this.name = 'TimeOverError';
  }
}

const units: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, min: 60, s: 1 };
/** What a timer of Node.js can wait for. */
const longest = (2 ** 31 - 1) / 1000;

/** Seconds of a time span such as `2h`, `90m`, `1h30m` or `45s`. Throws commander's error for anything else. */
export function parseTimeSpan(typed: string): number {
  const parts = [...typed.matchAll(/(\d+(?:\.\d+)?)(d|h|min|m|s)/g)];
  const seconds = parts.reduce((sum, [, n, unit]) => sum + Number(n) * units[unit!]!, 0);
  if (parts.map(([text]) => text).join('') !== typed || !(seconds > 0) || seconds > longest) {
    throw new InvalidArgumentError('Expected a time such as 2h, 90m, 1h30m or 45s, up to 24d.');
  }
  return seconds;
}
