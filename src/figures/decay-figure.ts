import type { ResultTables } from '../results/read-tables.ts';
import { captionOf } from './caption.ts';
import { titleOf } from './curves-figure.ts';
import { decaySpec } from './decay-spec.ts';
import type { Figure } from './figure.ts';
import type { FigureExperiment } from './lines.ts';
import { ascending, bestCells, type DecayKind, decayKindOf, type SweepCell, sweepCells } from './sweep.ts';

/** The test error over weight decay, one line for each budget of epochs (AdamW 2019, figure S3). */

export interface DecayPanel {
  readonly title: string;
  readonly decayKind: DecayKind;
  /** Ascending. */
  readonly decays: readonly number[];
  /** By ascending epochs and decay. */
  readonly cells: readonly SweepCell[];
  /** Of each number of epochs. */
  readonly best: readonly SweepCell[];
}

/** The part of all errors that the axes have room for. */
const shown = 0.92;

export const isDecaySweep = ({ paper }: FigureExperiment): boolean =>
  paper?.key === 'adamw' && paper.figure === 'S3';

export function decayFigure(experiment: FigureExperiment, tables: ResultTables): Figure {
  const cells = sweepCells(experiment, tables);
  const panels = experiment.optimizers.flatMap(({ name, label }) => {
    const own = cells.filter(({ optimizer }) => optimizer === name);
    return own.length === 0 ? [] : [panelOf(label, own, decayKindOf(experiment, tables, name))];
  });
  const epochs = ascending(cells.map((cell) => cell.epochs));
  const range = rangeOf(cells);
  const above = cells.filter(({ error = 0 }) => error > range[1]).length;
  const title = titleOf(experiment);
  const caption = [
    ...captionOf({ experiment, tables, band: false, outside: [], divergedAs: 'without a mark' }),
    ...panels.flatMap(bestText),
    ...(above === 0 ? [] : [`Above the drawn axes: ${above} of ${cells.length} errors.`]),
  ];
  return {
    ...{ kind: 'curves', name: `${experiment.name}-${experiment.profile}`, title, caption, footnote: [] },
    spec: decaySpec({ title, text: caption, panels, epochs, range }),
    data: panels.flatMap((panel) =>
      panel.cells.map((cell) => ({
        ...{ panel: panel.title, decay_kind: panel.decayKind, epochs: cell.epochs, lr: cell.lr },
        ...{ decay: cell.decay, seeds: cell.seeds, test_error: cell.error ?? '', state: cell.state },
        best: panel.best.includes(cell) ? 'best' : '',
      })),
    ),
    distance: [],
  };
}

/** Errors on the axes, with room above and below: the worst ones would leave no room between the others. */
function rangeOf(cells: readonly SweepCell[]): readonly [number, number] {
  const errors = cells.flatMap(({ error }) => error ?? []).sort((a, b) => a - b);
  const [least = 0, most = 1] = [errors[0], errors[Math.floor((errors.length - 1) * shown)]];
  const room = 0.08 * (most - least) || 0.01;
  return [least - room, most + room];
}

function panelOf(title: string, own: readonly SweepCell[], decayKind: DecayKind): DecayPanel {
  const cells = [...own].sort((a, b) => a.epochs - b.epochs || a.decay - b.decay);
  const epochs = ascending(cells.map((cell) => cell.epochs));
  return {
    ...{ title, decayKind, cells, decays: ascending(cells.map(({ decay }) => decay)) },
    best: epochs.flatMap((budget) =>
      bestCells(
        cells.filter((cell) => cell.epochs === budget),
        1,
      ),
    ),
  };
}

function bestText({ title, best }: DecayPanel): string[] {
  const parts = best.map(
    ({ epochs, decay, error }) => `${decay} after ${epochs} epochs (${(100 * error!).toFixed(1)} %)`,
  );
  return parts.length === 0 ? [] : [`Ring: the best of ${title}: ${parts.join(', ')}.`];
}
