import type { Provenance } from '../results/index.ts';
import { canonicalJson } from '../spec/hash.ts';
import type { ResolvedRun } from '../spec/run.ts';
import type { Trial } from '../training/trial.ts';
import type { Progress, WallSeconds } from '../training/trial-events.ts';

/** Everything that a worker process needs to know about its run; plain data. */
export interface RunJob {
  readonly id: string;
  readonly run: ResolvedRun;
  /** Absolute path of the folder that holds the runs' folders. */
  readonly runs: string;
  readonly dataFolder: string;
  /** Take data only from that folder. */
  readonly offline: boolean;
  /** Ids of finished runs that are its first epochs, the longest first. */
  readonly shorter?: readonly string[];
  /** Absolute paths of the user's files, where the run has any. */
  readonly ruleFile?: string;
  readonly modelFile?: string;
  /** Absolute path of a module whose `openJob` takes the place of the real one, for tests. */
  readonly trialModule?: string;
}

/** A trial that is ready to run, and what it was made of. */
export interface OpenedTrial extends Pick<Provenance, 'engine' | 'threads' | 'data'> {
  readonly trial: Trial;
}

export type OpenJob = (job: RunJob) => Promise<OpenedTrial>;

export type WorkerMessage =
  | { readonly type: 'started'; readonly fromEpoch: number }
  | { readonly type: 'restarted'; readonly reason: string }
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'result'; readonly result: RunResult };

/** How a worker's job ended. */
export type RunResult =
  | {
      readonly status: 'complete' | 'diverged' | 'interrupted';
      readonly wall?: WallSeconds;
    }
  /** `died`: the process did, without a word. */
  | { readonly status: 'failed'; readonly reason: string; readonly died?: true }
  /** Another process has the run, has finished it, or took it over. */
  | { readonly status: 'busy' | 'published' | 'replaced' };

/**
 * Whether the process that ended a job like this may take another one. After anything else it ends, since it might still
 * be the owner of what it could not give up.
 */
export const mayGoOn = ({ status }: RunResult): boolean =>
  status === 'complete' || status === 'diverged' || status === 'busy' || status === 'published';

/**
 * Jobs with the same text may be done by one process, one after another: they have the same program but for optimizer,
 * seed and learning rates, so that what a library decides once in a process is decided alike; '' for a job that needs
 * a process of its own, because a user's file may keep something from one run to the next.
 */
export function sharedProcess({ run, ruleFile, modelFile, trialModule }: RunJob): string {
  if (ruleFile !== undefined || modelFile !== undefined) return '';
  const { engine, data, model, batchSize, evaluation } = run;
  return canonicalJson({ engine, data, model, batchSize, evaluation, trialModule });
}

export type ParentMessage =
  | { readonly type: 'start'; readonly job: RunJob }
  /** A checkpoint and the end, please. */
  | { readonly type: 'stop' }
  /** There is no other job. */
  | { readonly type: 'end' };
