import { optimizerByName } from '../../src/optimizers/index.ts';
import type { ResolvedExperiment } from '../../src/spec/resolve.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';
import { openProblemTrial } from '../../src/training/problem-trial.ts';
import { record } from '../training/runs.ts';

/** The rows of one run of a problem, by metric: values by step. */
export async function measuredOf(run: ResolvedRun): Promise<Record<string, Map<number, number>>> {
  const { rows } = await record(openProblemTrial(run, optimizerByName(run.optimizerSettings.rule)));
  const measured: Record<string, Map<number, number>> = {};
  for (const { metric, step, value } of rows) {
    measured[metric] ??= new Map();
    measured[metric].set(step, value);
  }
  return measured;
}

/** The first run of an optimizer, on the first seed. */
export function runOf({ runs }: Pick<ResolvedExperiment, 'runs'>, optimizer: string): ResolvedRun {
  const run = runs.find((candidate) => candidate.optimizer === optimizer);
  if (run === undefined) throw new Error(`no run of ${optimizer}`);
  return run;
}
