import { isAbsolute } from 'node:path';
import { stringify } from 'yaml';
import type { Axis } from './grids.ts';
import { canonicalJson } from './hash.ts';
import type { ResolvedExperiment } from './resolve.ts';
import type { ResolvedRun, ScheduleSettings, WeightDecaySettings } from './run.ts';

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
    ...writtenTask(run),
    engine: experiment.engine,
    seeds: experiment.seeds,
    ...writtenGrid(experiment.grids.shared, 0),
    optimizers: Object.fromEntries(
      experiment.optimizers.map(({ name, label, paperCurve }) => {
        const runs = experiment.runs.filter((r) => r.optimizer === name);
        const curve = paperCurve === undefined ? {} : { paperCurve: paperCurve.name };
        const grid = writtenGrid(experiment.grids.byOptimizer.get(name) ?? [], 2);
        return [name, { ...writtenEntry(runs, label), ...ownTask(runs[0]!, run), ...curve, ...grid }];
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

/** What is trained on what, and for how long. */
function writtenTask({ data, model, batchSize, epochs, evaluation }: ResolvedRun) {
  if (model.type === 'problem') return writtenProblem({ model, epochs, evaluation });
  const written = model.type === 'file' ? { type: model.type, file: model.file } : model;
  return { data, model: written, training: { batchSize, epochs }, evaluation };
}

function writtenProblem({ model, epochs, evaluation }: Pick<ResolvedRun, 'model' | 'epochs' | 'evaluation'>) {
  const problem = model.type === 'problem' ? model.problem : undefined;
  return { problem, training: { steps: epochs }, evaluation: { every: evaluation.every } };
}

/** Where an entry has settings of its own for the model or the problem, they are written into the entry. */
function ownTask(run: ResolvedRun, first: ResolvedRun) {
  if (run.model.type !== 'problem') {
    const same = canonicalJson(run.model) === canonicalJson(first.model);
    return same || run.model.type === 'file' ? {} : { model: withoutType(run.model) };
  }
  const [own, shared] = [writtenProblem(run), writtenProblem(first)];
  return {
    ...(JSON.stringify(own.problem) === JSON.stringify(shared.problem) ? {} : { problem: own.problem }),
    ...(run.epochs === first.epochs ? {} : { steps: run.epochs }),
    ...(run.evaluation.every === first.evaluation.every ? {} : { every: run.evaluation.every }),
  };
}

const withoutType = ({ type: _, ...settings }: ResolvedRun['model']) => settings;

/** The entry of runs that differ in nothing but their grids. */
function writtenEntry(runs: readonly ResolvedRun[], label: string) {
  const { rule, hyper, schedule, warmupSteps, weightDecay } = runs[0]!.optimizerSettings;
  return {
    ...{ rule, label, ...hyper, warmupSteps },
    schedule: writtenSchedule(schedule, runs),
    weightDecay: weightDecay?.normalized === undefined ? weightDecay : withoutRate(weightDecay),
  };
}

/** A cosine as long as its run is left to be so where the runs have different lengths. */
function writtenSchedule(schedule: ScheduleSettings, runs: readonly ResolvedRun[]) {
  const lengths = new Set(runs.map(({ epochs }) => epochs));
  return schedule.type === 'cosine' && lengths.size > 1 && schedule.epochs === runs[0]!.epochs
    ? { type: schedule.type }
    : schedule;
}

const withoutRate = ({ mode, normalized }: WeightDecaySettings) => ({ mode, normalized });

/** `depth`: how much of the path stands around the grid. */
function writtenGrid(axes: readonly Axis[], depth: number) {
  if (axes.length === 0) return {};
  return { grid: Object.fromEntries(axes.map(({ path, values }) => [path.slice(depth).join('.'), values])) };
}
