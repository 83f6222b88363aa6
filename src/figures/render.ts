import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Figure, Layout, VegaLiteSpec } from './figure.ts';
import { meanAdvance, textWidth } from './text-width.ts';

/** Draws Vega-Lite without a browser: the same spec gives the same bytes on every machine. */

export interface RenderOptions {
  /** Of the whole figure in pixels. */
  readonly width?: number;
  readonly paperStyle?: boolean;
}

export interface Drawing {
  /** In which the figure is as wide as asked for. */
  readonly layout: Layout;
  readonly spec: VegaLiteSpec;
  readonly svg: string;
}

const defaultWidth = 760;
/** 3.25 inches, the column of most two-column layouts, at 96 pixels to the inch. */
const columnWidth = 312;
/** Room of axes and legend is only known once a figure is drawn. */
const passes = 3;

/** Draws a figure as wide as asked for: its panels are fitted to what axes and legend leave. */
export async function drawFigure(
  figure: Figure,
  { paperStyle = false, width = paperStyle ? columnWidth : defaultWidth }: RenderOptions = {},
): Promise<Drawing> {
  const lineLength = Math.max(30, Math.floor((width - 80) / (11 * meanAdvance)));
  const across = panelsAcross(figure.spec({ panelWidth: width, paperStyle, lineLength }));
  let panelWidth = Math.round((width * 0.85) / across);
  let best: { readonly drawing: Drawing; readonly miss: number } | undefined;
  for (let pass = 0; pass < passes; pass++) {
    const layout = { panelWidth, paperStyle, lineLength };
    const spec = figure.spec(layout);
    const svg = await renderSvg(spec);
    const excess = widthOf(svg) - width;
    const miss = Math.abs(excess);
    // A label more or less at the edge of a panel can make a later pass a worse one.
    if (best === undefined || miss < best.miss) best = { drawing: { layout, spec, svg }, miss };
    if (miss < 1) break;
    panelWidth = Math.max(80, Math.round(panelWidth - excess / across));
  }
  return best!.drawing;
}

/** The picture of a Vega-Lite spec with its data in it. */
export async function renderSvg(spec: VegaLiteSpec): Promise<string> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  // Not in Vega's types.
  useShippedMetrics((vega as unknown as { textMetrics: TextMetrics }).textMetrics);
  vega.resetSVGDefIds();
  const compiled = compile(spec as unknown as Parameters<typeof compile>[0]).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', logLevel: vega.Error });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}

/** PNG with `zoom` pixels for each of the SVG's. */
export async function renderPng(svg: string, { zoom = 2 } = {}): Promise<Buffer> {
  return (await rasterize(svg, zoom)).asPng();
}

export interface Pixels {
  /** Red, green, blue and opacity, row by row. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export async function renderPixels(svg: string, { zoom = 1 } = {}): Promise<Pixels> {
  return rasterize(svg, zoom);
}

async function rasterize(svg: string, zoom: number) {
  const { Resvg } = await import('@resvg/resvg-js');
  const shipped = fontFiles.filter((file) => existsSync(file));
  const image = new Resvg(anchored(svg), {
    font: {
      fontFiles: shipped,
      loadSystemFonts: shipped.length === 0,
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
    },
    fitTo: { mode: 'zoom', value: zoom },
  });
  return image.render();
}

/**
 * With something invisible in the corner of every clipped group: resvg (resvg-js 2.6.2, issue 413) aborts the process
 * where all of a group lies outside the picture, as curves do that are far above a panel's axis.
 */
const anchored = (svg: string): string =>
  svg.replaceAll(/<g [^>]*clip-path="[^>]*[^/]>/g, '$&<path d="M0,0h1v1h-1z" fill="#000" fill-opacity="0"/>');

export const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) =>
  fileURLToPath(new URL(`../../assets/fonts/${name}`, import.meta.url)),
);

interface TextMetrics {
  width(item: { readonly fontSize?: number; readonly fontWeight?: unknown }, text: unknown): number;
}

function useShippedMetrics(metrics: TextMetrics): void {
  metrics.width = ({ fontSize = 11, fontWeight }, text) =>
    textWidth(String(text ?? ''), fontSize, fontWeight === 'bold');
}

function widthOf(svg: string): number {
  return Number(/<svg[^>]*? width="([\d.]+)"/.exec(svg)?.[1]);
}

/** Panels side by side in the first part. */
function panelsAcross({ vconcat }: VegaLiteSpec): number {
  const [row] = vconcat as readonly { readonly columns?: number }[];
  return row?.columns ?? 1;
}
