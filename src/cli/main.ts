import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { EXIT } from '../errors.ts';
import type { Context } from './context.ts';
import { failureOf } from './failure.ts';
import { Output } from './output.ts';
import { buildProgram } from './program.ts';
import { scanSettings } from './settings.ts';

/** What the executable calls: runs the command line of this process and sets its exit code. */
export function start(): void {
  // A reader that has seen enough (`| head`) ends the writing, not the work.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  const argv = process.argv.slice(2);
  const output = new Output(process, process.env);
  process.on('uncaughtException', (error) => {
    output.settings = scanSettings(argv);
    // Nothing can be relied on any more, so the program ends here and does not wait for what is still open.
    process.exit(reportFailure(output, error));
  });
  void runCommandLine(argv, output, process.env).then((exitCode) => {
    process.exitCode = exitCode;
  });
}

/** Runs one command line; resolves to its exit code and never rejects. */
export async function runCommandLine(
  argv: readonly string[],
  output: Output,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  output.settings = scanSettings(argv);
  const context: Context = { output, environment, argv, exitCode: EXIT.done };
  let help = '';
  try {
    const version = packageVersion();
    const program = buildProgram(context, version, (text) => {
      help += text;
    });
    await program.parseAsync(argv, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return endedByCommander(output, error, help);
    return reportFailure(output, error);
  }
}

/** Help, the version, or a mistake in the command line. */
function endedByCommander(output: Output, { code, message }: CommanderError, help: string): number {
  if (code === 'commander.version') {
    output.result({ version: help.trim() }, () => help.trim());
    return EXIT.done;
  }
  if (code === 'commander.helpDisplayed' || code === 'commander.help') {
    output.result({ help: help.trimEnd() }, () => help.trimEnd());
    return EXIT.done;
  }
  const said = message.replace(/^error: /, '').replace(/\n\(Did you mean (.*)\?\)$/, '; did you mean $1?');
  return report(output, { code: 'usage', message: said, exitCode: EXIT.usage });
}

function reportFailure(output: Output, error: unknown): number {
  const { debug } = output.settings;
  const exitCode = report(output, failureOf(error));
  if (debug && error instanceof Error) output.error(error.stack ?? error.message);
  return exitCode;
}

function report(output: Output, error: ReturnType<typeof failureOf>): number {
  if (error.code === 'stopped') output.notice(error.message);
  else output.error(error.message);
  if (output.settings.json && !output.documentWritten) output.result({ error }, () => '');
  return error.exitCode;
}

export function packageVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
