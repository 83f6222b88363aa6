import { distanceOf, isOverGrid } from '../paper/index.ts';
import type { ResultTables } from '../results/read-tables.ts';
import {
  type AlphaCell,
  type AlphaDistance,
  type AlphaPlace,
  alphaCells,
  alphaDistances,
  gridOf,
  isAt,
  paperPoints,
} from './alpha-cells.ts';
import { type AlphaPanel, alphaSpec, curveOf, highest } from './alpha-spec.ts';
import { captionOf } from './caption.ts';
import { titleOf } from './curves-figure.ts';
import type { Figure, Table } from './figure.ts';
import type { FigureExperiment } from './lines.ts';

/** Loss over learning rate with and without bias correction (Adam 2015, figure 4). */

export const isAlphaGrid = ({ paper }: FigureExperiment): boolean => paper !== null && isOverGrid(paper);

export function alphaFigure(experiment: FigureExperiment, tables: ResultTables): Figure {
  const cells = alphaCells(tables);
  const { places, columns } = gridOf(cells);
  const panels = places.map((place) => panelOf(place, cells));
  const distances = alphaDistances(cells);
  const title = titleOf(experiment);
  const caption = [
    ...captionOf({ experiment, tables, band: false, outside: [], divergedAs: 'crossed at the upper edge' }),
    ...drawnText(experiment, panels),
  ];
  const footnote = panels.some(({ paper }) => paper.length > 0) ? footnoteOf(distances) : [];
  return {
    ...{ kind: 'alpha-panels', name: `${experiment.name}-${experiment.profile}` },
    ...{ title, caption, footnote },
    spec: alphaSpec({ title, text: [...caption, ...footnote], panels, columns }),
    data: dataOf(panels),
    distance: distanceTable(distances),
  };
}

function panelOf(place: AlphaPlace, cells: readonly AlphaCell[]): AlphaPanel {
  return {
    place,
    ours: cells.filter((cell) => isAt(place, cell)).sort((a, b) => a.log10Alpha - b.log10Alpha),
    paper: paperPoints(place),
  };
}

/** What is left out, and what the marks at the upper edge are. */
function drawnText({ runs }: FigureExperiment, panels: readonly AlphaPanel[]): string[] {
  const cells = panels.flatMap(({ ours }) => ours);
  const above = cells.filter(({ loss }) => loss !== undefined && loss > highest).length;
  const missing = [10, 100].filter(
    (epochs) => runs.some((run) => run.epochs >= epochs) && !cells.some((cell) => cell.epochs === epochs),
  );
  return [
    ...(above === 0
      ? []
      : [`Arrows at the upper edge: ${above} of ${cells.length} losses are above ${highest}.`]),
    ...missing.map((epochs) => `Left out: losses after ${epochs} epochs, which no run has reached yet.`),
    ...emptyText(panels),
  ];
}

/** Panels with the paper's curves alone. */
function emptyText(panels: readonly AlphaPanel[]): string[] {
  const empty = panels.filter(({ ours }) => ours.length === 0).map(({ place }) => place);
  return [...new Set(empty.map(({ epochs }) => epochs))].map((epochs) => {
    const betas = empty.filter((place) => place.epochs === epochs).map((p) => `(${p.beta1}, ${p.beta2})`);
    return `Of (β1, β2) = ${betas.join(', ')} no loss after ${epochs} epochs is known yet.`;
  });
}

function footnoteOf(distances: readonly AlphaDistance[]): string[] {
  const read = "Dashed, with hollow marks: the paper's own losses, read off its figure 4.";
  const epochs = [...new Set(distances.map((distance) => distance.epochs))];
  const parts = epochs.flatMap((after) =>
    [true, false].flatMap((corrected) => {
      const lines = distances.filter((line) => line.epochs === after && line.corrected === corrected);
      const found = distanceOf(lines.flatMap(({ ratios }) => ratios));
      const diverged = lines.flatMap((line) => line.diverged).length;
      if (found === undefined) return [];
      const points = `${found.points} ${found.points === 1 ? 'point' : 'points'}${diverged === 0 ? '' : `, and ${diverged} where ours diverged`}`;
      return [`${curveOf(corrected)} after ${after} epochs ${found.median.toPrecision(2)} (${points})`];
    }),
  );
  return [read, ...(parts.length === 0 ? [] : [`Median |ln(ours / paper)|: ${parts.join('; ')}.`])];
}

function dataOf(panels: readonly AlphaPanel[]): Table {
  return panels.flatMap(({ place, ours, paper }) => [
    ...ours.map(({ corrected, log10Alpha, loss, seeds }) => ({
      ...{ ...placeColumns(place), bias_correction: String(corrected), source: 'ours' },
      ...{ log10_alpha: log10Alpha, loss: loss ?? '', state: loss === undefined ? 'diverged' : '', seeds },
    })),
    ...paper.map(({ biasCorrection, log10Alpha, loss, atEdge }) => ({
      ...{ ...placeColumns(place), bias_correction: String(biasCorrection), source: 'paper' },
      ...{ log10_alpha: log10Alpha, loss, state: atEdge ? 'leaves the drawing' : '', seeds: '' },
    })),
  ]);
}

function distanceTable(distances: readonly AlphaDistance[]): Table {
  return distances.flatMap(({ corrected, ratios, diverged, median, ...place }) => {
    const row = { ...placeColumns(place), bias_correction: String(corrected) };
    return [
      ...ratios.map(({ x, ours, paper, logRatio }) => ({
        ...{ ...row, log10_alpha: x, ours, paper, log_ratio: logRatio },
        median_absolute_log_ratio: median ?? '',
      })),
      ...diverged.map(({ x, paper }) => ({
        ...{ ...row, log10_alpha: x, ours: 'diverged', paper, log_ratio: '' },
        median_absolute_log_ratio: median ?? '',
      })),
    ];
  });
}

const placeColumns = ({ epochs, beta1, beta2 }: AlphaPlace) => ({ epochs, beta1, beta2 });
