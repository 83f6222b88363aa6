/**
 * The longest first, so that no long run is left for one worker alone at the end. Runs within a factor of two of the
 * longest of their group count as equally long and keep their order: after the first seed there is a whole comparison.
 */
export function longestFirst<T>(runs: readonly T[], length: (run: T) => number): T[] {
  const sorted = runs.map((run, i) => ({ run, i, work: length(run) })).sort((a, b) => b.work - a.work);
  const groups: (typeof sorted)[] = [];
  for (const entry of sorted) {
    const group = groups.at(-1);
    if (group !== undefined && entry.work * 2 >= group[0]!.work) group.push(entry);
    else groups.push([entry]);
  }
  return groups.flatMap((group) => group.sort((a, b) => a.i - b.i)).map(({ run }) => run);
}

/**
 * Splits runs among machines: the costliest first, each to the share that has the least so far. The same on every
 * machine, whatever is done there already.
 *
 * @param key tells the runs apart, to settle ties.
 */
export function shares<T>(
  runs: readonly T[],
  count: number,
  cost: (run: T) => number,
  key: (run: T) => string,
): T[][] {
  const sorted = runs
    .map((run) => ({ run, cost: cost(run), key: key(run) }))
    .sort((a, b) => b.cost - a.cost || (a.key < b.key ? -1 : 1));
  const parts = Array.from({ length: count }, () => ({ runs: new Set<T>(), cost: 0 }));
  for (const entry of sorted) {
    const least = parts.reduce((best, part) => (part.cost < best.cost ? part : best));
    least.runs.add(entry.run);
    least.cost += entry.cost;
  }
  return parts.map((part) => runs.filter((run) => part.runs.has(run)));
}
