import { InvalidArgumentError } from 'commander';
import { UsageError } from '../errors.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import { type ExperimentOptions, openExperiment } from './experiment.ts';

/** One of the shares of the work, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** `2/5`. Throws commander's error for anything else. */
export function parseShard(typed: string): Shard {
  const [, index, count] = /^(\d{1,6})\/(\d{1,6})$/.exec(typed)?.map(Number) ?? [];
  if (index === undefined || count === undefined || index < 1 || index > count) {
    throw new InvalidArgumentError('Expected one share of several, such as 1/3, 2/3 or 3/3.');
  }
  return { index, count };
}

export interface Selection extends ExperimentOptions {
  readonly all?: boolean;
  readonly shard?: Shard;
}

/**
 * The experiments that a command names, or every shipped one in every variant, or in the one that is named; of a shard
 * its runs only, and no experiment that has none of them.
 *
 * @throws UsageError for no experiment or two of one name, SpecError as `resolveExperiment` does.
 */
export async function selectExperiments(
  names: readonly string[],
  options: Selection,
): Promise<ResolvedExperiment[]> {
  const { all = false, shard } = options;
  if (all && names.length > 0) {
    throw new UsageError('--all means every experiment: leave the names or --all out.');
  }
  if (!all && names.length === 0) {
    throw new UsageError('name an experiment (see `adam-repro list`), or say --all for every one.');
  }
  const experiments = all ? await shippedExperiments(options) : await namedExperiments(names, options);
  return shard === undefined ? experiments : shareOf(experiments, shard);
}

async function namedExperiments(
  names: readonly string[],
  options: ExperimentOptions,
): Promise<ResolvedExperiment[]> {
  const experiments: ResolvedExperiment[] = [];
  for (const name of new Set(names)) {
    const experiment = await (await openExperiment(name, options)).resolve();
    if (experiments.some((other) => other.name === experiment.name)) {
      throw new UsageError(
        `two specs are named ${experiment.name}, and their results would share a folder: give one of them another name.`,
      );
    }
    experiments.push(experiment);
  }
  return experiments;
}

/** The same experiments with all their optimizers, those of the user's own included, and all their runs. */
export function wholeExperiments({
  names = [],
  only: _,
  shard: _s,
  ...options
}: Selection & { readonly names?: readonly string[] }): Promise<ResolvedExperiment[]> {
  return selectExperiments(names, { ...options, withClassics: true });
}

/** In the order of their names, variants together; the engine of the options is for those that have a choice. */
export async function shippedExperiments(options: ExperimentOptions): Promise<ResolvedExperiment[]> {
  const { listExperiments, loadSpec } = await import('../spec/load.ts');
  const { isProblemSpec } = await import('../spec/problem-spec.ts');
  const { nameHint } = await import('../spec/nearest.ts');
  const specs = await Promise.all(listExperiments().map(loadSpec));
  const variants = [...new Set(specs.flatMap((spec) => spec.variants))];
  const { variant } = options;
  if (variant !== undefined && !variants.includes(variant)) {
    throw new UsageError(`no experiment has a variant "${variant}"; ${nameHint(variant, variants)}`);
  }
  const chosen = listExperiments().flatMap((name, i) =>
    specs[i]!.variants.filter((v) => variant === undefined || v === variant).map((v) => ({
      name,
      v,
      isProblem: isProblemSpec(specs[i]!.source.data),
    })),
  );
  const { engine, ...others } = options;
  const experiments: ResolvedExperiment[] = [];
  for (const { name, v, isProblem } of chosen) {
    // Problems are float64 arithmetic whatever trains the networks.
    const theirs = isProblem || engine === undefined ? others : { ...others, engine };
    experiments.push(await (await openExperiment(name, { ...theirs, variant: v })).resolve());
  }
  return experiments;
}

/**
 * The split depends on the commands' experiments and options alone, not on what is done or on what engine this machine
 * has.
 */
async function shareOf(
  experiments: readonly ResolvedExperiment[],
  { index, count }: Shard,
): Promise<ResolvedExperiment[]> {
  const { costsOf, shares } = await import('../runner/index.ts');
  const { runId } = await import('../spec/hash.ts');
  const all = experiments.flatMap(({ runs, files }) => runs.map((run) => ({ run, modelFile: files.model })));
  const neutral = all.map(({ run, modelFile }) => {
    const alike = { ...run, engine: 'reference' as const };
    return { id: runId(alike), run: alike, modelFile, original: run };
  });
  const costs = await costsOf(neutral);
  const mine = new Set(
    shares(
      neutral,
      count,
      ({ id }) => costs.get(id)!.work,
      ({ id }) => id,
    )[index - 1]!.map(({ original }) => original),
  );
  return experiments
    .map((experiment) => ({ ...experiment, runs: experiment.runs.filter((run) => mine.has(run)) }))
    .filter(({ runs }) => runs.length > 0);
}
