import { groupBy } from '../group-by.ts';
import { isFinished } from '../results/run-info.ts';
import type { RunStatus } from '../runner/events.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import type { ResolvedRun } from '../spec/run.ts';
import { mean, type Spread, spreadOf } from '../statistics.ts';
import { distinguishingSettings } from './distinguishing-settings.ts';
import type { ExperimentOptions } from './experiment.ts';

/** How optimizers of the user's own do beside those of the experiment, as far as there are results. */
export interface OwnComparison {
  readonly experiment: string;
  /** What the rank goes by, such as `minibatch-cost`. */
  readonly criterion: string;
  /** The optimizer whose step the others are measured by: the simplest rule that is done; null for none. */
  readonly baseline: string | null;
  /** The best first; optimizers without a complete run last, without a rank. */
  readonly rows: readonly ComparedOptimizer[];
  /** Optimizers with runs that are not done, and how many. */
  readonly missing: readonly { readonly optimizer: string; readonly runs: number; readonly of: number }[];
}

export interface ComparedOptimizer {
  readonly optimizer: string;
  readonly own: boolean;
  readonly rank: number | null;
  /** Of the best setting where there are several; '' where there is one. */
  readonly setting: string;
  readonly complete: number;
  readonly diverged: number;
  /** Median, lowest and highest value of the criterion over the seeds. */
  readonly value: Spread | null;
  /** Of training alone, mean over the runs. */
  readonly secondsPerStep: number | null;
  readonly timesBaseline: number | null;
  /** Numbers that the rule keeps for each parameter; SGD keeps none. */
  readonly stateSlots: number;
}

interface Told {
  readonly run: ResolvedRun;
  readonly told: string;
  readonly status: RunStatus;
  readonly value: number | undefined;
  readonly secondsPerStep: number | undefined;
}

/**
 * Reads the results folder and computes nothing that takes time. `name` and `options` as `run` got them, with the own
 * optimizers in `options.optimizer`.
 */
export async function compareOwn(
  name: string,
  options: ExperimentOptions,
  resultsFolder: string,
): Promise<OwnComparison> {
  const [{ openExperiment }, { addedOptimizer }, { experimentCriterion, criterionValue }, results] =
    await Promise.all([
      import('./experiment.ts'),
      import('../spec/overrides.ts'),
      import('../tuning/index.ts'),
      import('../results/index.ts'),
    ]);
  const { only: _, ...rest } = options;
  const { spec, resolve } = await openExperiment(name, { ...rest, withClassics: true });
  const experiment = await resolve();
  const criterion = experimentCriterion(spec);
  const system = results.localSystem();
  const folder = results.runsFolder(resultsFolder, experiment.name, experiment.profile);
  const tellings = distinguishingSettings(experiment.runs);
  const told = experiment.runs.map((run, i): Told => {
    const { state, lines, wall } = results.readRun(system, folder, run);
    const done = state.status === 'complete';
    const steps = Math.max(0, ...lines.map((line) => Number(line.split(',')[1])));
    return {
      ...{ run, told: tellings[i]!, status: state.status },
      value: done ? criterionValue(criterion, lines)?.value : undefined,
      secondsPerStep: wall !== undefined && wall.train > 0 && steps > 0 ? wall.train / steps : undefined,
    };
  });
  const own = (options.optimizer ?? []).map((typed) => addedOptimizer(typed).name);
  const slots = await stateSlots(experiment);
  return {
    ...{ experiment: experiment.name, criterion: criterion.name },
    ...ranking(told, own, slots),
  };
}

/** The table's rows from what is known of each run. */
export function ranking(
  runs: readonly Told[],
  own: readonly string[],
  slots: ReadonlyMap<string, number>,
): Pick<OwnComparison, 'baseline' | 'rows' | 'missing'> {
  const byOptimizer = [...groupBy(runs, ({ run }) => run.optimizer)];
  const found = byOptimizer.map(([optimizer, all]) => ({ optimizer, all, best: bestSetting(all) }));
  const time = ({ best }: (typeof found)[number]): number | undefined =>
    meanOfKnown(best.map((r) => r.secondsPerStep));
  const baseline = ['sgd', 'momentum', 'nesterov']
    .flatMap((rule) => found.filter(({ all }) => all[0]!.run.optimizerSettings.rule === rule))
    .find((one) => time(one) !== undefined && one.best.some(({ status }) => status === 'complete'));
  const baseTime = baseline && time(baseline);
  const rows = found
    .map((one) => {
      const { optimizer, best } = one;
      const values = best.flatMap(({ value }) => value ?? []);
      const seconds = time(one);
      return {
        ...{ optimizer, own: own.includes(optimizer), setting: best[0]!.told },
        complete: best.filter(({ status }) => status === 'complete').length,
        diverged: best.filter(({ status }) => status === 'diverged').length,
        value: values.length === 0 ? null : spreadOf(values),
        secondsPerStep: seconds ?? null,
        timesBaseline: seconds === undefined || baseTime === undefined ? null : seconds / baseTime,
        stateSlots: slots.get(optimizer) ?? 0,
      };
    })
    .filter(({ complete, diverged }) => complete + diverged > 0)
    .sort((a, b) => (a.value?.median ?? Infinity) - (b.value?.median ?? Infinity) || 0)
    .map((row, i) => ({ ...row, rank: row.value === null ? null : i + 1 }));
  const missing = byOptimizer.flatMap(([optimizer, all]) => {
    const open = all.filter((run) => !isFinished(run)).length;
    return open === 0 ? [] : [{ optimizer, runs: open, of: all.length }];
  });
  return { baseline: baseline?.optimizer ?? null, rows, missing };
}

/** The runs of the setting with the lowest median; of the first one where none has a value. */
function bestSetting(runs: readonly Told[]): readonly Told[] {
  const settings = [...groupBy(runs, ({ told }) => told).values()];
  const median = (members: readonly Told[]): number => {
    const values = members.flatMap(({ value }) => value ?? []);
    return values.length === 0 ? Infinity : spreadOf(values).median;
  };
  return settings.reduce((a, b) => (median(b) < median(a) ? b : a));
}

function meanOfKnown(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : mean(known);
}

async function stateSlots({ runs, files }: ResolvedExperiment): Promise<Map<string, number>> {
  const { loadOptimizerFile, optimizerByName, traceRule } = await import('../optimizers/index.ts');
  const slots = new Map<string, number>();
  for (const { optimizer, optimizerSettings } of runs) {
    if (slots.has(optimizer)) continue;
    const file = files.rules[optimizer];
    const rule = file === undefined ? optimizerByName(optimizerSettings.rule) : await loadOptimizerFile(file);
    slots.set(optimizer, Object.keys(traceRule(rule, optimizerSettings.hyper).state).length);
  }
  return slots;
}
