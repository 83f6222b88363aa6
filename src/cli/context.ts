import type { Output } from './output.ts';

/** What a command works with besides its own arguments. */
export interface Context {
  readonly output: Output;
  readonly environment: NodeJS.ProcessEnv;
  /** The arguments as they were typed, for messages that name the command to go on with. */
  readonly argv: readonly string[];
  /** Set by a command whose work failed without an error being thrown. */
  exitCode: number;
}
