import { UsageError, UserError } from '../errors.ts';
import { SpecError } from '../spec/issue.ts';
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
  /** The best first; without a value where there is none of the optimizer. */
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
 * An optimizer of which no trial has a value is in the result with its trials: see `withoutResult`.
 */
export async function tune(plan: TunePlan, context: SearchContext): Promise<TunedOptimizer[]> {
  const axes = new Map<string, readonly Axis[]>(Object.entries(plan.axes));
  const trials = new Map<string, Measurement[]>(Object.keys(plan.axes).map((name) => [name, []]));
  const refusals: Refusals = new Map();
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
    const wider = new Map<string, readonly Axis[]>();
    for (const each of plan.extend && extensions < MOST_EXTENSIONS ? tuned : []) {
      const longer = await widened(each, context.candidate, refusals);
      if (longer !== each.axes) wider.set(each.optimizer, longer);
    }
    if (wider.size === 0) return tuned.map((each) => withRefusals(each, refusals));
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

/** What is to be said of the optimizers of which no trial has a value; undefined where there are none. */
export function withoutResult(tuned: readonly TunedOptimizer[], { name }: Criterion): UserError | undefined {
  const without = tuned.filter(({ trials }) => trials[0]!.values === undefined);
  const [diverged, unmeasured] = [true, false].map((all) =>
    without
      .filter(({ trials }) => trials.every(({ status }) => status === 'diverged') === all)
      .map(({ optimizer }) => optimizer)
      .join(', '),
  );
  const clauses = [
    ...(diverged
      ? [`no trial of ${diverged} came to an end without diverging: try smaller learning rates`]
      : []),
    ...(unmeasured ? [`no trial of ${unmeasured} has a value of ${name}: choose another --criterion`] : []),
  ];
  return clauses.length === 0 ? undefined : new UserError(`${clauses.join('; ')}.`);
}

function tunedOptimizer(optimizer: string, axes: readonly Axis[], trials: Measurement[]): TunedOptimizer {
  const best = ranked(trials);
  const { values, candidate } = best[0]!;
  return { optimizer, axes, trials: best, edges: values ? edgesOf(axes, candidate.settings) : [] };
}

/** Why ranges could not go on, by optimizer and edge. */
type Refusals = Map<string, string>;
const edgeKey = (optimizer: string, { path, end, value }: Edge): string =>
  `${optimizer} ${path} ${end} ${value}`;

/**
 * The optimizer's axes, longer where its best value lies at the end of one; the same where none is. What a setting
 * refuses, such as a momentum of 1.6, ends its own axis only: trials that are done are worth more than the range.
 */
async function widened(
  { optimizer, axes, edges }: TunedOptimizer,
  candidate: SearchContext['candidate'],
  refusals: Refusals,
): Promise<readonly Axis[]> {
  let longer = axes;
  for (const edge of edges) {
    const key = edgeKey(optimizer, edge);
    const axis = axes.find(({ path }) => path === edge.path)!;
    const further = refusals.has(key) ? undefined : extended(axis, edge);
    if (further === undefined) continue;
    const attempt = longer.map((a) => (a === axis ? further : a));
    try {
      await tuneCandidates({ axes: { [optimizer]: attempt } }, candidate);
      longer = attempt;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const { message } = error instanceof SpecError ? error.issues[0]! : error;
      refusals.set(key, message.replace(/\.$/, ''));
    }
  }
  return longer;
}

function withRefusals({ optimizer, edges, ...rest }: TunedOptimizer, refusals: Refusals): TunedOptimizer {
  const known = edges.map((edge) => {
    const refused = refusals.get(edgeKey(optimizer, edge));
    return refused === undefined ? edge : { ...edge, refused };
  });
  return { optimizer, ...rest, edges: known };
}

const keyOf = ({ optimizer, settings }: Candidate): string => `${optimizer}\n${JSON.stringify(settings)}`;
