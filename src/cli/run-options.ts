import { availableParallelism } from 'node:os';
import type { EngineName } from '../engines/engine.ts';
import type { ExperimentOptions } from './experiment.ts';

export interface RunOptions extends ExperimentOptions {
  readonly jobs?: number;
  readonly threads?: number;
  readonly tf32?: boolean;
  readonly fresh?: boolean;
  readonly dryRun?: boolean;
  /** The results folder. */
  readonly output: string;
  readonly mirror?: string;
  readonly offline?: boolean;
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

/** Hands what concerns the engine to this process and its workers: they read it from the environment. */
export function setEngineEnvironment({ threads, tf32 }: RunOptions, environment: NodeJS.ProcessEnv): void {
  if (threads !== undefined) environment.ADAM_REPRO_THREADS = String(threads);
  if (tf32) environment.NVIDIA_TF32_OVERRIDE = '1';
}
