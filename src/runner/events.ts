import type { Progress, WallSeconds } from '../training/trial-events.ts';

/** A run's state on disk, as `status` prints it. */
export type RunStatus = 'pending' | 'running' | 'complete' | 'diverged' | 'failed' | 'interrupted';

/** One run of an experiment and what is known of it. */
export interface RunState {
  /** First digits of the hash of the resolved run. */
  readonly id: string;
  readonly optimizer: string;
  readonly seed: number;
  readonly status: RunStatus;
  readonly epochsDone: number;
  readonly epochs: number;
  /** For `failed`: one sentence. */
  readonly reason?: string;
  /** For `running`, where its process has given no sign of life for longer than it should: since when. */
  readonly silentSeconds?: number;
}

/** What the runner reports while it works; `id` names the run. */
export type RunEvent =
  | { readonly type: 'started'; readonly id: string; readonly fromEpoch: number }
  | { readonly type: 'progress'; readonly id: string; readonly progress: Progress }
  /** Another process owns the run; its result is waited for. */
  | { readonly type: 'waiting'; readonly id: string }
  /** What was there could not be gone on with and was set aside; the run begins anew. `reason`: a clause. */
  | { readonly type: 'restarted'; readonly id: string; readonly reason: string }
  /** Its process died; another one goes on from its last checkpoint. `reason`: a clause; `retry` counts from 1. */
  | {
      readonly type: 'retried';
      readonly id: string;
      readonly reason: string;
      readonly retry: number;
      readonly of: number;
    }
  | {
      readonly type: 'finished';
      readonly id: string;
      readonly status: 'complete' | 'diverged' | 'failed' | 'interrupted';
      readonly reason?: string;
      readonly wall?: WallSeconds;
    };
