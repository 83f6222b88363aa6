import type { ResultTables, SeedGroup } from '../results/read-tables.ts';
import { mean } from '../statistics.ts';
import { atLeast, atMost } from './checks.ts';
import { type Claim, NotEnough, trials } from './claim.ts';
import { settingGroups, valueAt } from './evidence.ts';
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
  readonly lr: number;
  readonly isConstant: boolean;
  /** Minibatch cost of the last epoch, mean over the seeds; infinite where a run diverged. */
  readonly cost: number;
}

function trialsOf(tables: ResultTables, optimizer: string): Trial[] {
  return settingGroups(tables, optimizer).map(({ settings, runs }: SeedGroup) => ({
    lr: Number(settings.get('lr')),
    isConstant: settings.get('schedule.type') === 'constant',
    cost: mean(runs.map((run) => valueAt(tables, run, 'minibatch-cost', run.epochs))),
  }));
}

/** The width over the trials with a constant rate. */
function widthOf(optimizer: string, all: readonly Trial[]): number {
  const costs = new Map(
    all.filter(({ isConstant }) => isConstant).map(({ lr, cost }) => [Math.log10(lr), cost]),
  );
  if (costs.size < fewestRates)
    throw new NotEnough(`${costs.size} of at least ${fewestRates} constant learning rates of ${optimizer}`);
  return goodDecades(costs);
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
      const names = [...new Set(tables.runs.map(({ optimizer }) => optimizer))];
      const adam = trialsOf(tables, 'adam');
      const width = widthOf('adam', adam);
      const byDefault = adam.find(({ lr, isConstant }) => isConstant && lr === adamDefault);
      if (byDefault === undefined) throw new NotEnough(`no trial of adam at its default, ${adamDefault}`);
      const above = byDefault.cost / Math.min(...adam.map(({ cost }) => cost)) - 1;
      const others = names
        .filter((name) => name !== 'adam')
        .map((name) => `${name} ${number(widthOf(name, trialsOf(tables, name)))}`);
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
