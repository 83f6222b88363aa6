import { paperCurve as curveOfPaper, paperCurves } from '../paper/index.ts';
import { quantitiesOf, type ResultTables, seriesOf } from '../results/read-tables.ts';
import type { RunInfo } from '../results/run-info.ts';
import { topVariant } from '../spec/schema.ts';
import { captionOf, figureText, footnoteOf } from './caption.ts';
import { type CurvesPanel, curvesSpec, isWithin, reachOf } from './curves-spec.ts';
import { distancesOf, distanceTable } from './distances.ts';
import type { Figure, Table } from './figure.ts';
import { endsOf, type FigureExperiment, type Line, linesOf, spreadByEpoch } from './lines.ts';
import { type PanelAxes, type PaperFigure, paperFigure, plainPanels } from './paper-panels.ts';
import { problemPanels } from './problem-panels.ts';
import { fromFirstPeriod, periodEnds, periodsText } from './restarts.ts';

/** Training curves: one line per optimizer and setting, its seeds as a band, the paper's own curves behind them. */
export function curvesFigure(experiment: FigureExperiment, tables: ResultTables): Figure {
  const { paper } = experiment;
  const drawn: PaperFigure = (paper && paperFigure(paper.key, paper.figure)) ?? {
    panels: problemPanels(tables.runs) ?? plainPanels(quantitiesOf(tables)),
    order: [],
  };
  const lines = linesOf(experiment, tables, drawn.order);
  const paperLines = paperLinesOf(experiment, lines);
  const restarts = periodEnds(tables.runs);
  const panels = alike(
    drawn.panels
      .map((axes) => widened(fromFirstPeriod(panelOf(axes, lines, paperLines, tables), restarts)))
      .filter(({ ours }, i) => i === 0 || ours.length > 0),
  );
  const hasPaper = panels.some((panel) => panel.paper.length > 0);
  const distances = distancesOf(lines, tables);
  const title = titleOf(experiment);
  const caption = [
    ...captionOf({
      ...{ experiment, tables, ...outsideOf(panels, lines) },
      // Of restarts the first period is meant to be outside.
      ...(restarts.length === 0 ? {} : { cut: [] }),
      isUnmarked: (run) => panels.every(({ axes }) => !hasValue(tables, run, axes)),
      band: panels.some(({ ours }) => ours.some(({ seeds }) => seeds > 1)),
    }),
    ...periodsText(restarts),
  ];
  const twins = twinsOf(lines, panels);
  const footnote = footnoteOf(experiment, distances, { drawn: hasPaper, hasTwins: twins.length > 0 });
  return {
    ...{ kind: 'curves', name: `${experiment.name}-${experiment.profile}`, title, caption, footnote },
    spec: curvesSpec({
      title,
      text: [...caption, ...footnote],
      ...{ panels, restarts, twins },
      curves: [...lines, ...paperLines.alone],
    }),
    data: dataOf(panels),
    distance: distanceTable(distances),
  };
}

/** Labels of the curves with dropout that stand beside others without it. */
function twinsOf(lines: readonly Line[], panels: readonly CurvesPanel[]): string[] {
  const twins = lines.filter(({ isDropoutTwin }) => isDropoutTwin).map(({ label }) => label);
  const mixed = panels.some(({ ours }) => new Set(ours.map(({ curve }) => twins.includes(curve))).size > 1);
  return mixed ? twins : [];
}

export function titleOf({ title, variant, paper }: FigureExperiment): string {
  const name = variant === topVariant ? title : `${title}, ${variant}`;
  return paper === null
    ? name
    : `${name} (${paperNames[paper.key] ?? paper.key}, ${figureText(paper.figure)})`;
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
  const paper = (isPaperQuantity && here.length > 0 ? shown : []).flatMap(({ label, paperCurve }) => {
    const curve =
      axes.paperPanel === undefined
        ? paperCurve
        : curveOfPaper({ key: 'adam', figure: axes.paperPanel }, paperCurve!.name);
    return (curve?.points ?? []).map(({ x, y }) => ({ curve: label, x, y }));
  });
  return { axes, ours, paper, ends };
}

/** Whether something of a run is on the axes of a panel, wherever they end. */
const hasValue = (tables: ResultTables, run: RunInfo, { quantity, firstEpoch }: PanelAxes): boolean =>
  seriesOf(tables, run, quantity).some(
    ({ epoch, value }) => Number.isFinite(value) && epoch - 1 + firstEpoch >= 0,
  );

/** Where the paper's axes show nothing of ours, as after one short epoch, such that do and still show its curves. */
function widened(panel: CurvesPanel): CurvesPanel {
  const { axes, ours } = panel;
  if (axes.y === undefined) return panel;
  const [low, high] = axes.y;
  const furthest: readonly [number, number] =
    axes.scale === 'log' ? [low / 1000, high * 1000] : [0, high * 10];
  const values = ours.filter(({ x, y }) => isWithin(x, axes.x) && isWithin(y, furthest)).map(({ y }) => y);
  if (values.length === 0 || values.some((value) => isWithin(value, axes.y))) return panel;
  // Not on the very edge.
  const y = [Math.min(low, ...values.map((v) => v / 1.1)), Math.max(high, ...values.map((v) => v * 1.1))];
  return { ...panel, axes: { ...axes, y: y as [number, number] } };
}

/** Panels of one quantity get one range, where the paper gives none: they are there to be compared. */
function alike(panels: readonly CurvesPanel[]): readonly CurvesPanel[] {
  const free = panels.every(({ axes }) => axes.y === undefined);
  if (!free || panels.length < 2 || new Set(panels.map(({ axes }) => axes.yTitle)).size > 1) return panels;
  const y = reachOf(panels.flatMap(({ ours }) => ours));
  return panels.map((panel) => ({ ...panel, axes: { ...panel.axes, y } }));
}

/** Lines of which no panel shows a point, and those of which one cuts points off above or below. */
function outsideOf(
  panels: readonly CurvesPanel[],
  lines: readonly Line[],
): { readonly outside: string[]; readonly cut: string[] } {
  const shown = lines.map(({ label }) => {
    const points = panels.flatMap(({ axes, ours }) =>
      ours
        .filter(({ curve }) => curve === label)
        .map(({ x, y }) => ({ onX: isWithin(x, axes.x), onY: isWithin(y, axes.y) })),
    );
    const isSeen = points.some(({ onX, onY }) => onX && onY);
    return {
      label,
      isOutside: points.length > 0 && !isSeen,
      isCut: isSeen && points.some((p) => p.onX && !p.onY),
    };
  });
  return {
    outside: shown.filter(({ isOutside }) => isOutside).map(({ label }) => label),
    cut: shown.filter(({ isCut }) => isCut).map(({ label }) => label),
  };
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
