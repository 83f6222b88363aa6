import type { RunStatus } from '../runner/events.ts';
import { clock, cost, percent, rate } from './format.ts';
import type { Paint } from './output.ts';
import { renderTable } from './table.ts';

/** One run's line in the tables of `run` and `status`: what was measured last, null where there is nothing yet. */
export interface RunSummary {
  readonly id: string;
  readonly optimizer: string;
  readonly seed: number;
  readonly status: RunStatus;
  readonly reason?: string;
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

export function costTable(runs: readonly RunSummary[], paint: Paint): string {
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
    ],
    runs.map((run) => [
      run.optimizer,
      String(run.seed),
      paintStatus(run.status, paint),
      `${run.epochsDone}/${run.epochs}`,
      known(run.minibatchCost, cost),
      known(run.trainCost, cost),
      known(run.testError, percent),
      known(run.stepsPerSecond, rate),
      known(run.seconds, clock),
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
  const diverged = runs
    .filter(({ status }) => status === 'diverged')
    .map((run) => `${nameOf(run)} after epoch ${run.epochsDone}`);
  const failures = new Map<string, string[]>();
  for (const run of runs.filter(({ status }) => status === 'failed')) {
    const reason = run.reason ?? 'for a reason that is not known';
    failures.set(reason, [...(failures.get(reason) ?? []), nameOf(run)]);
  }
  return [
    ...(diverged.length > 0 ? [`Diverged, kept as measured: ${diverged.join(', ')}.`] : []),
    ...[...failures].map(([reason, names]) => `Failed: ${names.join(', ')}: ${reason}`),
  ];
}

const nameOf = ({ optimizer, seed }: RunSummary): string => `${optimizer} seed ${seed}`;
