import type { ResultTables } from '../results/read-tables.ts';
import { isFinished, type RunInfo } from '../results/run-info.ts';
import { seedGroups } from '../results/seed-groups.ts';
import { mean } from '../statistics.ts';
import { atLeast, atMost } from './checks.ts';
import { type Claim, NotEnough, trials } from './claim.ts';
import { valueAt } from './evidence.ts';
import { number } from './number.ts';

/** How wide the range of good learning rates is, and whether the default is in it. */

/** How far above the best cost a learning rate is still good. */
export const nearBest = 0.1;
export const decades = 1;
/** With fewer rates there is no width to speak of. */
const fewestRates = 5;
/** Of the paper. */
const adamDefault = 0.001;

/** Decades of the rate, interpolated between the grid's points (by log10), over which the cost is within 10 % of its best. */
export function goodDecades(costs: ReadonlyMap<number, number>): number {
  const points = [...costs].sort(([a], [b]) => a - b);
  const bound = Math.min(...costs.values()) * (1 + nearBest);
  // Every rate diverged: none is good.
  if (!Number.isFinite(bound)) return 0;
  let width = 0;
  for (const [i, [rate, cost]] of points.entries()) {
    const next = points[i + 1];
    if (next === undefined) break;
    const [low, high] = [Math.min(cost, next[1]), Math.max(cost, next[1])];
    if (low > bound) continue;
    // Towards a diverged run nothing is known between the two points: none of it counts.
    const part = high <= bound ? 1 : Number.isFinite(high) ? (bound - low) / (high - low) : 0;
    width += part * (next[0] - rate);
  }
  return width;
}

interface Trial {
  readonly optimizer: string;
  readonly lr: number;
  readonly isConstant: boolean;
  readonly epochs: number;
  /** Undefined where every seed diverged before its first value. */
  readonly engine: string | undefined;
  readonly runs: readonly RunInfo[];
}

function trialsOf({ runs }: ResultTables): Trial[] {
  return seedGroups(runs).map(({ optimizer, settings, runs: ofTrial }) => ({
    optimizer,
    lr: Number(settings.get('lr')),
    isConstant: settings.get('schedule.type') === 'constant',
    epochs: ofTrial[0]!.epochs,
    engine: ofTrial[0]!.engine,
    runs: ofTrial,
  }));
}

/**
 * The trials of one length on one engine, since costs of others are not comparable: the longest with enough rates of
 * every optimizer, or else the longest that every optimizer has.
 *
 * @throws NotEnough where no length is that of all.
 */
function comparableTrials(all: readonly Trial[]): readonly Trial[] {
  const optimizers = new Set(all.map(({ optimizer }) => optimizer));
  const studies = new Map<string, readonly Trial[]>();
  for (const { epochs, engine } of all) {
    const members = all.filter(
      (trial) => trial.epochs === epochs && (trial.engine === engine || trial.engine === undefined),
    );
    studies.set(`${epochs} ${engine}`, members);
  }
  const fewest = (trials: readonly Trial[]): number =>
    Math.min(...[...optimizers].map((name) => constantRates(trials, name).size));
  const shared = [...studies.values()]
    .filter((trials) => fewest(trials) > 0)
    // Equally long ones stay in the order of the table.
    .sort((a, b) => b[0]!.epochs - a[0]!.epochs);
  const found = shared.find((trials) => fewest(trials) >= fewestRates) ?? shared[0];
  if (found === undefined) throw new NotEnough('the optimizers have no length of their trials in common');
  return found;
}

/** Those of which a trial is finished. */
function constantRates(trials: readonly Trial[], optimizer: string): ReadonlySet<number> {
  const finished = trials.filter((trial) => trial.isConstant && trial.runs.every(isFinished));
  return new Set(finished.filter((trial) => trial.optimizer === optimizer).map(({ lr }) => lr));
}

/** What an optimizer's trials cost. */
interface Costs {
  /** By constant rate: of several trials, such as with other decays, the lowest, as `tune` takes it. */
  readonly constant: ReadonlyMap<number, number>;
  /** Of all trials, those with a schedule too. */
  readonly best: number;
}

/** Minibatch costs of the last epoch, mean over the seeds; infinite where a run diverged. */
function costsOf(tables: ResultTables, trials: readonly Trial[]): Costs {
  const constant = new Map<number, number>();
  let best = Number.POSITIVE_INFINITY;
  for (const { lr, isConstant, runs } of trials) {
    const cost = mean(runs.map((run) => valueAt(tables, run, 'minibatch-cost', run.epochs)));
    best = Math.min(best, cost);
    if (isConstant) constant.set(lr, Math.min(cost, constant.get(lr) ?? Number.POSITIVE_INFINITY));
  }
  return { constant, best };
}

/** The width over the trials with a constant rate. */
function widthOf(optimizer: string, { constant }: Costs): number {
  if (constant.size < fewestRates)
    throw new NotEnough(
      `${constant.size} of at least ${fewestRates} constant learning rates of ${optimizer}`,
    );
  return goodDecades(new Map([...constant].map(([lr, cost]) => [Math.log10(lr), cost])));
}

/** The claim on one experiment's trials, beside the other optimizers' widths. */
function littleTuning(id: string, experiment: string, problem: string): Claim {
  return {
    id,
    statement: `Adam needs little tuning (${problem}): a wide range of learning rates is near the best one, with the default in it.`,
    source: `Adam, abstract and section 1; measured on the trials of ${experiment}`,
    needs: trials(experiment),
    thresholds: { nearBest, decades, adamDefault },
    judge(tables) {
      const trials = comparableTrials(trialsOf(tables));
      const costs = (name: string) =>
        costsOf(
          tables,
          trials.filter(({ optimizer }) => optimizer === name),
        );
      const adam = costs('adam');
      const width = widthOf('adam', adam);
      const byDefault = adam.constant.get(adamDefault);
      if (byDefault === undefined) throw new NotEnough(`no trial of adam at its default, ${adamDefault}`);
      const above = Number.isFinite(byDefault) ? byDefault / adam.best - 1 : Number.POSITIVE_INFINITY;
      const others = [...new Set(trials.map(({ optimizer }) => optimizer))]
        .filter((name) => name !== 'adam')
        .map((name) => `${name} ${number(widthOf(name, costs(name)))}`);
      return {
        ours: `${number(width)} decades (${others.join(', ')}); the default is ${number(100 * above)} % above the best`,
        checks: [
          atLeast('decades of constant rates within 10 % of the best one', width, decades),
          atMost('cost of the default rate / best of all trials - 1', above, nearBest),
        ],
      };
    },
  };
}

export const learningRateClaims: readonly Claim[] = [
  littleTuning('A17-mnist-logreg', 'mnist-logreg', 'logistic regression on MNIST'),
  littleTuning('A17-mnist-mlp', 'mnist-mlp', 'multilayer network with dropout on MNIST'),
];
