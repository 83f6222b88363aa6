import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { adamRepro, type Ended } from '../cli/built.ts';

/** What downloads, or changes what a user has installed: a page has to mark these as not run. */
const offLimits = /^(engine (install|remove)|data fetch)\b/;

/** The command lines of a block that has nothing else; without their comments. */
export function commandsOf(code: string): string[] | undefined {
  const lines = code.split('\n').map((line) => line.replace(/\s+# .*$/, '').trim());
  const commands = lines.filter((line) => line !== '');
  return commands.every((line) => adamReproPart(line) !== undefined) ? commands : undefined;
}

/** Without what stands around: `npx`, redirections, `eval "$(...)"`. */
function adamReproPart(line: string): string | undefined {
  return /^(?:eval "\$\()?(?:npx )?adam-repro ([^|>)]+)/.exec(line)?.[1]?.trim();
}

/**
 * Runs the line in small: an experiment on MNIST becomes `small.yaml`, which trains at once and has the same optimizers,
 * and a search is a dry run.
 */
export function runCommand(line: string, cwd: string): Ended {
  const part = adamReproPart(line)!;
  if (offLimits.test(part)) throw new Error(`${part} must not be run by a test: mark its block as not run.`);
  const words = part.split(/\s+/);
  const [command] = words;
  const isDry = words.includes('-n');
  if (command === 'run' && !isDry) {
    const at = words.findIndex((word) => /^mnist-/.test(word));
    if (at >= 0) words[at] = 'small.yaml';
  }
  if ((command === 'tune' || command === 'recover') && !isDry) words.push('-n');
  // Nothing of the user's is read or changed: data, engines and caches are those of the folder.
  const env = { ADAM_REPRO_DATA: join(cwd, 'data'), ADAM_REPRO_STORE: join(cwd, 'store') };
  const ended = adamRepro(words, { cwd, env });
  // A page tells the reader to replace what `init` wrote by the rule that it shows.
  const shown = join(cwd, 'rules/mine.ts');
  if (command === 'init' && existsSync(shown)) copyFileSync(shown, join(cwd, 'mine.ts'));
  return ended;
}
