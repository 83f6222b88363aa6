import { UserError } from '../errors.ts';
import {
  claimRun,
  currentVersions,
  difference,
  type Provenance,
  ReplacedError,
  restartAttempt,
  type System,
} from '../results/index.ts';
import type { OpenJob, RunJob, RunResult, WorkerMessage } from './job.ts';

export interface RunControl {
  shouldStop(): boolean;
  report(message: Exclude<WorkerMessage, { type: 'result' }>): void;
}

const HEARTBEAT_MS = 15_000;

/**
 * Does one run in this process: claims it, goes on from where an earlier process left off, and publishes the result.
 * Throws what made it fail, after noting it beside the run, which stays resumable.
 */
export async function executeRun(
  system: System,
  job: RunJob,
  openJob: OpenJob,
  { shouldStop, report }: RunControl,
): Promise<RunResult> {
  const claim = claimRun(system, job.runs, job.id, { run: job.run, shorter: job.shorter ?? [] });
  if (claim.type !== 'claimed') return { status: claim.type };
  let { attempt } = claim;
  if (claim.damage !== undefined) report({ type: 'restarted', reason: claim.damage });

  let replaced = false;
  const heartbeat = setInterval(() => {
    try {
      attempt.touch();
    } catch (error) {
      replaced ||= error instanceof ReplacedError;
    }
  }, HEARTBEAT_MS);
  let opened: Awaited<ReturnType<OpenJob>> | undefined;
  try {
    attempt.announce(job.run);
    opened = await openJob(job);
    const { trial, engine, threads, data } = opened;
    const { parameters, fingerprint } = trial;
    const versions = currentVersions();
    const provenance: Provenance = { versions, engine, threads, data, parameters, fingerprint };
    const changed = attempt.resume && difference(attempt.resume.provenance, provenance);
    if (changed !== undefined) {
      attempt = restartAttempt(system, job.runs, attempt);
      report({ type: 'restarted', reason: changed });
    }
    attempt.begin(job.run, provenance);
    const from = attempt.resume?.snapshot;
    report({ type: 'started', fromEpoch: from?.state.epoch ?? 0 });
    if (shouldStop()) {
      attempt.release(trial.wall());
      return { status: 'interrupted' };
    }

    const outcome = await trial.run(
      {
        rows: (rows) => attempt.rows(rows),
        checkpoint: (snapshot, optional) => attempt.checkpoint(snapshot, trial.wall(), optional),
        progress: (progress) => report({ type: 'progress', progress }),
        shouldStop: () => replaced || shouldStop(),
      },
      from,
    );
    if (outcome === 'stopped') {
      attempt.release(trial.wall());
      return { status: 'interrupted', wall: attempt.wall };
    }
    attempt.publish(job.run, provenance, outcome, trial.wall());
    return { status: outcome, wall: attempt.wall };
  } catch (error) {
    if (error instanceof ReplacedError) return { status: 'replaced' };
    attempt.fail(reasonOf(error));
    throw error;
  } finally {
    clearInterval(heartbeat);
    opened?.trial.dispose();
  }
}

/** One sentence for the user, or what a bug says of itself. */
export function reasonOf(error: unknown): string {
  if (error instanceof UserError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
