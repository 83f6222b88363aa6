import { type Command, Option } from 'commander';
import { type CriterionName, criterionNames } from '../../spec/criterion.ts';
import type { ResolvedExperiment } from '../../spec/resolve.ts';
import { unitOf } from '../../spec/run.ts';
import type { Measurement, TunedOptimizer, TunePlan, TuneSetting } from '../../tuning/index.ts';
import type { Context } from '../context.ts';
import { openExperiment } from '../experiment.ts';
import { failureOf } from '../failure.ts';
import { cost, count } from '../format.ts';
import { helpText } from '../help-text.ts';
import { setEngineEnvironment } from '../run-options.ts';
import { searchDryRun } from '../search-dry-run.ts';
import { addSearchOptions, mapValues, type SearchOptions } from '../search-options.ts';
import { withStages } from '../search-run.ts';
import {
  fileLine,
  rangeText,
  rankingTable,
  searchedSettings,
  seedsText,
  shownCandidates,
  valueText,
  warnOfEdges,
} from '../search-text.ts';

interface TuneOptions extends SearchOptions {
  readonly criterion?: CriterionName;
  readonly extend?: boolean;
}

export function addTune(program: Command, context: Context): void {
  const command = program
    .command('tune')
    .summary('search the best settings of every optimizer, on the same budget')
    .description(
      helpText(
        'Trains every combination of the settings in the spec\'s section "tune" to the full length, the same number for every optimizer, and prints the best ones as lines for the spec. Without such a section it tries seven learning rates around each one in the spec. What is done is not repeated.',
        [
          ['adam-repro tune mnist-logreg'],
          ['adam-repro tune mnist-logreg -n', 'how much it is and how long it takes'],
          ['adam-repro tune mnist-mlp --only adam --epochs 20 --search adam.lr=[1e-4,3e-4,1e-3]'],
          ['adam-repro tune ./my-spec.yaml --criterion test-error --seeds 0,1,2 --extend'],
        ],
      ),
    )
    .argument('<experiment>', 'name of an experiment (see `adam-repro list`), or path of a spec');
  addSearchOptions(command)
    .addOption(new Option('--criterion <criterion>', 'what is minimized').choices(criterionNames))
    .option('--extend', 'go on beyond the end of a range while the best value lies there')
    .action(async (name: string, options: TuneOptions) => {
      setEngineEnvironment(options, context.environment);
      await tuneExperiment(name, options, context);
    });
}

async function tuneExperiment(name: string, options: TuneOptions, context: Context): Promise<void> {
  const { output } = context;
  const tuning = await import('../../tuning/index.ts');
  const { spec, resolve } = await openExperiment(name, options);
  const base = await resolve();
  const { search = [], criterion, extend = false } = options;
  const setting = tuning.planTune(spec, base, { search, extend, ...(criterion && { criterion }) });
  const { leftOut } = setting;
  const unit = unitOf(base.runs[0]!);
  const isProblem = unit === 'step';
  const whole = isProblem ? base.epochs : Math.max(...base.runs.map((run) => run.epochs));
  const epochs = lengthOf(options, setting, whole);
  const plan = withinEpochs(setting.plan, epochs);
  await tuning.checkCriterion(base, plan.criterion.name);
  const seeds = options.seeds === undefined && setting.seeds ? { seeds: setting.seeds.join(',') } : {};
  const candidate = tuning.candidateMaker({
    ...{ kind: 'tune', spec, resolve },
    changes: { ...(isProblem ? {} : { epochs: String(epochs) }), ...seeds },
    ...(isProblem && { steps: epochs }),
    evaluates: plan.criterion.name !== 'minibatch-cost',
  });
  if (leftOut.length > 0) output.note(`Not tuned, without a search space: ${leftOut.join(', ')}.`);
  if (options.dryRun) {
    const candidates = await tuning.tuneCandidates(plan, candidate);
    const sizes = mapValues(plan.axes, (axes) => tuning.combinations(axes).length);
    await searchDryRun({ base, stages: [{ epochs, sizes }], candidates }, options, context);
    return;
  }
  const { name: experiment, profile } = base;
  const place = { kind: 'tune' as const, resultsFolder: options.output, experiment, profile };
  tuning.readTable(place);
  const content = { criterion: criterionText(plan), optimizers: tuning.optimizerNames(spec) };
  const tuned = await withStages(base, options, context, (run) =>
    tuning.tune(plan, { candidate, run, measured: (found) => tuning.addToTable(place, content, found) }),
  );
  for (const { optimizer, edges } of tuned) {
    const remedy = extend ? 'Give --search a wider range.' : 'Try --extend, or --search with other values.';
    warnOfEdges(output, optimizer, edges, remedy);
  }
  const file = tuning.tablePath(place);
  const best = tuned.map(({ trials }) => trials[0]!);
  const found = best.filter(({ values }) => values !== undefined);
  const error = tuning.withoutResult(tuned, plan.criterion);
  const seedsUsed = best[0]!.candidate.runs.map(({ seed }) => seed);
  const what = `${criterionText(plan)} after ${count(epochs, unit)}`;
  const entries = tuning.entryLines(
    found.map((trial) => withLength(trial, base, epochs)),
    ({ values, candidate: { optimizer } }) => {
      const { trials } = tuned.find((t) => t.optimizer === optimizer)!;
      return `${what} ${cost(values!.value)}, best of ${trials.length}, ${seedsText(seedsUsed)}`;
    },
  );
  const length = `training: { ${unit}s: ${epochs} }`;
  const variant = epochs === whole ? entries : [length, ...entries];
  const lines =
    found.length === 0 ? [] : ['variants:', '  tuned:', ...tuning.indented(tuning.indented(variant))];
  const { engine } = base;
  output.result(
    {
      ...{ experiment, profile, engine, criterion: plan.criterion, epochs, seeds: seedsUsed },
      optimizers: tuned.map(documentOf),
      ...{ yaml: lines.map((line) => `${line}\n`).join(''), files: [file] },
      ...(error && { error: failureOf(error) }),
    },
    () =>
      [
        `${experiment}, profile ${profile}, engine ${engine}: ${what}, ${seedsText(seedsUsed)}, ${budgetText(tuned)}`,
        '',
        table(tuned, context),
        '',
        ...(lines.length === 0 ? [] : ['For the spec:', '', ...lines, '']),
        fileLine(file),
      ].join('\n'),
  );
  if (error === undefined) return;
  context.exitCode = error.exitCode;
  output.error(error.message);
}

