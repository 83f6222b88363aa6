/**
 * The command that goes on where this one stopped: the same words without `--fresh`, which would begin anew, and with
 * npx in front where that is how this program was started.
 */
export function resumeCommand(argv: readonly string[], environment: NodeJS.ProcessEnv): string {
  const throughNpx = environment.npm_command === 'exec' || environment.npm_lifecycle_event === 'npx';
  const words = argv.filter((word) => word !== '--fresh').map(quoted);
  return [...(throughNpx ? ['npx'] : []), 'adam-repro', ...words].join(' ');
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
