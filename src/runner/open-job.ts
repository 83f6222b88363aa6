import type { Dataset } from '../datasets/dataset.ts';
import type { ResolvedRun } from '../spec/run.ts';
import type { OpenedTrial, RunJob } from './job.ts';

/**
 * Loads a run's data, rule, model and engine and opens its trial. The modules load here so that a worker can claim
 * its run before.
 */
export async function openJob({
  run,
  dataFolder,
  offline,
  ruleFile,
  modelFile,
}: RunJob): Promise<OpenedTrial> {
  if (run.model.type === 'problem') return openProblem(run, ruleFile);
  const { loadDataset } = await import('../datasets/index.ts');
  const dataset = await loadDataset(run.data, { folder: dataFolder, offline });
  return openTrialOf(run, dataset, { ruleFile, modelFile });
}

/** The same for a problem, which is computed here in float64 and needs neither engine nor data. */
export async function openProblem(run: ResolvedRun, ruleFile: string | undefined): Promise<OpenedTrial> {
  const [{ loadOptimizerFile, optimizerByName }, { openProblemTrial }] = await Promise.all([
    import('../optimizers/index.ts'),
    import('../training/problem-trial.ts'),
  ]);
  const { rule } = run.optimizerSettings;
  const optimizer = ruleFile === undefined ? optimizerByName(rule) : await loadOptimizerFile(ruleFile);
  return {
    trial: openProblemTrial(run, optimizer),
    engine: { name: 'reference', variant: 'float64', device: 'CPU' },
    threads: 1,
    data: {},
  };
}

/** The same on a data set that is there; the paths are those of the user's files, where the run has any. */
export async function openTrialOf(
  run: ResolvedRun,
  dataset: Dataset,
  { ruleFile, modelFile }: { ruleFile?: string | undefined; modelFile?: string | undefined },
): Promise<OpenedTrial> {
  const [{ loadEngine }, { loadOptimizerFile, optimizerByName }, { loadModelFile }, { openTrial }] =
    await Promise.all([
      import('../engines/index.ts'),
      import('../optimizers/index.ts'),
      import('../models/load.ts'),
      import('../training/trial.ts'),
    ]);
  const [engine, optimizer, model] = await Promise.all([
    loadEngine(run.engine),
    ruleFile === undefined ? optimizerByName(run.optimizerSettings.rule) : loadOptimizerFile(ruleFile),
    modelFile === undefined ? undefined : loadModelFile(modelFile),
  ]);
  const availability = await engine.availability();
  if (!availability.ok) throw new Error(`the engine ${engine.name} is gone: ${availability.reason}`);
  const { variant, device, threads } = availability;
  return {
    trial: await openTrial(run, { dataset, optimizer, engine, ...(model ? { model } : {}) }),
    engine: { name: engine.name, variant, device },
    threads,
    data: dataset.checksums,
  };
}
