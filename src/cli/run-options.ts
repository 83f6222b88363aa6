import { availableParallelism } from 'node:os';
import type { ExperimentOptions } from './experiment.ts';

export interface RunOptions extends ExperimentOptions {
  readonly jobs?: number;
  readonly fresh?: boolean;
  readonly dryRun?: boolean;
  /** The results folder. */
  readonly output: string;
  readonly mirror?: string;
  readonly offline?: boolean;
}

/** One worker per core, and no more than there are runs to do. */
export function jobsFor({ jobs }: RunOptions, due: number): number {
  return Math.max(1, Math.min(jobs ?? availableParallelism(), due));
}
