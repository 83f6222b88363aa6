import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';

/** The papers' own curves, read off their vector figures; experiments/paper/ holds them. */

export interface CurvePoint {
  /** As on the paper's axis: for training curves the epoch, from 0. */
  readonly x: number;
  readonly y: number;
}

export interface PaperCurve {
  /** Such as `2a`. */
  readonly figure: string;
  /** As in the figure's legend, such as `Adam+dropout`. */
  readonly name: string;
  /** By ascending x; points outside the drawn range of y are missing. */
  readonly points: readonly CurvePoint[];
}

/** One marker of figure 4 of the Adam paper. */
export interface Figure4Point {
  /** 10 or 100. */
  readonly epochs: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly biasCorrection: boolean;
  readonly log10Alpha: number;
  /** Negative evidence lower bound, nats per example. */
  readonly loss: number;
  /** The line leaves the drawn range here: the loss is a bound, and the learning rate is that of the crossing. */
  readonly atEdge: boolean;
}

/** Names the figure of an experiment. */
export interface FigureName {
  readonly key: string;
  readonly figure: string;
}

/** Panels of one figure show the same curves; this one has all epochs. */
const wholePanel: Readonly<Record<string, string>> = { '2b': '2b-epoch', '3': '3-right' };

/** The curves of a figure in the order of the file; none where the paper has no figure of that name with curves. */
export function paperCurves({ key, figure }: FigureName): readonly PaperCurve[] {
  const panel = wholePanel[figure] ?? figure;
  return key === 'adam' ? adamCurves().filter((curve) => curve.figure === panel) : [];
}

export function paperCurve(figure: FigureName, name: string): PaperCurve | undefined {
  return paperCurves(figure).find((curve) => curve.name === name);
}

export function figure4Points(): readonly Figure4Point[] {
  figure4 ??= records('adam-figure4.csv').map((record) => ({
    epochs: Number(record.epochs),
    beta1: Number(record.beta1),
    beta2: Number(record.beta2),
    biasCorrection: record.bias_correction === 'true',
    log10Alpha: Number(record.log10_alpha),
    loss: Number(record.loss),
    atEdge: record.at_edge === 'true',
  }));
  return figure4;
}

/** The settings that a figure over a grid has a value for. */
export const gridAxes = ['beta1', 'beta2', 'lr'] as const;

/** Whether a figure shows no curves, but values over a grid of the `gridAxes`. */
export function isOverGrid({ key, figure }: FigureName): boolean {
  return key === 'adam' && figure === '4';
}

/**
 * What figure 4 of the Adam paper shows of one point of its grid, as a curve of at most two points; its loss after n
 * epochs is the mean minibatch cost of the n-th. None where no marker is drawn.
 */
export function figure4Curve(hyper: Readonly<Record<string, unknown>>): PaperCurve | undefined {
  const points = figure4Points()
    .filter(
      ({ beta1, beta2, biasCorrection, log10Alpha, atEdge }) =>
        beta1 === hyper.beta1 &&
        beta2 === hyper.beta2 &&
        biasCorrection === hyper.biasCorrection &&
        !atEdge &&
        isSameAlpha(log10Alpha, Math.log10(Number(hyper.lr))),
    )
    .map(({ epochs, loss }) => ({ x: epochs - 1, y: loss }));
  return points.length === 0 ? undefined : { figure: '4', name: '', points };
}

/** Markers were read off to a thousandth of a decade, learning rates are half a decade apart. */
export function isSameAlpha(log10A: number, log10B: number): boolean {
  return Math.abs(log10A - log10B) < 0.02;
}

let figure4: readonly Figure4Point[] | undefined;
let curves: readonly PaperCurve[] | undefined;

function adamCurves(): readonly PaperCurve[] {
  curves ??= readCurves();
  return curves;
}

function readCurves(): PaperCurve[] {
  const byName = new Map<string, { figure: string; name: string; points: CurvePoint[] }>();
  for (const { figure = '', curve = '', x, y } of records('adam-curves.csv')) {
    const key = `${figure},${curve}`;
    if (!byName.has(key)) byName.set(key, { figure, name: curve, points: [] });
    const { points } = byName.get(key)!;
    // Where a curve runs into the frame it has two points at one x: the first one is the measured one.
    if (points.at(-1)?.x !== Number(x)) points.push({ x: Number(x), y: Number(y) });
  }
  return [...byName.values()];
}

function records(file: string): Record<string, string>[] {
  const path = fileURLToPath(new URL(`../../experiments/paper/${file}`, import.meta.url));
  return parse(readFileSync(path, 'utf8'), { columns: true });
}