/** An entry of a problem that has a number of steps of its own would keep it. */
function withLength(
  trial: Measurement,
  { runs, epochs: whole }: ResolvedExperiment,
  steps: number,
): Measurement {
  const { candidate } = trial;
  const run = runs.find(({ optimizer }) => optimizer === candidate.optimizer)!;
  if (unitOf(run) === 'epoch' || run.epochs === whole) return trial;
  return { ...trial, candidate: { ...candidate, settings: { ...candidate.settings, steps } } };
}

/** What is typed wins; a smaller profile does not train longer than it says. */
function lengthOf({ epochs: typed, set = [] }: TuneOptions, { epochs }: TuneSetting, length: number): number {
  const isTyped = typed !== undefined || set.some((setting) => /^training\.(epochs|steps)=/.test(setting));
  return isTyped || epochs === undefined ? length : Math.min(epochs, length);
}

/** Trials that are shorter than the epochs of the criterion count as a whole. */
function withinEpochs(plan: TunePlan, epochs: number): TunePlan {
  const { criterion } = plan;
  return { ...plan, criterion: { ...criterion, lastEpochs: Math.min(criterion.lastEpochs, epochs) } };
}

function criterionText({ criterion }: TunePlan): string {
  const { name, lastEpochs } = criterion;
  return name === 'minibatch-cost' && lastEpochs > 1 ? `${name}, last ${lastEpochs} epochs` : name;
}

function budgetText(tuned: readonly TunedOptimizer[]): string {
  const counts = new Set(tuned.map(({ trials }) => trials.length));
  return counts.size === 1
    ? `${count([...counts][0]!, 'trial')} for each optimizer`
    : `trials, extensions included: ${tuned.map(({ optimizer, trials }) => `${optimizer} ${trials.length}`).join(', ')}`;
}

function table(tuned: readonly TunedOptimizer[], { output }: Context): string {
  const shown = output.settings.verbose ? undefined : shownCandidates;
  const rows = tuned.flatMap(({ optimizer, axes, trials }) =>
    trials.slice(0, shown).map((trial) => ({
      name: optimizer,
      settings: searchedSettings(axes, trial.candidate.settings),
      cells: [valueText(trial), rangeText(trial)],
    })),
  );
  const columns = [
    { title: 'value', align: 'right' },
    { title: 'over seeds', align: 'right' },
  ] as const;
  return rankingTable('optimizer', columns, rows, output.paint);
}

function documentOf({ optimizer, axes, trials, edges }: TunedOptimizer) {
  return {
    optimizer,
    axes: axes.map(({ path, values }) => ({ path, values })),
    edges,
    trials: trials.map(({ candidate, status, values, range, ids }) => ({
      settings: candidate.settings,
      ...{ status, value: values?.value ?? null, range: range ?? null, runs: ids },
    })),
  };
}
