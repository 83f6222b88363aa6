import type { ResultTables } from '../results/read-tables.ts';
import { mean } from '../statistics.ts';
import { below, type SeedValues } from './checks.ts';
import { type Claim, tuned } from './claim.ts';
import { runsOfSetting, valuesAt } from './evidence.ts';
import { number } from './number.ts';

/** Comparisons of optimizers: each is judged with the settings as drawn, and again with each optimizer tuned. */

/**
 * 'better than the paper': below the paper's value by more than this part of it. Costs count with tuned settings alone:
 * those as drawn were fitted to the paper's curve, and what is left of the distance says nothing.
 */
export const betterBy = 0.1;

type Epochs = number | readonly [first: number, last: number];

/** By names of the paper's legend. */
type Optimizers = Readonly<Record<string, string>>;

/** Mean minibatch costs of several optimizers by their names in the paper's legend, over epochs. */
export function costsOf(
  tables: ResultTables,
  optimizers: Optimizers,
  epochs: Epochs,
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

/** `epoch 46`, `epochs 101-175`. */
export const atEpochs = (epochs: Epochs): string =>
  typeof epochs === 'number' ? `epoch ${epochs}` : `epochs ${epochs.join('-')}`;

/** Whose learning rates fall, where that is so of some of the optimizers only. */
export function fallingRates(tables: ResultTables, optimizers: Optimizers): string {
  const names = Object.keys(optimizers);
  const falling = names.filter((name) => {
    const { schedule } = runsOfSetting(tables, optimizers[name]!)[0]!.hyperParameters;
    return (schedule as { type?: string } | undefined)?.type !== 'constant';
  });
  if (falling.length === 0 || falling.length === names.length) return '';
  return `; learning rates fall for ${falling.join(' and ')} only`;
}

export interface TunedComparison {
  readonly of: Claim;
  readonly statement: string;
  readonly optimizers: Optimizers;
  readonly epochs: Epochs;
  /** Each pair: the first one's cost is below the second one's. */
  readonly pairs: readonly (readonly [better: string, worse: string])[];
  /** What the paper shows at the same epochs, where the claim itself is about others. */
  readonly paper?: Claim['paper'];
  /** The paper's cost of Adam at these epochs, where it may be beaten. */
  readonly paperCost?: () => number;
}

/** The order that a claim asserts, with every optimizer at its own best settings; margins are those of the noise. */
export function tunedComparison(comparison: TunedComparison): Claim {
  const { of, statement, optimizers, epochs, pairs, paper = of.paper, paperCost } = comparison;
  return {
    id: `${of.id}-tuned`,
    statement,
    source: of.source,
    needs: tuned(of.needs.experiment),
    thresholds: paperCost === undefined ? {} : { betterBy },
    ...(paper === undefined ? {} : { paper }),
    judge(tables) {
      const costs = costsOf(tables, optimizers, epochs);
      return {
        ours: `${atEpochs(epochs)}: ${rankingOf(costs)}`,
        checks: pairs.map(([better, worse]) => below(costs[better]!, costs[worse]!)),
        ...(paperCost && { better: meanCost(costs.Adam!) < paperCost() * (1 - betterBy) }),
      };
    },
  };
}
