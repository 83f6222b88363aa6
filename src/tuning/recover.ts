import { UserError } from '../errors.ts';
import { groupBy } from '../group-by.ts';
import { pointsWithin } from '../paper/index.ts';
import { type Candidate, checkDistinct, type Measurement, measurementOf, ranked } from './candidate.ts';
import { distanceValues } from './criteria.ts';
import { measureAll, type SearchContext } from './search.ts';
import { combinations, type Edge, edgesOf, type Settings } from './space.ts';
import { type CandidatePlan, type RecoverPlan, targetOf, targetsOf } from './targets.ts';

export interface RecoveredTarget {
  readonly optimizer: string;
  /** With the shared settings that won: those of the last rung by distance, then the dropped ones, the latest first. */
  readonly ranking: readonly Measurement[];
  readonly edges: readonly Edge[];
}

/** Shared settings, and how well they let all targets reproduce their curves. */
export interface SharedScore {
  readonly shared: Settings;
  /** The last rung they were measured at. */
  readonly epochs: number;
  /** Mean over the targets of the distance of each one's best candidate; infinite where one has none. */
  readonly score: number;
}

export interface Recovered {
  readonly targets: readonly RecoveredTarget[];
  /** The winner first, those dropped last before those dropped early. */
  readonly shared: readonly SharedScore[];
  readonly sharedEdges: readonly Edge[];
}

/** A distance over fewer points says little. */
export const FEWEST_POINTS = 3;

/**
 * Successive halving (Jamieson & Talwalkar 2016) towards the paper's curves: all candidates train to the first rung,
 * the share that lies nearest goes on to the next one, and so on. Settings that all optimizers share are ranked by the
 * mean of the optimizers' best distances, and dropped as a whole.
 *
 * An optimizer whose curve is off the drawing at a rung goes on to the next one untrained; a rung at which all are is
 * skipped.
 *
 * @throws UserError where an optimizer has no candidate left, because all diverged or none has a logarithm.
 */
export async function recover(plan: RecoverPlan, context: SearchContext): Promise<Recovered> {
  let alive = await recoverCandidates(plan, context.candidate);
  const target = (candidate: Candidate): string => targetOf(plan, candidate.optimizer, candidate.settings);
  const measurements: Measurement[] = [];
  const scores = new Map<string, SharedScore>();
  for (const [rung, epochs] of plan.rungs.entries()) {
    const visible = (candidate: Candidate): boolean => isVisible(plan, target(candidate), rung);
    const due = alive.filter(visible);
    const stage = `rung ${rung + 1} of ${plan.rungs.length}, ${epochs} epochs`;
    const found = await measureAll(
      context,
      due.map((candidate) => shortened(candidate, epochs)),
      stage,
      (candidate, records) =>
        measurementOf(candidate, records, (lines) => distanceValues(plan.curves[target(candidate)]!, lines)),
    );
    measurements.push(...found);
    const groups = groupedByShared(found);
    for (const [key, group] of groups) {
      scores.set(key, { shared: group[0]!.candidate.shared, epochs, score: scoreOf(group, target) });
    }
    if (rung === plan.rungs.length - 1) break;
    const kept = new Set(survivors(groups, plan, target).map(keyOf));
    const keptShared = new Set([...kept].map((key) => key.split('\n')[0]!));
    alive = alive.filter((candidate) =>
      visible(candidate)
        ? kept.has(keyOf(candidate))
        : groups.size === 0 || keptShared.has(sharedKey(candidate)),
    );
  }
  return conclusion(plan, measurements, [...scores.values()]);
}

/** Numbers of runs of each optimizer at each rung if none diverges, for an estimate; a rung that is skipped has none. */
export function rungSizes(plan: RecoverPlan): Readonly<Record<string, number>>[] {
  let shared = combinations(plan.shared).length;
  const own = [...targetsOf(plan)].map(([name, all]) => ({ name, ...all[0]!, count: all.length }));
  return plan.rungs.map((_, rung) => {
    const visible = own.filter(({ name }) => isVisible(plan, name, rung));
    const sizes: Record<string, number> = {};
    for (const { optimizer, count } of visible) {
      sizes[optimizer] = (sizes[optimizer] ?? 0) + shared * count;
    }
    if (visible.length > 0) shared = Math.ceil(shared * plan.keep);
    for (const target of visible) target.count = keptOf(target.count, plan);
    return sizes;
  });
}

/**
 * Everything that the search starts with.
 *
 * @throws SpecError for settings that make no sense; UsageError for two candidates that are the same run.
 */
export async function recoverCandidates(
  plan: CandidatePlan,
  candidate: SearchContext['candidate'],
): Promise<Candidate[]> {
  const own = [...targetsOf(plan).values()].flat();
  const all = combinations(plan.shared).flatMap((shared) =>
    own.map(({ optimizer, settings }) => candidate(optimizer, settings, shared)),
  );
  const candidates = await Promise.all(all);
  checkDistinct(candidates);
  return candidates;
}

