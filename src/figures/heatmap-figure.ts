import type { ResultTables } from '../results/read-tables.ts';
import { captionOf } from './caption.ts';
import { titleOf } from './curves-figure.ts';
import type { Figure } from './figure.ts';
import { heatmapSpec } from './heatmap-spec.ts';
import type { FigureExperiment } from './lines.ts';
import { ascending, bestCells, type DecayKind, decayKindOf, type SweepCell, sweepCells } from './sweep.ts';

/** The test error over learning rate and weight decay, one panel for each optimizer (AdamW 2019, figures 1 and 2). */

export interface HeatmapPanel {
  readonly title: string;
  readonly decayKind: DecayKind;
  /** Ascending. */
  readonly lrs: readonly number[];
  readonly decays: readonly number[];
  readonly cells: readonly RankedCell[];
}

export interface RankedCell extends SweepCell {
  /** From 1 among the best cells of the panel; 0 for all others. */
  readonly rank: number;
}

/** As many as the paper circles. */
const circled = 10;
/** Cells above this part of all have the last colour: the worst ones would leave one colour for all good ones. */
const clippedAt = 0.75;
const fewCells = 20;

/** Whether each optimizer has a grid of learning rates and weight decays, or the figure that is reproduced is one. */
export function isHeatmap({ paper, optimizers, runs }: FigureExperiment): boolean {
  if (paper?.key === 'adamw' && (paper.figure === '1' || paper.figure === '2')) return true;
  if (optimizers.some(({ paperCurve }) => paperCurve !== undefined)) return false;
  return optimizers.every(({ name }) => {
    const grid = runs.filter(({ optimizer }) => optimizer === name);
    const lrs = new Set(grid.map(({ optimizerSettings: { hyper } }) => hyper.lr));
    const decays = new Set(grid.map(({ optimizerSettings: { weightDecay } }) => weightDecay?.rate));
    return lrs.size > 1 && decays.size > 1 && new Set(grid.map(({ epochs }) => epochs)).size === 1;
  });
}

export function heatmapFigure(experiment: FigureExperiment, tables: ResultTables): Figure {
  const panels = panelsOf(experiment, tables);
  const range = colorRange(panels.flatMap(({ cells }) => cells));
  const title = titleOf(experiment);
  const caption = [
    ...captionOf({ experiment, tables, band: false, outside: [], divergedAs: 'crossed' }),
    ...marksText(panels, range),
  ];
  return {
    ...{ kind: 'heatmap', name: `${experiment.name}-${experiment.profile}`, title, caption, footnote: [] },
    spec: heatmapSpec({ title, text: caption, panels, range }),
    data: panels.flatMap((panel) =>
      panel.cells.map(({ lr, decay, epochs, error, seeds, state, rank }) => ({
        ...{ panel: panel.title, decay_kind: panel.decayKind, lr, decay, epochs, seeds },
        ...{ test_error: error ?? '', state, rank: rank === 0 ? '' : rank },
      })),
    ),
    distance: [],
  };
}

function panelsOf(experiment: FigureExperiment, tables: ResultTables): HeatmapPanel[] {
  const all = sweepCells(experiment, tables);
  const names = [
    ...new Set([...experiment.optimizers.map(({ name }) => name), ...all.map((c) => c.optimizer)]),
  ];
  return names.flatMap((name) => {
    const cells = all.filter(({ optimizer }) => optimizer === name);
    if (cells.length === 0) return [];
    const best = bestCells(cells, circled);
    return {
      title: experiment.optimizers.find((optimizer) => optimizer.name === name)?.label ?? name,
      decayKind: decayKindOf(experiment, tables, name),
      lrs: ascending(cells.map(({ lr }) => lr)),
      decays: ascending(cells.map(({ decay }) => decay)),
      cells: cells.map((cell) => ({ ...cell, rank: best.indexOf(cell) + 1 })),
    };
  });
}

/** Errors from the least to where the colours are clipped. */
function colorRange(cells: readonly SweepCell[]): readonly [number, number] {
  const errors = cells.flatMap(({ error }) => error ?? []).sort((a, b) => a - b);
  const [least = 0] = errors;
  const part = errors.length < fewCells ? 1 : clippedAt;
  return [least, errors[Math.floor((errors.length - 1) * part)] ?? 1];
}

function marksText(panels: readonly HeatmapPanel[], [, worst]: readonly [number, number]): string[] {
  const cells = panels.flatMap(({ cells: inside }) => inside);
  const above = cells.filter(({ error }) => error !== undefined && error > worst);
  const best = panels.flatMap(({ title, cells: inside }) => {
    const first = inside.find(({ rank }) => rank === 1);
    return first === undefined ? [] : [`${title} ${(100 * first.error!).toFixed(1)} %`];
  });
  return [
    `Colour: test error at the end${above.length === 0 ? '' : `, clipped at ${(100 * worst).toFixed(1)} %, which ${above.length} of ${cells.length} cells lie above`}.`,
    `Rings: the ${circled} best cells of each panel, the best with a dot: ${best.join(', ')}.`,
  ];
}
