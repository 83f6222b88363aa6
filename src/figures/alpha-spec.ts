import type { Figure4Point } from '../paper/index.ts';
import type { AlphaCell, AlphaPlace } from './alpha-cells.ts';
import type { Layout, VegaLiteSpec } from './figure.ts';
import { isSmall, legendBelow, pageSpec, panelTitle, yTitle } from './page-spec.ts';
import { fontSizeOf } from './theme.ts';

export interface AlphaPanel {
  readonly place: AlphaPlace;
  /** Both by ascending learning rate. */
  readonly ours: readonly AlphaCell[];
  readonly paper: readonly Figure4Point[];
}

export interface AlphaDrawing {
  readonly title: string;
  readonly text: readonly string[];
  /** Row by row. */
  readonly panels: readonly AlphaPanel[];
  readonly columns: number;
}

/** As the paper's axes, with room for the marks at both ends. */
const alphas = [-5.2, -0.8];
const lowest = 95;
export const highest = 145;
/** Where marks of curves that are above all drawn losses stand: none hides another's. */
const edge = { true: 143, false: 139.3 };

export const curveOf = (corrected: boolean): string => `${corrected ? 'with' : 'without'} bias correction`;
const curves = [true, false].map(curveOf);
/** Red and green as in the paper, in shades that everybody tells apart. */
const colors = ['#d55e00', '#009e73'];
const shapes = ['circle', 'diamond'];
const [ours, theirs] = ['ours', 'the paper'];
const cross = 'M-0.8,-0.8L0.8,0.8M-0.8,0.8L0.8,-0.8';
const arrow = 'M0,-1L0.8,0L0.25,0L0.25,1L-0.25,1L-0.25,0L-0.8,0Z';

export function alphaSpec({ title, text, panels, columns }: AlphaDrawing): (layout: Layout) => VegaLiteSpec {
  return (layout) => {
    const drawn = panels.map((panel, i) => {
      const place = { first: i % columns === 0, last: i >= panels.length - columns };
      return panelSpec(panel, place, layout);
    });
    return pageSpec({ title, text, panels: drawn, columns }, layout);
  };
}

function panelSpec(
  { place, ours: cells, paper }: AlphaPanel,
  { first, last }: { readonly first: boolean; readonly last: boolean },
  layout: Layout,
): VegaLiteSpec {
  const { panelWidth } = layout;
  const small = isSmall(layout);
  const { beta1, beta2 } = place;
  const legend = legendBelow(curves, layout);
  const dashLegend = { ...legend, symbolType: 'stroke', clipHeight: fontSizeOf(layout) };
  const curve = (range: readonly string[]) => ({
    ...{ field: 'curve', type: 'nominal', legend },
    scale: { domain: curves, range },
  });
  const color = curve(colors);
  const shape = curve(shapes);
  const dash = (source: string) => ({
    ...{ datum: source, type: 'nominal', legend: { ...dashLegend, symbolSize: small ? 120 : 400 } },
    scale: {
      domain: [ours, theirs],
      range: [
        [1, 0],
        [4, 3],
      ],
    },
  });
  const xTitle = small ? 'log10 α' : 'log10 of the learning rate';
  const x = {
    ...{ field: 'x', type: 'quantitative', title: last ? xTitle : null },
    ...{ scale: { domain: alphas, nice: false }, axis: { values: [-5, -4, -3, -2, -1] } },
  };
  const height = Math.round(panelWidth * (small ? 1 : 0.8));
  const loss = `loss after ${place.epochs} ${place.epochs === 1 ? 'epoch' : 'epochs'}`;
  const y = {
    ...{ field: 'y', type: 'quantitative', title: first ? yTitle(loss, height, layout) : null },
    ...{
      scale: { domain: [lowest, highest], nice: false },
      axis: { values: [100, 120, 140], labels: first },
    },
  };
  const rows = cells.map(({ corrected, log10Alpha, loss }) => ({
    ...{ curve: curveOf(corrected), x: log10Alpha, y: loss ?? null },
  }));
  const theirRows = paper.map(({ biasCorrection, log10Alpha, loss, atEdge }) => ({
    ...{ curve: curveOf(biasCorrection), x: log10Alpha, y: loss, atEdge },
  }));
  const above = cells
    .filter(({ loss }) => loss === undefined || loss > highest)
    .map(({ corrected, log10Alpha, loss }) => ({
      ...{ curve: curveOf(corrected), x: log10Alpha, y: corrected ? edge.true : edge.false },
      loss: loss === undefined ? 'diverged' : Number(loss.toPrecision(5)),
    }));
  const tooltip = (loss: string, source: string) => [
    { field: 'curve', type: 'nominal', title: source },
    { field: 'x', type: 'quantitative', title: 'log10 of the learning rate', format: '.3~f' },
    { field: loss, type: loss === 'y' ? 'quantitative' : 'nominal', title: 'loss' },
  ];
  const size = small ? 10 : 36;
  const width = small ? 0.9 : 1.6;
  const atEdge = (marked: string, values: readonly VegaLiteSpec[], mark: VegaLiteSpec) => ({
    data: { values },
    mark: { type: 'point', opacity: 1, size: small ? 14 : 55, shape: marked, ...mark },
    encoding: { x, y, color, tooltip: tooltip('loss', ours) },
  });
  return {
    ...{ width: panelWidth, height },
    title: panelTitle(small ? `β1=${beta1} β2=${beta2}` : `β1 = ${beta1}, β2 = ${beta2}`, layout),
    layer: [
      {
        data: { values: theirRows },
        mark: { type: 'line', clip: true, strokeWidth: width * 0.7 },
        encoding: { x, y, color, strokeDash: dash(theirs) },
      },
      {
        data: { values: theirRows.filter((row) => !row.atEdge) },
        mark: {
          type: 'point',
          filled: false,
          clip: true,
          opacity: 1,
          size: size * 1.6,
          strokeWidth: width * 0.6,
        },
        // Of the paper as the line is, but a broken outline of a small mark has no shape.
        encoding: {
          ...{ x, y, color, shape, tooltip: tooltip('y', theirs) },
          strokeDash: { ...dash(theirs), condition: { test: 'true', value: [1, 0] } },
        },
      },
      {
        data: { values: rows },
        mark: { type: 'line', clip: true, strokeWidth: width },
        encoding: { x, y, color, strokeDash: dash(ours) },
      },
      {
        data: { values: rows.filter((row) => row.y !== null) },
        mark: { type: 'point', filled: true, clip: true, opacity: 1, size: size * 0.7 },
        encoding: { x, y, color, shape, tooltip: tooltip('y', ours) },
      },
      atEdge(
        arrow,
        above.filter(({ loss }) => loss !== 'diverged'),
        { filled: true },
      ),
      atEdge(
        cross,
        above.filter(({ loss }) => loss === 'diverged'),
        { filled: false, strokeWidth: width },
      ),
    ],
  };
}
