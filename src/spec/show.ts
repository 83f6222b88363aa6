import { isAbsolute } from 'node:path';
import { stringify } from 'yaml';
import type { ResolvedExperiment } from './resolve.ts';
import type { OptimizerSettings, ResolvedRun } from './run.ts';

/**
 * A resolved experiment as a spec in which every default is written out. Saved as a file, it resolves to the same
 * runs, with the same ids, in every profile; in the folder of the original where it names files of its own.
 */
export function showSpec(experiment: ResolvedExperiment): string {
  const run = experiment.runs[0]!;
  const cuts =
    experiment.cuts.length === 0 ? '' : `# Against the paper profile: ${experiment.cuts.join('; ')}.\n`;
  // Paths stay as they are written: they belong to the runs' ids.
  const files = hasRelativeFiles(experiment)
    ? `# Save it in ${experiment.folder}: the files it names are looked up beside it.\n`
    : '';
  const spec = {
    name: experiment.name,
    title: experiment.title,
    ...(experiment.paper === null ? {} : { paper: experiment.paper }),
    data: run.data,
    model: writtenModel(run),
    training: { batchSize: run.batchSize, epochs: run.epochs },
    evaluation: run.evaluation,
    engine: experiment.engine,
    seeds: experiment.seeds,
    optimizers: Object.fromEntries(
      experiment.optimizers.map(({ name, label }) => {
        const settings = experiment.runs.find((r) => r.optimizer === name)!.optimizerSettings;
        return [name, writtenEntry(settings, label)];
      }),
    ),
  };
  return `# ${experiment.name}, profile ${experiment.profile}, with every default written out.\n${cuts}${files}${stringify(spec)}`;
}

function hasRelativeFiles({ runs }: ResolvedExperiment): boolean {
  return runs.some(
    ({ model, optimizerSettings: { rule, ruleDigest } }) =>
      (model.type === 'file' && !isAbsolute(model.file)) || (ruleDigest !== undefined && !isAbsolute(rule)),
  );
}

function writtenModel({ model }: ResolvedRun) {
  return model.type === 'file' ? { type: model.type, file: model.file } : model;
}

function writtenEntry({ rule, hyper, schedule, warmupSteps, weightDecay }: OptimizerSettings, label: string) {
  return { rule, label, ...hyper, schedule, warmupSteps, weightDecay };
}
