import type { When } from './color.ts';
import { defaultSettings, type OutputSettings } from './output.ts';

export const whens = ['auto', 'always', 'never'] as const satisfies readonly When[];

/** The global options as commander parsed them. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly debug?: boolean;
  /** `--no-color` is false; without either flag commander says true. */
  readonly color?: When | boolean;
  readonly progress?: When;
}

export function settingsOf(options: GlobalOptions): OutputSettings {
  const { json = false, quiet = false, verbose = false, debug = false, color, progress = 'auto' } = options;
  const flag = color === false ? 'never' : typeof color === 'string' ? color : undefined;
  return { json, quiet, verbose, debug, color: flag, progress };
}

/**
 * The same from the raw arguments, for what has to be said before or instead of parsing them: a mistyped flag is
 * reported as JSON too where `--json` stands beside it.
 */
export function scanSettings(argv: readonly string[]): OutputSettings {
  const end = argv.indexOf('--');
  const flags = end < 0 ? argv : argv.slice(0, end);
  const has = (...names: string[]): boolean => names.some((name) => flags.includes(name));
  const color = whens.find(
    (when) => flags.includes(`--color=${when}`) || flags[flags.indexOf('--color') + 1] === when,
  );
  return {
    ...defaultSettings,
    json: has('--json'),
    quiet: has('-q', '--quiet'),
    verbose: has('-v', '--verbose'),
    debug: has('--debug'),
    color: has('--no-color')
      ? 'never'
      : has('--color') || flags.some((f) => f.startsWith('--color='))
        ? color
        : undefined,
  };
}
