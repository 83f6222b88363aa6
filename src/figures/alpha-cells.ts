import { distanceOf, type Figure4Point, figure4Points, isSameAlpha, type LogRatio } from '../paper/index.ts';
import { type ResultTables, seriesOf } from '../results/read-tables.ts';
import type { RunInfo } from '../results/run-info.ts';
import { spreadOf } from '../statistics.ts';
import { ascending } from './sweep.ts';

/** The grid of figure 4 of Adam 2015: the loss after some epochs for each learning rate, beta1, beta2 and correction. */

export interface AlphaCell {
  readonly epochs: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly corrected: boolean;
  readonly log10Alpha: number;
  /** Median over the seeds; undefined where one diverged up to this epoch. */
  readonly loss: number | undefined;
  readonly seeds: number;
}

/** Of one panel's axes. */
export type AlphaPlace = Pick<AlphaCell, 'epochs' | 'beta1' | 'beta2'>;

const loss = { split: 'train', metric: 'minibatch-cost' } as const;
const paperEpochs: readonly number[] = [10, 100];

/**
 * Every cell of the paper's epochs that runs have reached; before the first of them, of the last epoch there is. Of two
 * betas with which no run got so far, those that diverged before are left out: alone they would pass for all there is.
 */
export function alphaCells(tables: ResultTables): AlphaCell[] {
  const reached = paperEpochs
    .map((epochs) => cellsAfter(epochs, tables))
    .filter(hasLoss)
    .flatMap((cells) => cells.filter((cell) => hasLoss(cells.filter((other) => isAt(cell, other)))));
  if (reached.length > 0) return reached;
  const last = Math.max(
    ...tables.rows.filter(({ metric }) => metric === loss.metric).map(({ epoch }) => epoch),
  );
  return cellsAfter(last, tables);
}

const hasLoss = (cells: readonly AlphaCell[]): boolean => cells.some((cell) => cell.loss !== undefined);

/** Rows by epochs and, within them, beta1, and columns by beta2, both ascending as in the paper. */
export function gridOf(cells: readonly AlphaCell[]): { places: AlphaPlace[]; columns: number } {
  const beta2s = ascending(cells.map(({ beta2 }) => beta2));
  const places = ascending(cells.map(({ epochs }) => epochs)).flatMap((epochs) =>
    ascending(cells.map(({ beta1 }) => beta1)).flatMap((beta1) =>
      beta2s.map((beta2) => ({ epochs, beta1, beta2 })),
    ),
  );
  return { places, columns: beta2s.length };
}

export const isAt = (place: AlphaPlace, cell: AlphaPlace): boolean =>
  cell.epochs === place.epochs && cell.beta1 === place.beta1 && cell.beta2 === place.beta2;

/** The paper's markers and, `atEdge`, where its lines leave the drawing. */
export const paperPoints = (place: AlphaPlace): Figure4Point[] =>
  figure4Points()
    .filter((point) => isAt(place, point))
    .sort((a, b) => a.log10Alpha - b.log10Alpha);

export interface AlphaDistance extends AlphaPlace {
  readonly corrected: boolean;
  readonly ratios: readonly LogRatio[];
  /** Median of |ln(ours / paper)|; undefined where all of ours diverged. */
  readonly median: number | undefined;
  /** The paper's points at which ours diverged. */
  readonly diverged: readonly { readonly x: number; readonly paper: number }[];
}

/** At the paper's markers, of each of its lines that there is a run of. */
export function alphaDistances(cells: readonly AlphaCell[]): AlphaDistance[] {
  return gridOf(cells).places.flatMap((place) =>
    [true, false].flatMap((corrected) => {
      const found = paperPoints(place)
        .filter((point) => point.biasCorrection === corrected && !point.atEdge)
        .flatMap((point) => {
          const cell = cells.find(
            (other) =>
              isAt(place, other) &&
              other.corrected === corrected &&
              isSameAlpha(other.log10Alpha, point.log10Alpha),
          );
          return cell === undefined ? [] : [{ x: point.log10Alpha, ours: cell.loss, paper: point.loss }];
        });
      const ratios = found.flatMap(({ x, ours, paper }) =>
        ours === undefined ? [] : [{ x, ours, paper, logRatio: Math.log(ours / paper) }],
      );
      const diverged = found.filter(({ ours }) => ours === undefined);
      const median = distanceOf(ratios)?.median;
      return found.length === 0 ? [] : [{ ...place, corrected, ratios, diverged, median }];
    }),
  );
}

function cellsAfter(epochs: number, tables: ResultTables): AlphaCell[] {
  const groups = new Map<string, { run: RunInfo; losses: Map<number, number> }>();
  for (const run of tables.runs) {
    const { beta1, beta2, biasCorrection, lr } = run.hyperParameters;
    const key = JSON.stringify([beta1, beta2, biasCorrection, lr]);
    const value = lossAfter(epochs, run, tables);
    if (value === undefined) continue;
    const group = groups.get(key) ?? { run, losses: new Map() };
    groups.set(key, group);
    // A run of ten epochs and one of a hundred have the same tenth epoch.
    if (!group.losses.has(run.seed)) group.losses.set(run.seed, value);
  }
  return [...groups.values()].map(({ run: { hyperParameters: hyper }, losses }) => {
    const values = [...losses.values()];
    return {
      ...{ epochs, beta1: Number(hyper.beta1), beta2: Number(hyper.beta2) },
      ...{ corrected: hyper.biasCorrection !== false, log10Alpha: Math.log10(Number(hyper.lr)) },
      loss: values.every(Number.isFinite) ? spreadOf(values).median : undefined,
      seeds: values.length,
    };
  });
}

/** NaN of a run that diverged before, also when it was to end earlier; undefined of one that did not get there yet. */
function lossAfter(epochs: number, run: RunInfo, tables: ResultTables): number | undefined {
  const value = seriesOf(tables, run, loss).find(({ epoch }) => epoch === epochs)?.value;
  return value ?? (run.status === 'diverged' ? Number.NaN : undefined);
}
