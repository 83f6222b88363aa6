import { join } from 'node:path';
import { foldersIn } from '../results/folders-in.ts';
import { localSystem, type RunRecord, readRun, runsFolder } from '../results/index.ts';
import { foundRun, tableOrder } from '../results/rewrite-tables.ts';
import { runIdsIn } from '../results/run-folders.ts';
import type { System } from '../results/system.ts';
import type { RunState } from '../runner/events.ts';
import { runId } from '../spec/hash.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import type { ResolvedRun } from '../spec/run.ts';
import type { RunSummary } from './cost-table.ts';

/** What tables show of one run: the last value of each measure. */
export function summaryOf({ state, lines, wall }: Pick<RunRecord, 'state' | 'lines' | 'wall'>): RunSummary {
  const last = new Map<string, number>();
  let steps = 0;
  for (const line of lines) {
    const [, step, split, metric, value] = line.split(',');
    last.set(`${split} ${metric}`, Number(value));
    steps = Math.max(steps, Number(step));
  }
  const trained = wall !== undefined && wall.train > 0 && steps > 0;
  return {
    ...state,
    minibatchCost: last.get('train minibatch-cost') ?? null,
    trainCost: last.get('train cost') ?? null,
    testError: last.get('test error') ?? null,
    stepsPerSecond: trained ? steps / wall.train : null,
    seconds: wall === undefined ? null : wall.train + wall.evaluate + wall.other,
  };
}

/** The runs of an experiment, read from the results folder, with the states that the runner reports. */
export function readSummaries(
  { name, profile, runs }: ResolvedExperiment,
  states: readonly RunState[],
  resultsFolder: string,
): RunSummary[] {
  const system = localSystem();
  const folder = runsFolder(resultsFolder, name, profile);
  return states.map((state, i) => {
    const { lines, wall } = readRun(system, folder, runs[i]!);
    return summaryOf({ state, lines, ...(wall === undefined ? {} : { wall }) });
  });
}

/** The cost of the last whole epoch of one run of the experiments, by its id; null where there is none. */
export function minibatchCostOf(
  experiments: readonly Pick<ResolvedExperiment, 'name' | 'profile' | 'runs'>[],
  resultsFolder: string,
) {
  const system = localSystem();
  const byId = new Map(
    experiments.flatMap(({ name, profile, runs }) => {
      const folder = runsFolder(resultsFolder, name, profile);
      return runs.map((run) => [runId(run), { folder, run }] as const);
    }),
  );
  return (id: string): number | null => {
    const { folder, run } = byId.get(id)!;
    return summaryOf(readRun(system, folder, run)).minibatchCost;
  };
}

/** A run of which nothing is known but what its folder says. */
export interface FoundRun extends RunSummary {
  readonly engine: string;
  /** Everything that determines its numbers. */
  readonly settings: ResolvedRun;
}

export interface ProfileStatus {
  readonly experiment: string;
  readonly profile: string;
  readonly runs: readonly FoundRun[];
}

/**
 * Everything in the results folder, whatever spec it came from. Takes no lock and changes nothing, so that it may be
 * called while runs are being worked on.
 */
export function readResults(resultsFolder: string, only?: string): ProfileStatus[] {
  const system = localSystem();
  const experiments = foldersIn(resultsFolder).filter((name) => only === undefined || name === only);
  return experiments.flatMap((experiment) =>
    foldersIn(join(resultsFolder, experiment)).flatMap((profile) => {
      const order = tableOrder(system, { resultsFolder, experiment, profile });
      const runs = runsIn(system, runsFolder(resultsFolder, experiment, profile), order);
      return runs.length === 0 ? [] : [{ experiment, profile, runs }];
    }),
  );
}

/** Names of the experiments that have a folder there. */
export function experimentsIn(resultsFolder: string): string[] {
  return foldersIn(resultsFolder);
}

/** By seed, within a seed by optimizer in the order of the ids, and what that order lacks by name. */
function runsIn(system: System, folder: string, order: readonly string[]): FoundRun[] {
  const found = runIdsIn(system.files, folder).flatMap((id) => {
    const record = foundRun(system, folder, id);
    if (record === undefined) return [];
    return [{ ...summaryOf(record), engine: record.run.engine, settings: record.run }];
  });
  const place = ({ id }: FoundRun): number => (order.includes(id) ? order.indexOf(id) : order.length);
  const rank = new Map<string, number>();
  for (const run of found)
    rank.set(run.optimizer, Math.min(place(run), rank.get(run.optimizer) ?? place(run)));
  return found.sort(
    (a, b) =>
      a.seed - b.seed ||
      rank.get(a.optimizer)! - rank.get(b.optimizer)! ||
      a.optimizer.localeCompare(b.optimizer) ||
      place(a) - place(b) ||
      a.id.localeCompare(b.id),
  );
}
