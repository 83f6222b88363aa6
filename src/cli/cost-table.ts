import { groupBy } from '../group-by.ts';
import type { RunStatus } from '../runner/events.ts';
import { clock, cost, percent, rate } from './format.ts';
import type { Paint } from './output.ts';
import { groupTable, mostLines } from './run-groups.ts';
import { renderTable } from './table.ts';

/** One run's line in the tables of `run` and `status`: what was measured last, null where there is nothing yet. */
export interface RunSummary {
  readonly id: string;
  readonly optimizer: string;
  readonly seed: number;
  readonly status: RunStatus;
  readonly reason?: string;
  /** See `RunState`. */
  readonly silentSeconds?: number;
  readonly epochs: number;
  readonly epochsDone: number;
  /** Mean over the minibatches of the last whole epoch. */
  readonly minibatchCost: number | null;
  /** Full passes without dropout. */
  readonly trainCost: number | null;
  readonly testError: number | null;
  readonly stepsPerSecond: number | null;
  readonly seconds: number | null;
}

/**
 * `told`: for each run what tells it apart from others of its optimizer and seed; no column where there are none. Many
 * runs are summed up by optimizer.
 */
export function costTable(
  runs: readonly RunSummary[],
  paint: Paint,
  told: readonly string[] = runs.map(() => ''),
): string {
  if (runs.length > mostLines) return groupTable(runs, paint, told);
  const alike = told.some((text) => text !== '');
  const known = (value: number | null, format: (value: number) => string): string =>
    value === null ? '-' : format(value);
  return renderTable(
    [
      { title: 'optimizer' },
      { title: 'seed', align: 'right' },
      { title: 'status' },
      { title: 'epochs', align: 'right' },
      { title: 'minibatch\ncost', align: 'right' },
      { title: 'train\ncost', align: 'right' },
      { title: 'test\nerror', align: 'right' },
      { title: 'steps\nper s', align: 'right' },
      { title: 'time', align: 'right' },
      ...(alike ? [{ title: 'run' }, { title: 'told apart by' }] : []),
    ],
    runs.map((run, i) => [
      run.optimizer,
      String(run.seed),
      paintStatus(run.status, paint),
      `${run.epochsDone}/${run.epochs}`,
      known(run.minibatchCost, cost),
      known(run.trainCost, cost),
      known(run.testError, percent),
      known(run.stepsPerSecond, rate),
      known(run.seconds, clock),
      ...(alike ? [run.id, told[i] ?? ''] : []),
    ]),
  );
}

function paintStatus(status: RunStatus, paint: Paint): string {
  switch (status) {
    case 'complete':
      return paint.green(status);
    case 'failed':
      return paint.red(status);
    case 'diverged':
    case 'interrupted':
      return paint.yellow(status);
    default:
      return status;
  }
}

/** What is to be said about runs that did not simply complete: one sentence for each kind and reason. */
export function namedExceptions(runs: readonly RunSummary[]): string[] {
  const diverged = runs.filter(({ status }) => status === 'diverged');
  const divergedNames =
    diverged.length > mostNames
      ? [...groupBy(diverged, ({ optimizer }) => optimizer)].map(([name, all]) => `${all.length} of ${name}`)
      : diverged.map((run) => `${nameOf(run)} after epoch ${run.epochsDone}`);
  const failures = new Map<string, { reason: string; names: string[] }>();
  for (const run of runs.filter(({ status }) => status === 'failed')) {
    const reason = run.reason ?? 'for a reason that is not known';
    const alike = failures.get(withoutRun(reason));
    if (alike === undefined) failures.set(withoutRun(reason), { reason, names: [nameOf(run)] });
    else alike.names.push(nameOf(run));
  }
  const silent = runs.flatMap((run) =>
    run.silentSeconds === undefined ? [] : [`${nameOf(run)} for ${clock(run.silentSeconds)}`],
  );
  return [
    ...(silent.length > 0
      ? [`No sign of life: ${silent.join(', ')}. A step takes that long, or a rule or model never returns.`]
      : []),
    ...(diverged.length > 0 ? [`Diverged, kept as measured: ${divergedNames.join(', ')}.`] : []),
    ...[...failures.values()].map(({ reason, names }) => `Failed: ${some(names)}: ${reason}`),
  ];
}

/** A reason without the paths in it: a full disk is one reason, whichever file could not be written first. */
function withoutRun(reason: string): string {
  return reason.replace(/(?:[A-Za-z]:)?[/\\].*?(?= cannot be )/g, '');
}

/** More runs than that are counted. */
const mostNames = 6;

function some(names: readonly string[]): string {
  const rest = names.length - mostNames;
  return rest > 1 ? `${names.slice(0, mostNames).join(', ')} and ${rest} more` : names.join(', ');
}

const nameOf = ({ optimizer, seed }: RunSummary): string => `${optimizer} seed ${seed}`;
