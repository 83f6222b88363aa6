import { type ResultTables, runsOf } from '../results/read-tables.ts';
import { isFinished, type RunInfo, settingsOf } from '../results/run-info.ts';
import { seedGroups } from '../results/seed-groups.ts';

/**
 * The runs of a folder that are the spec's own. Beside them there may be others, of `--set` and `--epochs`: what was
 * tried there is no evidence for or against a claim, which speaks of the settings of its experiment (docs/protocol.md).
 */

/** What a claim is judged by. */
export interface Evidence {
  readonly tables: ResultTables;
  /** Optimizers without any run in the spec's settings: all that is known of them is other ones. */
  readonly otherSettings: readonly string[];
}

/** One setting of the spec: of a grid there is one for each point. */
export interface PlannedRun {
  readonly optimizer: string;
  /** Runs have it where a run of another rule stands beside them. */
  readonly rule?: string;
  readonly epochs: number;
  /** As `settingsOf` has them. */
  readonly settings: ReadonlyMap<string, unknown>;
  /** Keys of the optimizer that may have any value: the axes of a search. Absent where all are fixed. */
  readonly searched?: readonly string[];
}

/**
 * Of each optimizer its runs in the spec's settings, whatever the engine; a run may be shorter than planned, but a
 * longer one is another setting. Where there is none, its finished runs in other settings.
 */
export function specRuns(tables: ResultTables, planned: readonly PlannedRun[]): Evidence {
  const kept = new Map<string, RunInfo>();
  const otherSettings: string[] = [];
  for (const optimizer of new Set(planned.map((plan) => plan.optimizer))) {
    const plans = planned.filter((plan) => plan.optimizer === optimizer);
    let runs = runsInPlan(runsOf(tables, optimizer), plans);
    if (runs.length === 0) {
      runs = seedGroups(runsOf(tables, optimizer)).flatMap((group) =>
        group.runs.every(isFinished) ? group.runs : [],
      );
      if (runs.length > 0) otherSettings.push(optimizer);
    }
    for (const run of runs) kept.set(run.id, run);
  }
  const evidence: ResultTables = {
    ...tables,
    runs: tables.runs.flatMap(({ id }) => kept.get(id) ?? []),
    rows: tables.rows.filter(({ run }) => kept.has(run.id)),
  };
  return { tables: evidence, otherSettings };
}

function runsInPlan(runs: readonly RunInfo[], plans: readonly PlannedRun[]): readonly RunInfo[] {
  const byPlan = new Map<PlannedRun, RunInfo[]>();
  for (const run of runs) {
    const plan = planOf(run, plans);
    if (plan !== undefined) byPlan.set(plan, [...(byPlan.get(plan) ?? []), run]);
  }
  return [...byPlan].flatMap(([{ searched }, found]) =>
    searched === undefined ? bestOf(found) : seedGroups(found).flatMap((trial) => bestOf(trial.runs)),
  );
}

/** Of several lengths of one setting, which a grid may have, the shortest that the run is not beyond. */
function planOf(run: RunInfo, plans: readonly PlannedRun[]): PlannedRun | undefined {
  const settings = settingsOf(run);
  const hasRule = ({ rule }: PlannedRun) => (run.beyond?.get('rule') ?? rule) === rule;
  const fitting = plans.filter((plan) => run.epochs <= plan.epochs && hasRule(plan) && agree(settings, plan));
  return fitting.reduce<PlannedRun | undefined>(
    (shortest, plan) => (shortest === undefined || plan.epochs < shortest.epochs ? plan : shortest),
    undefined,
  );
}

function agree(found: ReadonlyMap<string, unknown>, { settings, searched = [] }: PlannedRun): boolean {
  const isFree = (path: string) =>
    path === 'epochs' || searched.some((key) => path === key || path.startsWith(`${key}.`));
  return [...new Set([...found.keys(), ...settings.keys()])].every(
    (path) => isFree(path) || found.get(path) === settings.get(path) || isOfTheLength(path, found, settings),
  );
}

/** Whether a setting differs only because the length does: `resolvedRun` of the spec makes it from the epochs. */
function isOfTheLength(path: string, ...both: readonly ReadonlyMap<string, unknown>[]): boolean {
  // A period of the cosine that is the whole run.
  if (path === 'schedule.epochs')
    return both.every((settings) => settings.get(path) === settings.get('epochs'));
  return path === 'weightDecay.rate' && both.every((settings) => settings.has('weightDecay.normalized'));
}

/**
 * One run for each seed, of one length and engine: finished ones before others, then the longest, then those with the
 * most seeds, then the first of the table, which are those of the last command.
 */
function bestOf(runs: readonly RunInfo[]): readonly RunInfo[] {
  const candidates = new Map<string, Map<number, RunInfo>>();
  for (const run of runs) {
    const engine = run.engine ?? engineBeside(run, runs);
    const key = `${run.epochs} ${engine}`;
    const bySeed = candidates.get(key) ?? new Map<number, RunInfo>();
    candidates.set(key, bySeed);
    // Two of one seed differ in what the table does not have, such as how often they were evaluated.
    const known = bySeed.get(run.seed);
    if (known === undefined || (isFinished(run) && !isFinished(known)))
      bySeed.set(run.seed, { ...run, engine });
  }
  return [...candidates.values()]
    .map((bySeed) => [...bySeed.values()])
    .reduce((best, next) => (isBetter(next, best) ? next : best));
}

/** A run that diverged before its first value does not tell its engine: it belongs to the other seeds. */
function engineBeside({ status, epochs }: RunInfo, runs: readonly RunInfo[]): string | undefined {
  if (status !== 'diverged') return undefined;
  return runs.find((other) => other.epochs === epochs && other.engine !== undefined)?.engine;
}

function isBetter(a: readonly RunInfo[], b: readonly RunInfo[]): boolean {
  const order = (runs: readonly RunInfo[]) => [Number(runs.every(isFinished)), runs[0]!.epochs, runs.length];
  const [ours, theirs] = [order(a), order(b)];
  const differing = ours.findIndex((value, i) => value !== theirs[i]);
  return differing !== -1 && ours[differing]! > theirs[differing]!;
}
