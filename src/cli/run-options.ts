import { availableParallelism } from 'node:os';
import type { EngineName } from '../engines/engine.ts';
import type { ResolvedRun } from '../spec/run.ts';
import type { Selection } from './selection.ts';

export interface RunOptions extends Selection {
  /** Of the experiments, as they were typed. */
  readonly names?: readonly string[];
  readonly jobs?: number;
  readonly threads?: number;
  readonly tf32?: boolean;
  readonly fresh?: boolean;
  readonly dryRun?: boolean;
  /** The results folder. */
  readonly output: string;
  readonly mirror?: string;
  readonly offline?: boolean;
  /** Seconds. */
  readonly maxTime?: number;
}

/** One worker per core, or one alone on a GPU, and no more than there are runs to do. */
export async function jobsFor({ jobs }: RunOptions, engine: EngineName, due: number): Promise<number> {
  if (due <= 1) return 1;
  const { engineAvailability } = await import('../engines/index.ts');
  const found = await engineAvailability(engine);
  const atOnce =
    found.ok && found.gpu ? 1 : Math.ceil(availableParallelism() / (found.ok ? found.threads : 1));
  return Math.min(jobs ?? atOnce, due);
}

/** The limits of the runner for runs on one engine or several. */
export async function jobLimits(
  options: RunOptions,
  due: readonly ResolvedRun[],
): Promise<{ jobs: number; jobsOf: Partial<Record<EngineName, number>> }> {
  const jobsOf: Partial<Record<EngineName, number>> = {};
  for (const engine of new Set(due.map((run) => run.engine)))
    jobsOf[engine] = await jobsFor(options, engine, due.length);
  return { jobs: Math.max(1, ...Object.values(jobsOf)), jobsOf };
}

/** Hands what concerns the engine to this process and its workers: they read it from the environment. */
export function setEngineEnvironment({ threads, tf32 }: RunOptions, environment: NodeJS.ProcessEnv): void {
  if (threads !== undefined) environment.ADAM_REPRO_THREADS = String(threads);
  if (tf32) environment.NVIDIA_TF32_OVERRIDE = '1';
}
