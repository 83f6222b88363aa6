import { paperCurves } from '../paper/index.ts';
import { quantitiesOf, type ResultTables } from '../results/read-tables.ts';
import { captionOf, figureText, footnoteOf } from './caption.ts';
import { type CurvesPanel, curvesSpec } from './curves-spec.ts';
import { distancesOf, distanceTable } from './distances.ts';
import type { Figure, Table } from './figure.ts';
import { endsOf, type FigureExperiment, type Line, linesOf, spreadByEpoch } from './lines.ts';
import { type PanelAxes, type PaperFigure, paperFigure, plainPanels } from './paper-panels.ts';

/** Training curves: one line per optimizer and setting, its seeds as a band, the paper's own curves behind them. */
export function curvesFigure(experiment: FigureExperiment, tables: ResultTables): Figure {
  const { paper } = experiment;
  const drawn: PaperFigure = (paper && paperFigure(paper.key, paper.figure)) ?? {
    panels: plainPanels(quantitiesOf(tables)),
    order: [],
  };
  const lines = linesOf(experiment, tables, drawn.order);
  const paperLines = paperLinesOf(experiment, lines);
  const panels = drawn.panels
    .map((axes) => panelOf(axes, lines, paperLines, tables))
    .filter(({ ours }, i) => i === 0 || ours.length > 0);
  const hasPaper = panels.some((panel) => panel.paper.length > 0);
  const distances = distancesOf(lines, tables);
  const title =
    paper === null
      ? experiment.title
      : `${experiment.title} (${paperNames[paper.key] ?? paper.key}, figure ${figureText(paper.figure)})`;
  const caption = captionOf({
    ...{ experiment, tables, outside: outsideOf(panels, lines) },
    band: panels.some(({ ours }) => ours.some(({ seeds }) => seeds > 1)),
  });
  const footnote = footnoteOf(experiment, distances, hasPaper);
  return {
    ...{ kind: 'curves', name: `${experiment.name}-${experiment.profile}`, title, caption, footnote },
    spec: curvesSpec({
      title,
      text: [...caption, ...footnote],
      panels,
      curves: [...lines, ...paperLines.alone],
    }),
    data: dataOf(panels),
    distance: distanceTable(distances),
  };
}

const paperNames: Readonly<Record<string, string>> = {
  adam: 'Adam 2015',
  adamw: 'AdamW 2019',
  ruder: 'Ruder 2017',
};

interface PaperLines {
  /** In the colours of the lines that reproduce them. */
  readonly behind: readonly Pick<Line, 'label' | 'paperCurve'>[];
  /** Of an optimizer that is not run here. */
  readonly alone: readonly Pick<Line, 'label' | 'style' | 'paperCurve'>[];
}

function paperLinesOf({ paper }: FigureExperiment, lines: readonly Line[]): PaperLines {
  const curves = paper === null ? [] : paperCurves(paper);
  const behind = curves.flatMap((paperCurve) => {
    const line = lines.find((other) => other.paperCurve?.name === paperCurve.name);
    return line === undefined ? [] : [{ label: line.label, paperCurve }];
  });
  const alone = curves
    .filter((curve) => !behind.some(({ paperCurve }) => paperCurve.name === curve.name))
    .map((paperCurve) => ({
      ...{ label: `${paperCurve.name} (paper only)`, paperCurve },
      style: { color: '#888888', shape: 'stroke' },
    }));
  return { behind, alone };
}

function panelOf(
  axes: PanelAxes,
  lines: readonly Line[],
  { behind, alone }: PaperLines,
  tables: ResultTables,
): CurvesPanel {
  const { quantity, firstEpoch, where = () => true, scale } = axes;
  const here = lines.filter(({ group }) => group.runs.some(where));
  const onAxis = (epoch: number): number => epoch - 1 + firstEpoch;
  const drawable = (y: number): boolean => scale === 'linear' || y > 0;
  const ours = here.flatMap(({ label, group }) =>
    spreadByEpoch(tables, group, quantity)
      .filter(({ epoch, median }) => onAxis(epoch) >= 0 && drawable(median))
      .map(({ epoch, median, low, high, seeds }) => ({
        ...{ curve: label, x: onAxis(epoch), y: median, seeds, high },
        low: drawable(low) ? low : median,
      })),
  );
  const ends = here.flatMap(({ label, group }) =>
    endsOf(tables, group, quantity)
      .filter(({ point }) => onAxis(point.epoch) >= 0 && drawable(point.value))
      .map(({ point }) => ({ curve: label, x: onAxis(point.epoch), y: point.value })),
  );
  const shown = [...behind.filter(({ label }) => here.some((line) => line.label === label)), ...alone];
  const isPaperQuantity = quantity.metric === 'minibatch-cost' && firstEpoch === 0;
  const paper = (isPaperQuantity && here.length > 0 ? shown : []).flatMap(({ label, paperCurve }) =>
    paperCurve!.points.map(({ x, y }) => ({ curve: label, x, y })),
  );
  return { axes, ours, paper, ends };
}

/** Lines of which no panel shows a point. */
function outsideOf(panels: readonly CurvesPanel[], lines: readonly Line[]): string[] {
  const within = (value: number, range: readonly [number, number] | undefined): boolean =>
    range === undefined || (value >= range[0] && value <= range[1]);
  return lines
    .map(({ label }) => label)
    .filter((label) => {
      const points = panels.flatMap(({ axes, ours }) =>
        ours.filter(({ curve }) => curve === label).map((point) => ({ ...point, axes })),
      );
      return points.length > 0 && !points.some(({ x, y, axes }) => within(x, axes.x) && within(y, axes.y));
    });
}

function dataOf(panels: readonly CurvesPanel[]): Table {
  return panels.flatMap(({ axes: { title }, ours, paper, ends }) => [
    ...ours.map(({ curve, x, y, low, high, seeds }) => ({
      ...{ panel: title, curve, source: 'ours', x, y, low, high, seeds },
    })),
    ...ends.map(({ curve, x, y }) => ({
      ...{ panel: title, curve, source: 'diverged', x, y, low: '', high: '', seeds: '' },
    })),
    ...paper.map(({ curve, x, y }) => ({
      ...{ panel: title, curve, source: 'paper', x, y, low: '', high: '', seeds: '' },
    })),
  ]);
}
