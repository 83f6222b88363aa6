import { type Command, InvalidArgumentError, Option } from 'commander';
import { engineNames } from '../engines/engine.ts';
import type { Spec } from '../spec/load.ts';
import type { Overrides } from '../spec/overrides.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import type { ProfileName } from '../spec/schema.ts';

/** Spelled out again so that `--help` needs no schema library. */
export const profileNames = ['smoke', 'quick', 'paper'] as const satisfies readonly ProfileName[];
export const defaultProfile = 'quick' satisfies ProfileName;

/** What a command line changes in a spec. */
export interface ExperimentOptions extends Overrides {
  /** With `optimizer`: do the spec's own optimizers too. */
  readonly withClassics?: boolean;
  readonly variant?: string;
  readonly profile?: ProfileName;
}

/** Adds the options that choose and change the runs of an experiment. */
export function addExperimentOptions(command: Command): Command {
  return command
    .addOption(
      new Option('-p, --profile <profile>', 'how much of the paper: smoke takes seconds, quick minutes')
        .choices(profileNames)
        .default(defaultProfile),
    )
    .option(
      '--variant <name>',
      'another variant of the experiment than the one as the paper drew it, such as tuned',
    )
    .option(
      '--set <key=value>',
      'change a value of the spec, such as optimizers.adam.lr=3e-4 (repeatable)',
      collect,
    )
    .option('--only <optimizers>', 'run these only, such as adam,adagrad')
    .option('--seeds <seeds>', 'seeds to run, such as 0,1,2')
    .option('--epochs <n>', 'train for so many epochs')
    .addOption(new Option('--engine <engine>', 'what computes').choices(['auto', ...engineNames]));
}

/** Parses an option. Throws commander's error for anything but 1, 2, ... */
export function wholeNumber(typed: string): number {
  const n = Number(typed);
  if (!Number.isInteger(n) || n < 1) throw new InvalidArgumentError('Expected a whole number from 1 on.');
  return n;
}

export function collect(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

/**
 * An experiment by name or path with everything filled in; `auto` stands for this machine's engine.
 *
 * @throws SpecError with all mistakes at once, UsageError for an unknown name.
 */
export async function resolveExperiment(
  nameOrFile: string,
  options: ExperimentOptions,
): Promise<ResolvedExperiment> {
  return (await openExperiment(nameOrFile, options)).resolve();
}

/** A spec that can be resolved again and again, each time with other changes on top of the command line's. */
export interface OpenedExperiment {
  readonly spec: Spec;
  resolve(changes?: Overrides): Promise<ResolvedExperiment>;
}

/** @throws SpecError with all mistakes at once, UsageError for an unknown name. */
export async function openExperiment(
  nameOrFile: string,
  {
    variant,
    profile = defaultProfile,
    set,
    seeds,
    epochs,
    engine,
    optimizer,
    withClassics = false,
    ...rest
  }: ExperimentOptions,
): Promise<OpenedExperiment> {
  const [{ loadSpec }, { requestedEngine, resolveSpec }, { resolveEngine }] = await Promise.all([
    import('../spec/load.ts'),
    import('../spec/resolve.ts'),
    import('../engines/index.ts'),
  ]);
  const { addedOptimizer } = await import('../spec/overrides.ts');
  const own = withClassics ? undefined : optimizer?.map((typed) => addedOptimizer(typed).name).join(',');
  const only = rest.only ?? own;
  const overrides: Overrides = {
    ...(optimizer === undefined ? {} : { optimizer }),
    ...(set === undefined ? {} : { set }),
    ...(only === undefined ? {} : { only }),
    ...(seeds === undefined ? {} : { seeds }),
    ...(epochs === undefined ? {} : { epochs }),
    ...(engine === undefined ? {} : { engine }),
  };
  const spec = await loadSpec(nameOrFile);
  const named = engineNames.find((name) => name === requestedEngine(spec, overrides));
  const options = {
    ...(variant === undefined ? {} : { variant }),
    profile,
    engine: named ?? (await resolveEngine('auto')),
  };
  return {
    spec,
    resolve: (changes = {}) => {
      const both = { ...overrides, ...changes, set: [...(set ?? []), ...(changes.set ?? [])] };
      return resolveSpec(spec, { ...options, overrides: both });
    },
  };
}

/**
 * What profile and command line leave out of the paper's experiment, or of a spec that belongs to no paper, as one
 * sentence; undefined where it is all of it.
 */
export function cutsSentence({
  profile,
  cuts,
  paper,
}: Pick<ResolvedExperiment, 'profile' | 'cuts' | 'paper'>): string | undefined {
  if (cuts.length === 0) return undefined;
  const against = paper === null ? 'the spec itself' : "the paper's";
  return `Profile ${profile}, against ${against}: ${cuts.join('; ')}.`;
}
