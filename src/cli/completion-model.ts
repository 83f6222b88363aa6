import type { Command } from 'commander';

export interface CompletionFlag {
  /** Such as `-q` and `--quiet`. */
  readonly names: readonly string[];
  readonly summary: string;
  /** Words to offer after it; empty for a value that is free, undefined where it takes none. */
  readonly values?: readonly string[];
  /** In place of these where the experiment is named before. */
  readonly byExperiment?: Readonly<Record<string, readonly string[]>>;
  /** Whether several may be given, with commas between. */
  readonly list?: boolean;
}

export interface CompletionCommand {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly CompletionFlag[];
  /** Words to offer in place of an argument, or of the subcommand where there are any. */
  readonly words: readonly string[];
  /** Words to offer after a subcommand. */
  readonly after: Readonly<Record<string, readonly string[]>>;
  /** Whether a file may stand there as well. */
  readonly files: boolean;
}

export interface CompletionNames {
  /** By name, with the optimizers that each one has. */
  readonly experiments: Readonly<Record<string, readonly string[]>>;
  /** Variants by the name of the experiment, where it has more than one. */
  readonly variants: Readonly<Record<string, readonly string[]>>;
  /** The shipped rules, for specs that are not known here. */
  readonly optimizers: readonly string[];
  readonly datasets: readonly string[];
  readonly topics: readonly string[];
}

export interface CompletionModel {
  readonly commands: readonly CompletionCommand[];
}

/** What the four shells are told, read off the commands themselves so that it cannot fall behind them. */
export function completionModel(program: Command, names: CompletionNames): CompletionModel {
  const help: CompletionFlag = { names: ['-h', '--help'], summary: 'help for the command' };
  const global = [...flagsOf(program, names), help];
  const commandNames = program.commands.map((command) => command.name());
  const experiments = Object.keys(names.experiments);
  const words: Readonly<Record<string, readonly string[]>> = {
    run: experiments,
    tune: experiments,
    recover: experiments,
    show: experiments,
    status: experiments,
    validate: experiments,
    report: experiments,
    compare: experiments,
    data: subcommands(program, 'data'),
    init: subcommands(program, 'init'),
    explain: [...names.optimizers, 'sgdw', 'adamw'],
    engine: subcommands(program, 'engine'),
    completion: ['bash', 'zsh', 'fish', 'powershell'],
    help: [...commandNames, ...names.topics],
  };
  const afterSubcommand: Readonly<Record<string, CompletionCommand['after']>> = {
    data: { fetch: names.datasets, verify: names.datasets },
    engine: { install: ['tensorflow'], remove: ['tensorflow'] },
  };
  return {
    commands: program.commands.map((command) => ({
      name: command.name(),
      summary: command.summary(),
      flags: [...[command, ...command.commands].flatMap((c) => flagsOf(c, names)), ...global],
      words: words[command.name()] ?? [],
      after: afterSubcommand[command.name()] ?? {},
      files: [
        'run',
        'tune',
        'recover',
        'show',
        'validate',
        'check',
        'explain',
        'init',
        'report',
        'compare',
      ].includes(command.name()),
    })),
  };
}

function subcommands(program: Command, name: string): string[] {
  return program.commands.find((c) => c.name() === name)?.commands.map((c) => c.name()) ?? [];
}

function flagsOf(command: Command, names: CompletionNames): CompletionFlag[] {
  const settings = (optimizers: readonly string[]): string[] => [
    'training.epochs=',
    'training.batchSize=',
    ...optimizers.map((name) => `optimizers.${name}.lr=`),
  ];
  const entries = Object.entries(names.experiments);
  const values: Readonly<Record<string, Pick<CompletionFlag, 'values' | 'byExperiment' | 'list'>>> = {
    '--only': { values: names.optimizers, byExperiment: names.experiments, list: true },
    '--variant': {
      values: [...new Set(Object.values(names.variants).flat())],
      byExperiment: names.variants,
    },
    '--set': {
      values: settings([]),
      byExperiment: Object.fromEntries(entries.map(([name, optimizers]) => [name, settings(optimizers)])),
    },
  };
  return command.options.map(({ short, long, description, argChoices, required, optional }) => ({
    names: [short, long].filter((name) => name !== undefined),
    summary: description,
    ...(required || optional ? { values: argChoices ?? [], ...values[long ?? ''] } : {}),
  }));
}
