import { isFinished } from '../results/run-info.ts';
import type { RunEvent, RunState, RunStatus } from '../runner/events.ts';
import type { Unit } from '../spec/run.ts';
import type { Progress } from '../training/trial-events.ts';

/** One run as progress shows it. */
export interface BoardRow {
  readonly id: string;
  /** The optimizer, with the experiment where there are several, and what tells the run apart from its namesakes. */
  readonly name: string;
  readonly seed: number;
  readonly epochs: number;
  readonly unit: Unit;
  /** What the run takes in comparison with the others. */
  readonly work: number;
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

/** A run for the board. */
export interface BoardRun extends RunState {
  /** Where the board has runs of several ones. */
  readonly experiment?: string;
  readonly work?: number;
  readonly unit?: Unit;
}

/** What is known of all runs of an experiment while they are worked on; changed by the runner's events only. */
export class RunBoard {
  readonly rows: readonly BoardRow[];
  readonly #byId: ReadonlyMap<string, BoardRow>;
  readonly #jobs: number;
  readonly #costOf: (id: string) => number | null;

  /** `costOf` knows the cost of a run that has ended, `told` what tells each run apart from its namesakes. */
  constructor(
    runs: readonly BoardRun[],
    jobs: number,
    costOf: (id: string) => number | null = () => null,
    told: readonly string[] = [],
  ) {
    this.rows = runs.map(
      ({ id, experiment, optimizer, seed, status, epochs, epochsDone, work = 1, unit = 'epoch' }, i) => ({
        ...{ id, seed, epochs, epochsDone, work, unit },
        name: [experiment, optimizer, told[i]].filter(Boolean).join(' '),
        // Whatever is not done yet is due: another process that owns a run is announced by `waiting`.
        status: isFinished({ status }) ? status : 'pending',
      }),
    );
    this.#byId = new Map(this.rows.map((row) => [row.id, row]));
    this.#jobs = Math.max(1, jobs);
    this.#costOf = costOf;
    for (const row of this.rows) if (isFinished(row)) this.#takeFinalCost(row);
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
        row.status = 'pending';
        row.epochsDone = 0;
        break;
      case 'retried':
        row.status = 'pending';
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
    // The last one that was reported is of some step before the end, and a problem has no epochs to take a mean over.
    else if (row.unit === 'step') delete row.cost;
  }

  get done(): number {
    return this.rows.filter(({ status }) => isFinished({ status }) || status === 'failed').length;
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
   * and for those not started yet what the runs seen so far took for their work.
   */
  get secondsLeft(): number {
    const running = this.rows.filter(({ status }) => status === 'running');
    let timed = 0;
    let work = 0;
    for (const row of this.rows) {
      if (row.progress === undefined) continue;
      timed += row.progress.steps / row.progress.stepsPerSecond;
      work += row.work;
    }
    if (work === 0) return Number.NaN;
    const whole = (row: BoardRow): number => (timed / work) * row.work;
    const left = running.map((row) => row.progress?.secondsLeft ?? whole(row));
    const pending = this.rows.filter(({ status }) => status === 'pending');
    const share = pending.reduce((sum, row) => sum + whole(row) * (1 - row.epochsDone / row.epochs), 0);
    const together =
      (left.reduce((a, b) => a + b, 0) + share) / Math.min(this.#jobs, Math.max(1, this.rows.length));
    return Math.max(together, ...left);
  }
}
