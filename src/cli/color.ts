export type When = 'auto' | 'always' | 'never';

export interface ColorQuestion {
  /** `--color` or `--no-color`; undefined where neither was given. */
  readonly flag: When | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly isTerminal: boolean;
}

/**
 * Whether one stream gets colour. The first that says something wins: the flag, NO_COLOR, FORCE_COLOR or
 * CLICOLOR_FORCE, TERM=dumb, and then whether the stream is a terminal.
 */
export function wantsColor({ flag, environment, isTerminal }: ColorQuestion): boolean {
  if (flag === 'always') return true;
  if (flag === 'never') return false;
  if (environment.NO_COLOR) return false;
  const forced = environment.FORCE_COLOR || environment.CLICOLOR_FORCE;
  if (forced) return forced !== '0' && forced !== 'false';
  return isTerminal && environment.TERM !== 'dumb';
}

/**
 * Whether progress is a block that is redrawn in place. Only a terminal that can move its cursor has one, unless it is
 * asked for with `--progress always`.
 */
export function wantsLiveBlock({ flag, environment, isTerminal }: ColorQuestion): boolean {
  if (flag === 'always') return true;
  return flag !== 'never' && isTerminal && environment.TERM !== 'dumb';
}
