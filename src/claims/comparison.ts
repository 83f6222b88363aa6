import type { ResultTables } from '../results/read-tables.ts';
import { mean } from '../statistics.ts';
import { below, type SeedValues } from './checks.ts';
import { type Claim, tuned } from './claim.ts';
import { valuesAt } from './evidence.ts';
import { number } from './number.ts';

/** Comparisons of optimizers: each is judged with the settings as drawn, and again with each optimizer tuned. */

/** 'better than the paper': Adam's cost below the paper's by more than this part of it. */
export const betterBy = 0.1;

/** Mean minibatch costs of several optimizers by their names in the paper's legend, over epochs. */
export function costsOf(
  tables: ResultTables,
  optimizers: Readonly<Record<string, string>>,
  epochs: number | readonly [number, number],
): Readonly<Record<string, SeedValues>> {
  return Object.fromEntries(
    Object.entries(optimizers).map(([name, optimizer]) => [
      name,
      valuesAt(tables, optimizer, 'minibatch-cost', epochs, name),
    ]),
  );
}

/** `Adam 0.257, AdaGrad 0.459`, the lowest first. */
export function ranking(costs: Readonly<Record<string, number>>): string {
  return Object.entries(costs)
    .sort(([, a], [, b]) => a - b)
    .map(([name, cost]) => `${name} ${number(cost)}`)
    .join(', ');
}

export const rankingOf = (costs: Readonly<Record<string, SeedValues>>): string =>
  ranking(
    Object.fromEntries(Object.entries(costs).map(([name, { bySeed }]) => [name, mean(bySeed.values())])),
  );

export const meanCost = ({ bySeed }: SeedValues): number => mean(bySeed.values());

interface TunedComparison {
  readonly of: Claim;
  readonly statement: string;
  /** By the names of the paper's legend. */
  readonly optimizers: Readonly<Record<string, string>>;
  readonly epochs: number | readonly [number, number];
  /** Each pair: the first one's cost is below the second one's. */
  readonly pairs: readonly (readonly [better: string, worse: string])[];
}

/** The order that a claim asserts, with every optimizer at its own best settings; margins are those of the noise. */
export function tunedComparison({ of, statement, optimizers, epochs, pairs }: TunedComparison): Claim {
  return {
    id: `${of.id}-tuned`,
    statement,
    source: of.source,
    needs: tuned(of.needs.experiment),
    thresholds: {},
    ...(of.paper === undefined ? {} : { paper: of.paper }),
    judge(tables) {
      const costs = costsOf(tables, optimizers, epochs);
      return {
        ours: rankingOf(costs),
        checks: pairs.map(([better, worse]) => below(costs[better]!, costs[worse]!)),
      };
    },
  };
}
