import type { SeedGroup } from '../results/seed-groups.ts';

export interface Pair {
  readonly a: SeedGroup;
  readonly b: SeedGroup;
}

export interface Paired {
  readonly pairs: readonly Pair[];
  readonly onlyA: readonly SeedGroup[];
  readonly onlyB: readonly SeedGroup[];
}

/**
 * Pairs what is most alike first: the same settings on the same engine, then the same runs, then the same settings on any
 * engine. Last, the one setting that an optimizer is left with on each side, whatever it is.
 */
export function pairGroups(a: readonly SeedGroup[], b: readonly SeedGroup[]): Paired {
  const [left, right] = [[...a], [...b]];
  const pairs: Pair[] = [];
  const take = (like: (group: SeedGroup, others: readonly SeedGroup[]) => SeedGroup | undefined): void => {
    for (const group of [...left]) {
      const other = like(group, right);
      if (other === undefined) continue;
      pairs.push({ a: group, b: other });
      left.splice(left.indexOf(group), 1);
      right.splice(right.indexOf(other), 1);
    }
  };
  const onOneEngine = (x: SeedGroup, y: SeedGroup): boolean =>
    x.settings.get('engine') === y.settings.get('engine');
  take((group, others) =>
    others.find((other) => settings(other) === settings(group) && onOneEngine(other, group)),
  );
  take((group, others) =>
    others.find(
      (other) => columns(other) === columns(group) && onOneEngine(other, group) && shareRun(group, other),
    ),
  );
  take((group, others) => others.find((other) => settings(other) === settings(group)));
  take((group, others) => {
    const alike = (other: SeedGroup): boolean => other.optimizer === group.optimizer;
    const [other, ...more] = others.filter(alike);
    return left.filter(alike).length === 1 && more.length === 0 ? other : undefined;
  });
  // Each step takes its share of all groups: in the order of A again.
  pairs.sort((x, y) => a.indexOf(x.a) - a.indexOf(y.a));
  return { pairs, onlyA: left, onlyB: right };
}

/**
 * A run's id is the hash of all that determines it, so it also matches runs of which only one side knows what the columns
 * of the tables lack.
 */
const shareRun = (x: SeedGroup, y: SeedGroup): boolean =>
  x.runs.some(({ id }) => y.runs.some((run) => run.id === id));

/** All settings but the engine, which is what two folders may differ in. */
const settings = ({ optimizer, settings: of }: SeedGroup): string =>
  JSON.stringify([optimizer, ...[...of].filter(([path]) => path !== 'engine')]);

/** The same of what is in the columns of the tables alone. */
const columns = ({ optimizer, settings: of, runs }: SeedGroup): string =>
  JSON.stringify([
    optimizer,
    ...[...of].filter(([path]) => path !== 'engine' && path !== 'run' && !runs[0]!.beyond?.has(path)),
  ]);