/** The first epochs of a candidate: its schedule keeps the length of the whole. */
function shortened(candidate: Candidate, epochs: number): Candidate {
  return { ...candidate, runs: candidate.runs.map((run) => ({ ...run, epochs })) };
}

function isVisible({ curves, rungs }: RecoverPlan, target: string, rung: number): boolean {
  return rung === rungs.length - 1 || pointsWithin(curves[target]!, rungs[rung]!) >= FEWEST_POINTS;
}

function keptOf(count: number, { keep, finalists }: RecoverPlan): number {
  return Math.min(count, Math.max(finalists, Math.ceil(count * keep)));
}

type TargetOf = (candidate: Candidate) => string;

function survivors(
  groups: ReadonlyMap<string, readonly Measurement[]>,
  plan: RecoverPlan,
  target: TargetOf,
): Candidate[] {
  const best = [...groups.values()].sort((a, b) => scoreOf(a, target) - scoreOf(b, target) || 0);
  const usable = best.filter((group) => Number.isFinite(scoreOf(group, target)));
  if (usable.length === 0 && best.length > 0) {
    throw noneLeft(
      best.flatMap((group) => hopeless(group, target)),
      best.flat(),
    );
  }
  return usable.slice(0, Math.ceil(best.length * plan.keep)).flatMap((group) =>
    [...byTarget(group, target).values()].flatMap((own) =>
      ranked(own)
        .slice(0, keptOf(own.length, plan))
        .filter(({ values }) => values !== undefined)
        .map(({ candidate }) => candidate),
    ),
  );
}

function scoreOf(group: readonly Measurement[], target: TargetOf): number {
  const best = [...byTarget(group, target).values()].map(
    (own) => ranked(own)[0]!.values?.value ?? Number.POSITIVE_INFINITY,
  );
  return best.reduce((sum, value) => sum + value, 0) / best.length;
}

/** Optimizers of which nothing can be compared with a target. */
function hopeless(group: readonly Measurement[], target: TargetOf): string[] {
  return [...byTarget(group, target).values()].flatMap((own) =>
    ranked(own)[0]!.values === undefined ? [own[0]!.candidate.optimizer] : [],
  );
}

function noneLeft(optimizers: readonly string[], measurements: readonly Measurement[]): UserError {
  const names = [...new Set(optimizers)].join(', ');
  const own = measurements.filter(({ candidate }) => optimizers.includes(candidate.optimizer));
  if (own.some(({ status, values }) => status === 'complete' && values === undefined)) {
    return new UserError(
      `no candidate of ${names} has a cost above 0 at a point of the paper's curve: try other settings.`,
    );
  }
  return new UserError(`no candidate of ${names} is left, because all diverged: try smaller learning rates.`);
}

function conclusion(
  plan: RecoverPlan,
  measurements: readonly Measurement[],
  scores: SharedScore[],
): Recovered {
  const shared = scores.sort((a, b) => b.epochs - a.epochs || a.score - b.score || 0);
  const winner = JSON.stringify(shared[0]!.shared);
  const won = measurements.filter(({ candidate }) => sharedKey(candidate) === winner);
  const own = byTarget(won, ({ optimizer, settings }) => targetOf(plan, optimizer, settings));
  const targets = [...targetsOf(plan)].map(([name, all]) => {
    const { optimizer } = all[0]!;
    const found = own.get(name) ?? [];
    const ranking = [...plan.rungs]
      .reverse()
      .flatMap((epochs) => ranked(found.filter((m) => m.epochs === epochs)));
    const best = ranking[0];
    if (best?.values === undefined) throw noneLeft([optimizer], found);
    const axes = plan.overGrid?.includes(optimizer) ? [] : plan.axes[optimizer]!;
    return { optimizer, ranking: lastOfEach(ranking), edges: edgesOf(axes, best.candidate.settings) };
  });
  return { targets, shared, sharedEdges: edgesOf(plan.shared, shared[0]!.shared) };
}

/** Of a candidate that went on, only its last rung. */
function lastOfEach(ranking: readonly Measurement[]): Measurement[] {
  const seen = new Set<string>();
  return ranking.filter(({ candidate }) => {
    const key = keyOf(candidate);
    return !seen.has(key) && seen.add(key);
  });
}

const sharedKey = ({ shared }: Candidate): string => JSON.stringify(shared);
const keyOf = (candidate: Candidate): string =>
  `${sharedKey(candidate)}\n${candidate.optimizer}\n${JSON.stringify(candidate.settings)}`;

const groupedByShared = (measurements: readonly Measurement[]) =>
  groupBy(measurements, ({ candidate }) => sharedKey(candidate));
const byTarget = (measurements: readonly Measurement[], target: TargetOf) =>
  groupBy(measurements, ({ candidate }) => target(candidate));
