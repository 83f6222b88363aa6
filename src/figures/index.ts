import type { ResultTables, RunInfo } from '../results/read-tables.ts';
import { curvesFigure } from './curves-figure.ts';
import type { Figure } from './figure.ts';
import type { FigureExperiment } from './lines.ts';

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
  if (tables.rows.length === 0 || tables.runs.every(isProperty)) return undefined;
  return curvesFigure(experiment, tables);
}

/** Statements about single steps: tables and verdicts show them, and no curve does. */
const isProperty = ({ model }: RunInfo): boolean => {
  const { problem } = model as { problem?: { type?: string } };
  return problem?.type === 'gradient-stream' || problem?.type === 'online-losses';
};
