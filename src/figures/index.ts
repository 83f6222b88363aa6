import type { ResultTables } from '../results/read-tables.ts';
import { alphaFigure, isAlphaGrid } from './alpha-figure.ts';
import { contoursFigure } from './contours-figure.ts';
import { landscapeOf } from './contours-landscape.ts';
import { curvesFigure } from './curves-figure.ts';
import { decayFigure, isDecaySweep } from './decay-figure.ts';
import type { Figure } from './figure.ts';
import { heatmapFigure, isHeatmap } from './heatmap-figure.ts';
import type { FigureExperiment } from './lines.ts';
import { problemTypeOf } from './problem-panels.ts';

export type { Figure, FigureKind, Layout, Table, VegaLiteSpec } from './figure.ts';
export type { FigureExperiment } from './lines.ts';
export { type Style, stylesOf } from './palette.ts';
export { type Drawing, drawFigure, type RenderOptions, renderPng, renderSvg } from './render.ts';
export { type FigureFormat, figureFormats, type WriteOptions, writeFigure } from './write-figure.ts';

/**
 * The figure of an experiment from its tables, or undefined for one that has no kind of figure, or of which nothing was
 * measured yet.
 */
export function figureOf(experiment: FigureExperiment, tables: ResultTables): Figure | undefined {
  if (tables.rows.length === 0 || tables.runs.some(isProperty)) return undefined;
  const landscape = landscapeOf(tables);
  if (landscape !== undefined) return contoursFigure(experiment, tables, landscape);
  if (!hasGrid(experiment)) return curvesFigure(experiment, tables);
  if (isAlphaGrid(experiment)) return alphaFigure(experiment, tables);
  if (isDecaySweep(experiment)) return decayFigure(experiment, tables);
  if (isHeatmap(experiment)) return heatmapFigure(experiment, tables);
  return curvesFigure(experiment, tables);
}

/** A map of one point shows nothing: of one setting of each optimizer, such as the best, there are curves. */
function hasGrid({ runs }: FigureExperiment): boolean {
  const points = new Set(runs.map(({ optimizer, seed }) => JSON.stringify([optimizer, seed])));
  return points.size < runs.length;
}

/** Whether an experiment has a figure once something is measured. */
export const hasFigure = ({ runs }: FigureExperiment): boolean => !runs.some(isProperty);

/** Statements about single steps, and what else is run beside them: verdicts show them, and no curve does. */
const isProperty = (run: { readonly model: object }): boolean =>
  ['gradient-stream', 'online-losses'].includes(problemTypeOf(run) ?? '');
