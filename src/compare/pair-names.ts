import type { SeedGroup } from '../results/seed-groups.ts';
import type { Pair } from './pair-groups.ts';

/** What a row is called: the optimizer, and the settings that tell it from other groups of the optimizer. */
export interface PairNames {
  readonly optimizer: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** `toldA` and `toldB` are what tells the group from the others of its side. */
export function namesOf(
  { a, b }: Pair,
  toldA: SeedGroup['settings'] = new Map(),
  toldB: SeedGroup['settings'] = new Map(),
): PairNames {
  const both = (x: unknown, y: unknown): unknown => (x === y ? x : `${x} | ${y}`);
  const engines = [a, b].map(({ settings }) => settings.get('engine') ?? 'no engine');
  const isEngineTold = toldA.has('engine') || toldB.has('engine');
  return {
    optimizer: String(both(a.optimizer, b.optimizer)),
    settings: Object.fromEntries([
      ...[...toldA].filter(([path]) => path !== 'engine'),
      // What the two differ in is named elsewhere.
      ...[...toldB].filter(([path, value]) => a.settings.get(path) === value && path !== 'engine'),
      ...(isEngineTold ? [['engine', both(engines[0], engines[1])] as const] : []),
    ]),
  };
}

/** `path` of A and of B where they differ, but for the engine and what only one side can know. */
export function changesOf({ a, b }: Pair): Record<string, readonly [a: unknown, b: unknown]> {
  const paths = new Set([...a.settings.keys(), ...b.settings.keys()]);
  const isKnown = (path: string): boolean =>
    [a, b].every(({ settings }) => settings.has(path)) ||
    ![a, b].some(({ runs }) => runs[0]!.beyond?.has(path));
  const changes = [...paths]
    .filter((path) => path !== 'engine' && path !== 'run' && isKnown(path))
    .map((path) => [path, [a.settings.get(path) ?? null, b.settings.get(path) ?? null]] as const)
    .filter(([, [x, y]]) => x !== y);
  return Object.fromEntries(changes);
}
