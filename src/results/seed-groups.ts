import { groupBy } from '../group-by.ts';
import { type RunInfo, settingsOf } from './run-info.ts';

/** Runs that differ in nothing but their seed. */
export interface SeedGroup {
  readonly optimizer: string;
  readonly settings: ReadonlyMap<string, unknown>;
  /** By ascending seed. */
  readonly runs: readonly RunInfo[];
}

/**
 * In the order of the table. No group has two runs of one seed. What the columns of the tables lack tells such runs apart
 * (`beyond`), and where that is not known, every run of those columns is a group of its own, with its id as the setting
 * `run`: which of the other seeds belongs to which of the two would be a guess, and a band over both no spread of seeds.
 */
export function seedGroups(runs: readonly RunInfo[]): SeedGroup[] {
  const groups = groupBy(runs, (run) => JSON.stringify([columnsKey(run), [...(run.beyond ?? [])]]));
  return [...groups.values()].flatMap((members): SeedGroup[] => {
    const [{ optimizer, beyond, engine }] = members as [RunInfo];
    const settings = new Map([...settingsOf(members[0]!), ...(beyond ?? []), ['engine', engine]]);
    if (!hasSeedTwice(members)) {
      return [{ optimizer, settings, runs: members.sort((a, b) => a.seed - b.seed) }];
    }
    return members.map((run) => ({
      optimizer,
      settings: new Map([...settings, ['run', run.id]]),
      runs: [run],
    }));
  });
}

/** Equal for runs that have the same columns but for the seed and how far they are. */
export function columnsKey(run: RunInfo): string {
  return JSON.stringify([run.optimizer, [...settingsOf(run)], run.engine]);
}

export function hasSeedTwice(runs: readonly RunInfo[]): boolean {
  return new Set(runs.map(({ seed }) => seed)).size < runs.length;
}

/** For each group the settings that another group of the same optimizer has otherwise; empty for the only one. */
export function distinguishing(groups: readonly SeedGroup[]): ReadonlyMap<string, unknown>[] {
  return groups.map(({ optimizer, settings }) => {
    const others = groups.filter((other) => other.optimizer === optimizer);
    return new Map(
      [...settings].filter(([path, value]) => others.some((other) => other.settings.get(path) !== value)),
    );
  });
}
