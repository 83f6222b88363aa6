import type { RunEvent, RunState, RunStatus } from '../runner/events.ts';
import type { Progress } from '../training/trial-events.ts';

/** One run as progress shows it. */
export interface BoardRow {
  readonly id: string;
  readonly optimizer: string;
  readonly seed: number;
  readonly epochs: number;
  status: RunStatus | 'waiting';
  epochsDone: number;
  /** The last one that was reported while training. */
  progress?: Progress;
  /** How far the full passes are that are under way, if any. */
  evaluation?: Progress['evaluation'];
  /** Mean minibatch cost of the epoch so far, and at the end that of the last whole epoch. */
  cost?: number;
  reason?: string;
  seconds?: number;
}

/** What is known of all runs of an experiment while they are worked on; changed by the runner's events only. */
export class RunBoard {
  readonly rows: readonly BoardRow[];
  readonly #byId: ReadonlyMap<string, BoardRow>;
  readonly #jobs: number;
  readonly #costOf: (id: string) => number | null;

  /** `costOf` knows the cost of a run that has ended. */
  constructor(runs: readonly RunState[], jobs: number, costOf: (id: string) => number | null = () => null) {
    this.rows = runs.map(({ id, optimizer, seed, epochs, epochsDone, status }) => ({
      ...{ id, optimizer, seed, epochs, epochsDone },
      // Whatever is not done yet is due: another process that owns a run is announced by `waiting`.
      status: isDone(status) ? status : 'pending',
    }));
    this.#byId = new Map(this.rows.map((row) => [row.id, row]));
    this.#jobs = Math.max(1, jobs);
    this.#costOf = costOf;
    for (const row of this.rows) if (isDone(row.status)) this.#takeFinalCost(row);
  }

  /** The row that the event changed; undefined for a run that is not on the board. */
  apply(event: RunEvent): BoardRow | undefined {
    const row = this.#byId.get(event.id);
    if (row === undefined) return undefined;
    switch (event.type) {
      case 'started':
        row.status = 'running';
        row.epochsDone = event.fromEpoch;
        break;
      case 'progress':
        row.status = 'running';
        // While the first evaluation runs there is no cost and no speed yet.
        if (event.progress.stepsPerSecond > 0 && Number.isFinite(event.progress.cost)) {
          row.progress = event.progress;
          row.cost = event.progress.cost;
        }
        row.evaluation = event.progress.evaluation;
        row.epochsDone = event.progress.epoch;
        break;
      case 'restarted':
        row.epochsDone = 0;
        break;
      case 'waiting':
        row.status = 'waiting';
        break;
      case 'finished':
        row.status = event.status;
        if (event.status === 'complete') row.epochsDone = row.epochs;
        this.#takeFinalCost(row);
        if (event.reason !== undefined) row.reason = event.reason;
        if (event.wall !== undefined) row.seconds = event.wall.train + event.wall.evaluate + event.wall.other;
        break;
    }
    return row;
  }

  #takeFinalCost(row: BoardRow): void {
    const cost = this.#costOf(row.id);
    if (cost !== null) row.cost = cost;
  }

  get done(): number {
    return this.rows.filter(({ status }) => isDone(status) || status === 'failed').length;
  }

  get running(): number {
    return this.rows.filter(({ status }) => status === 'running').length;
  }

  /** Position of a row among all, from 1. */
  position(row: BoardRow): number {
    return this.rows.indexOf(row) + 1;
  }

  /**
   * Seconds until everything is done, or NaN before the first step was timed: what the running runs say of themselves,
   * and for those not started yet the mean of the runs seen so far.
   */
  get secondsLeft(): number {
    const running = this.rows.filter(({ status }) => status === 'running');
    const timed = this.rows.flatMap(({ progress }) =>
      progress === undefined ? [] : [progress.steps / progress.stepsPerSecond],
    );
    if (timed.length === 0) return Number.NaN;
    const whole = timed.reduce((a, b) => a + b, 0) / timed.length;
    const left = running.map(({ progress }) => progress?.secondsLeft ?? whole);
    const pending = this.rows.filter(({ status }) => status === 'pending');
    const share = pending.reduce((sum, row) => sum + whole * (1 - row.epochsDone / row.epochs), 0);
    const together =
      (left.reduce((a, b) => a + b, 0) + share) / Math.min(this.#jobs, Math.max(1, this.rows.length));
    return Math.max(together, ...left);
  }
}

function isDone(status: BoardRow['status']): boolean {
  return status === 'complete' || status === 'diverged';
}
