import { type RunInfo, settingsOf } from '../results/run-info.ts';
import { distinguishing, seedGroups } from '../results/seed-groups.ts';
import { hyperParametersOf } from '../results/tables.ts';
import { currentOf, type FigureExperiment } from './lines.ts';

/**
 * What runs have otherwise than the experiment, as short clauses: `lr 0.1 instead of 0.01 (Adam)`, without a name where
 * all runs have it. What tells the curves of one optimizer apart is in their labels, but for the epochs, which not every
 * figure's labels tell.
 */
export function changedSettings(experiment: FigureExperiment, found: readonly RunInfo[]): string[] {
  const { optimizers, runs } = experiment;
  const changes = new Map<string, { readonly labels: Set<string>; groups: number }>();
  let all = 0;
  for (const { name, label } of optimizers) {
    const planned = runs
      .filter(({ optimizer }) => optimizer === name)
      .map((run) => settingsOf({ ...run, hyperParameters: hyperParametersOf(run) }));
    if (planned.length === 0) continue;
    const own = found.filter(({ optimizer }) => optimizer === name);
    const groups = currentOf(experiment, seedGroups(own));
    const told = distinguishing(groups);
    all += groups.length;
    for (const [i, { runs: members }] of groups.entries()) {
      for (const [path, value] of settingsOf(members[0]!)) {
        if (path !== 'epochs' && told[i]!.has(path)) continue;
        if (planned.some((settings) => settings.get(path) === value)) continue;
        const clause = clauseOf(path, value, planned);
        const change = changes.get(clause) ?? { labels: new Set(), groups: 0 };
        changes.set(clause, change);
        change.labels.add(label);
        change.groups++;
      }
    }
  }
  return [...changes].map(([clause, { labels, groups }]) =>
    groups === all ? clause : `${clause} (${[...labels].join(', ')})`,
  );
}

function clauseOf(path: string, value: unknown, planned: readonly ReadonlyMap<string, unknown>[]): string {
  const usual = new Set(planned.filter((settings) => settings.has(path)).map((s) => shown(s.get(path))));
  return `${path} ${shown(value)}${usual.size === 0 ? '' : ` instead of ${[...usual].join(', ')}`}`;
}

const shown = (value: unknown): string => String(value ?? 'none');
