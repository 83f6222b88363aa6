import { type Command, InvalidArgumentError } from 'commander';
import { parse } from 'yaml';
import type { AxisValues } from '../spec/search.ts';
import type { TypedAxis } from '../tuning/index.ts';
import { mirrorOption } from './commands/data.ts';
import { addExperimentOptions, wholeNumber } from './experiment.ts';
import { resultsOption } from './results-option.ts';
import type { RunOptions } from './run-options.ts';
import { parseTimeSpan } from './time-limit.ts';

export interface SearchOptions extends RunOptions {
  readonly search?: readonly TypedAxis[];
}

/** The options that `tune` and `recover` share: those of `run`, with the whole experiment as the default profile. */
export function addSearchOptions(command: Command): Command {
  addExperimentOptions(command)
    .option(
      '--search <path=values>',
      "values to try in place of the spec's, such as adam.lr=[1e-4,1e-3] or 'adam.lr={log: [1e-4, 1e-1], points: 7}' (repeatable)",
      collectAxis,
    )
    .option('-j, --jobs <n>', 'runs at the same time (default: one per core)', wholeNumber)
    .option('--max-time <time>', 'stop with checkpoints after 2h, 90m or 45s', parseTimeSpan)
    .option('--threads <n>', 'threads of one TensorFlow process (default: 1)', wholeNumber)
    .option('-n, --dry-run', 'say how much would be tried and how long it takes, and write nothing')
    .addOption(resultsOption())
    .addOption(mirrorOption())
    .option('--offline', 'fetch nothing');
  command.options.find(({ long }) => long === '--profile')?.default('paper');
  return command.setOptionValueWithSource('profile', 'paper', 'default');
}

export function ascending(typed: string): number[] {
  const numbers = typed.split(',').map(Number);
  if (!numbers.every((n, i) => Number.isInteger(n) && n >= 1 && (i === 0 || n > numbers[i - 1]!))) {
    throw new InvalidArgumentError('Expected ascending whole numbers, such as 3,10,45.');
  }
  return numbers;
}

export function shareOfOne(typed: string): number {
  const share = Number(typed);
  if (!(share > 0 && share <= 1)) throw new InvalidArgumentError('Expected a number above 0, at most 1.');
  return share;
}

function collectAxis(typed: string, previous: readonly TypedAxis[] | undefined): TypedAxis[] {
  const equals = typed.indexOf('=');
  const path = typed.slice(0, Math.max(equals, 0));
  let values: unknown;
  try {
    values = parse(typed.slice(equals + 1));
  } catch {
    values = undefined;
  }
  if (!/^[^.\s]+(\.[^.\s]+)*$/.test(path) || !isAxis(values)) {
    throw new InvalidArgumentError(
      'Expected a path and its values, such as adam.lr=[1e-4,1e-3] or adam.lr={log: [1e-4, 1e-1], points: 7}.',
    );
  }
  return [...(previous ?? []), { path, values }];
}

function isAxis(values: unknown): values is AxisValues {
  if (Array.isArray(values)) return values.length > 0;
  const { log, points } = (values ?? {}) as { log?: unknown; points?: unknown };
  return (
    Array.isArray(log) &&
    log.length === 2 &&
    log.every((end) => typeof end === 'number' && end > 0) &&
    log[0] < log[1] &&
    Number.isInteger(points) &&
    (points as number) >= 2
  );
}

export function mapValues<V, W>(
  record: Readonly<Record<string, V>>,
  change: (value: V) => W,
): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
