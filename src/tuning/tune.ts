import { UsageError, UserError } from '../errors.ts';
import { type Candidate, checkDistinct, type Measurement, measurementOf, ranked } from './candidate.ts';
import { type Criterion, criterionValue } from './criteria.ts';
import { measureAll, type SearchContext } from './search.ts';
import { type Axis, combinations, type Edge, edgesOf, extended } from './space.ts';

export interface TunePlan {
  readonly criterion: Criterion;
  /** What is tried for each optimizer: the same number of combinations for all. */
  readonly axes: Readonly<Record<string, readonly Axis[]>>;
  /** Goes on beyond the end of a logarithmic range while the best value lies there. */
  readonly extend: boolean;
}

export interface TunedOptimizer {
  readonly optimizer: string;
  /** As searched in the end, extensions included. */
  readonly axes: readonly Axis[];
  /** The best first. */
  readonly trials: readonly Measurement[];
  /** Where the best lies at an end of its axis. */
  readonly edges: readonly Edge[];
}

/** Beyond this the range was not a guess at all. */
const MOST_EXTENSIONS = 4;

/**
 * Tries every combination of each optimizer's settings to the full horizon: a probe of the first epochs would favour
 * large learning rates. Each optimizer has the same number of trials, and the same rule extends its range.
 *
 * @throws UserError where no trial of an optimizer came to an end.
 */
export async function tune(plan: TunePlan, context: SearchContext): Promise<TunedOptimizer[]> {
  const axes = new Map<string, readonly Axis[]>(Object.entries(plan.axes));
  const trials = new Map<string, Measurement[]>(Object.keys(plan.axes).map((name) => [name, []]));
  for (let extensions = 0; ; extensions++) {
    const tried = new Set([...trials.values()].flat().map(({ candidate }) => keyOf(candidate)));
    const all = await tuneCandidates({ axes: Object.fromEntries(axes) }, context.candidate);
    const due = all.filter((candidate) => !tried.has(keyOf(candidate)));
    const stage = extensions === 0 ? 'all settings' : `beyond the edge, ${extensions}`;
    const found = await measureAll(context, due, stage, (candidate, records) =>
      measurementOf(candidate, records, (lines) => criterionValue(plan.criterion, lines)),
    );
    for (const measurement of found) trials.get(measurement.candidate.optimizer)!.push(measurement);
    const tuned = [...axes].map(([name, a]) => tunedOptimizer(name, a, trials.get(name)!));
    const wider = plan.extend && extensions < MOST_EXTENSIONS ? tuned.flatMap(widened) : [];
    if (wider.length === 0) return tuned;
    for (const [name, a] of wider) axes.set(name, a);
  }
}

/**
 * All combinations of the settings, optimizer by optimizer.
 *
 * @throws SpecError for settings that make no sense; UsageError for two that are the same run.
 */
export async function tuneCandidates(
  { axes }: Pick<TunePlan, 'axes'>,
  candidate: SearchContext['candidate'],
): Promise<Candidate[]> {
  const all = Object.entries(axes).flatMap(([optimizer, a]) =>
    combinations(a).map((settings) => candidate(optimizer, settings, {})),
  );
  const candidates = await Promise.all(all);
  checkDistinct(candidates);
  return candidates;
}

/** @throws UsageError where the optimizers do not have the same number of trials. */
export function checkBudget(axes: TunePlan['axes']): void {
  const counts = Object.entries(axes).map(([name, a]) => [name, combinations(a).length] as const);
  if (new Set(counts.map(([, n]) => n)).size <= 1) return;
  const listed = counts.map(([name, n]) => `${name} ${n}`).join(', ');
  throw new UsageError(
    `tune gives every optimizer the same number of trials, but the search space has ${listed}: add or remove values.`,
  );
}

function tunedOptimizer(optimizer: string, axes: readonly Axis[], trials: Measurement[]): TunedOptimizer {
  const best = ranked(trials);
  if (best[0]?.values === undefined) {
    throw new UserError(
      `no trial of ${optimizer} came to an end without diverging: try smaller learning rates.`,
    );
  }
  return { optimizer, axes, trials: best, edges: edgesOf(axes, best[0].candidate.settings) };
}

/** The optimizer's axes, longer where its best value lies at the end of one. */
function widened({ optimizer, axes, edges }: TunedOptimizer): [string, readonly Axis[]][] {
  const longer = axes.map((axis) => {
    const edge = edges.find(({ path }) => path === axis.path);
    return (edge && extended(axis, edge)) ?? axis;
  });
  return longer.some((axis, i) => axis !== axes[i]) ? [[optimizer, longer]] : [];
}

const keyOf = ({ optimizer, settings }: Candidate): string => `${optimizer}\n${JSON.stringify(settings)}`;
