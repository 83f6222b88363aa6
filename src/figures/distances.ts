import { type CostByEpoch, distanceOf, type LogRatio, logRatiosOfTable } from '../paper/index.ts';
import type { ResultTables } from '../results/read-tables.ts';
import type { Table } from './figure.ts';
import { type Line, spreadByEpoch } from './lines.ts';

/** How far one of our curves lies from the paper's. */
export interface LineDistance {
  readonly label: string;
  readonly ratios: readonly LogRatio[];
  /** Median of |ln(ours / paper)|. */
  readonly median: number;
}

/** Of the median over the seeds, at the points of the paper's tables; lines without anything to compare are left out. */
export function distancesOf(lines: readonly Line[], tables: ResultTables): LineDistance[] {
  return lines.flatMap(({ label, group, paperCurve }) => {
    if (paperCurve === undefined) return [];
    const spread = spreadByEpoch(tables, group, { split: 'train', metric: 'minibatch-cost' });
    const costs: CostByEpoch = new Map(spread.map(({ epoch, median }) => [epoch, median]));
    const ratios = logRatiosOfTable(costs, paperCurve);
    const distance = distanceOf(ratios);
    return distance === undefined ? [] : [{ label, ratios, median: distance.median }];
  });
}

export function distanceTable(distances: readonly LineDistance[]): Table {
  return distances.flatMap(({ label, ratios, median }) =>
    ratios.map(({ x, ours, paper, logRatio }) => ({
      ...{ curve: label, epoch: x, ours, paper, log_ratio: logRatio, median_absolute_log_ratio: median },
    })),
  );
}
