import { UserError } from '../errors.ts';
import { groupBy } from '../group-by.ts';
import { pointsWithin } from '../paper/index.ts';
import { mean } from '../statistics.ts';
import { type Candidate, checkDistinct, type Measurement, measurementOf, ranked } from './candidate.ts';
import { distanceValues } from './criteria.ts';
import { measureAll, type SearchContext } from './search.ts';
import { combinations, type Edge, edgesOf, type Settings } from './space.ts';
import {
  type CandidatePlan,
  combinationsOf,
  epochsText,
  type RecoverPlan,
  targetOf,
  targetsOf,
} from './targets.ts';

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
  /**
   * Mean over the targets of the distance of each one's best candidate. Infinite where one has none; of points of a grid
   * those are left out, as a point may be where nothing trains.
   */
  readonly score: number;
  /** Targets left out, those of earlier rungs included. */
  readonly without: number;
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
 * @throws UserError where an optimizer has no candidate left, because all diverged or none has a logarithm; of the points
 * of a grid, where none has one.
 */
export async function recover(plan: RecoverPlan, context: SearchContext): Promise<Recovered> {
  let alive = await recoverCandidates(plan, context.candidate);
  const measurements: Measurement[] = [];
  const scores = new Map<string, SharedScore>();
  for (const [rung, epochs] of plan.rungs.entries()) {
    const visible = (candidate: Candidate): boolean => isVisible(plan, targetOf(plan, candidate), rung);
    const due = alive.filter(visible);
    const stage = `rung ${rung + 1} of ${plan.rungs.length}, ${epochsText(epochs)}`;
    const found = await measureAll(
      context,
      due.map((candidate) => shortened(candidate, epochs)),
      stage,
      (candidate, records) =>
        measurementOf(candidate, records, (lines) =>
          distanceValues(plan.curves[targetOf(plan, candidate)]!, lines),
        ),
    );
    measurements.push(...found);
    const groups = groupedByShared(found);
    for (const [key, group] of groups) {
      const { score, without } = scoreOf(plan, group);
      const before = scores.get(key)?.without ?? 0;
      scores.set(key, { shared: group[0]!.candidate.shared, epochs, score, without: before + without });
    }
    if (rung === plan.rungs.length - 1) break;
    const kept = new Set(survivors(groups, plan, scores).map(keyOf));
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
  // Those too that the paper's figure does not show: a value that makes no sense is not left out in silence.
  const all = combinations(plan.shared).flatMap((shared) =>
    combinationsOf(plan).map(({ optimizer, settings }) => candidate(optimizer, settings, shared)),
  );
  const candidates = await Promise.all(all);
  checkDistinct(candidates);
  return candidates.filter((one) => plan.curves[targetOf(plan, one)] !== undefined);
}

/** The first epochs of a candidate: its schedule keeps the length of the whole. */
function shortened(candidate: Candidate, epochs: number): Candidate {
  return { ...candidate, runs: candidate.runs.map((run) => ({ ...run, epochs })) };
}

function isVisible({ curves, rungs, overGrid }: RecoverPlan, target: string, rung: number): boolean {
  const fewest = overGrid === undefined ? FEWEST_POINTS : 1;
  return rung === rungs.length - 1 || pointsWithin(curves[target]!, rungs[rung]!) >= fewest;
}

function keptOf(count: number, { keep, finalists }: RecoverPlan): number {
  return Math.min(count, Math.max(finalists, Math.ceil(count * keep)));
}

function survivors(
  groups: ReadonlyMap<string, readonly Measurement[]>,
  plan: RecoverPlan,
  scores: ReadonlyMap<string, SharedScore>,
): Candidate[] {
  const best = [...groups].map(([key, group]) => ({ group, ...scores.get(key)! })).sort(byScore);
  const usable = best.filter(({ score }) => Number.isFinite(score));
  if (usable.length === 0 && best.length > 0) {
    const all = best.map(({ group }) => group);
    throw noneLeft(
      all.flatMap((group) => hopeless(plan, group)),
      all.flat(),
    );
  }
  return usable.slice(0, Math.ceil(best.length * plan.keep)).flatMap(({ group }) =>
    [...byTarget(plan, group).values()].flatMap((own) =>
      ranked(own)
        .slice(0, keptOf(own.length, plan))
        .filter(({ values }) => values !== undefined)
        .map(({ candidate }) => candidate),
    ),
  );
}

const byScore = (a: SharedScore, b: SharedScore): number => a.without - b.without || a.score - b.score || 0;

function scoreOf(plan: RecoverPlan, group: readonly Measurement[]): Pick<SharedScore, 'score' | 'without'> {
  const best = [...byTarget(plan, group).values()].map((own) => ranked(own)[0]!.values?.value);
  const known = best.filter((value) => value !== undefined);
  const without = best.length - known.length;
  const isScored = known.length > 0 && (without === 0 || plan.overGrid !== undefined);
  return { score: isScored ? mean(known) : Number.POSITIVE_INFINITY, without };
}

/** Optimizers of which nothing can be compared with a target. */
function hopeless(plan: RecoverPlan, group: readonly Measurement[]): string[] {
  return [...byTarget(plan, group).values()].flatMap((own) =>
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
  const shared = scores.sort((a, b) => b.epochs - a.epochs || byScore(a, b));
  const winner = JSON.stringify(shared[0]!.shared);
  const won = measurements.filter(({ candidate }) => sharedKey(candidate) === winner);
  const own = byTarget(plan, won);
  const targets = [...targetsOf(plan)].map(([name, all]) => {
    const { optimizer } = all[0]!;
    const found = own.get(name) ?? [];
    const ranking = [...plan.rungs]
      .reverse()
      .flatMap((epochs) => ranked(found.filter((m) => m.epochs === epochs)));
    const best = ranking[0];
    const isScored = Number.isFinite(shared[0]!.score);
    if (best === undefined || (best.values === undefined && !isScored)) throw noneLeft([optimizer], found);
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
const byTarget = (plan: RecoverPlan, measurements: readonly Measurement[]) =>
  groupBy(measurements, ({ candidate }) => targetOf(plan, candidate));
