import type { ResolvedRun } from '../spec/run.ts';

/**
 * For each run that shares optimizer and seed with another one the settings in which those differ, such as
 * `lr=0.01, engine=wasm`; '' for a run that needs none to be told apart.
 */
export function distinguishingSettings(runs: readonly ResolvedRun[]): string[] {
  const settings = runs.map((run) => new Map(leaves('', run)));
  return runs.map((run, i) => {
    const namesakes = settings.filter((_, k) => {
      const other = runs[k]!;
      return other.optimizer === run.optimizer && other.seed === run.seed;
    });
    return [...settings[i]!]
      .filter(([path, value]) => namesakes.some((other) => other.get(path) !== value))
      .map(([path, value]) => `${path}=${value}`)
      .join(', ');
  });
}

/** Every value with its path as in a spec; digests are cut to what tells them apart. */
function* leaves(path: string, value: unknown): Generator<[string, string]> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) {
      const plain = key === 'optimizerSettings' || key === 'hyper';
      yield* leaves(plain ? path : path === '' ? key : `${path}.${key}`, inner);
    }
  } else if (value !== undefined) {
    const text = Array.isArray(value) ? JSON.stringify(value) : String(value);
    yield [path, path.endsWith('Digest') ? text.slice(0, 8) : text];
  }
}
