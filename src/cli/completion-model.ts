import type { Command } from 'commander';

export interface CompletionFlag {
  /** Such as `-q` and `--quiet`. */
  readonly names: readonly string[];
  readonly summary: string;
  /** Words to offer after it; empty for a value that is free, undefined where it takes none. */
  readonly values?: readonly string[];
}

export interface CompletionCommand {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly CompletionFlag[];
  /** Words to offer in place of an argument. */
  readonly words: readonly string[];
  /** Whether a file may stand there as well. */
  readonly files: boolean;
}

export interface CompletionNames {
  readonly experiments: readonly string[];
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
  const words: Readonly<Record<string, readonly string[]>> = {
    run: names.experiments,
    show: names.experiments,
    status: names.experiments,
    validate: names.experiments,
    data: [...subcommands(program, 'data'), ...names.datasets],
    engine: [...subcommands(program, 'engine'), 'tensorflow'],
    completion: ['bash', 'zsh', 'fish', 'powershell'],
    help: [...commandNames, ...names.topics],
  };
  return {
    commands: program.commands.map((command) => ({
      name: command.name(),
      summary: command.summary(),
      flags: [...[command, ...command.commands].flatMap((c) => flagsOf(c, names)), ...global],
      words: words[command.name()] ?? [],
      files: ['run', 'show', 'validate'].includes(command.name()),
    })),
  };
}

function subcommands(program: Command, name: string): string[] {
  return program.commands.find((c) => c.name() === name)?.commands.map((c) => c.name()) ?? [];
}

function flagsOf(command: Command, names: CompletionNames): CompletionFlag[] {
  const values: Readonly<Record<string, readonly string[]>> = {
    '--only': names.optimizers,
    '--set': [
      'training.epochs=',
      'training.batchSize=',
      ...names.optimizers.map((name) => `optimizers.${name}.lr=`),
    ],
  };
  return command.options.map(({ short, long, description, argChoices, required, optional }) => ({
    names: [short, long].filter((name) => name !== undefined),
    summary: description,
    ...(required || optional ? { values: argChoices ?? values[long ?? ''] ?? [] } : {}),
  }));
}
