import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { UserError } from '../errors.ts';
import { makeFolder, readWhole, replaceFile } from '../results/file-system.ts';
import { localSystem, temporaryName } from '../results/system.ts';
import { renderAnimation } from './animate.ts';
import type { Figure, Table } from './figure.ts';
import { renderPdf } from './pdf.ts';
import { drawFigure, type RenderOptions, renderPng } from './render.ts';

export const figureFormats = ['svg', 'png', 'pdf', 'gif'] as const;
export type FigureFormat = (typeof figureFormats)[number];

/** Those that take no time and that nearly everybody wants. */
const usualFormats: readonly FigureFormat[] = ['svg', 'png'];

export interface WriteOptions extends RenderOptions {
  /** Default: SVG and PNG. A GIF is only of figures that have an animation. */
  readonly formats?: readonly FigureFormat[];
  /** Write the numbers behind the picture as CSV too. */
  readonly data?: boolean;
}

/**
 * Writes the figure with its Vega-Lite source and, where the paper has curves, its distance to them; gives the paths.
 *
 * @throws UserError where the folder cannot be written to.
 */
export async function writeFigure(
  figure: Figure,
  folder: string,
  { formats = usualFormats, data = false, ...options }: WriteOptions = {},
): Promise<string[]> {
  const { layout, spec, svg } = await drawFigure(figure, options);
  const system = localSystem();
  const { files } = system;
  const parts: [ending: string, content: string | Buffer][] = [];
  if (formats.includes('svg')) parts.push(['.svg', svg]);
  if (formats.includes('png'))
    parts.push(['.png', await renderPng(svg, { zoom: options.paperStyle ? 4 : 2 })]);
  if (formats.includes('pdf')) parts.push(['.pdf', await renderPdf(svg, figure.title)]);
  if (formats.includes('gif') && figure.animation !== undefined)
    parts.push([
      '.gif',
      await renderAnimation(figure.animation, layout, { zoom: options.paperStyle ? 2 : 1 }),
    ]);
  parts.push(['.vl.json', `${JSON.stringify(spec)}\n`]);
  if (figure.distance.length > 0) parts.push(['-distance.csv', csv(figure.distance)]);
  if (data) parts.push(['-data.csv', csv(figure.data)]);
  try {
    makeFolder(files, folder);
    return parts.map(([ending, content]) => {
      const path = join(folder, `${figure.name}${ending}`);
      const bytes = Buffer.from(content);
      // Finished results may lie in a read-only folder.
      if (!readWhole(files, path)?.equals(bytes)) replaceFile(files, path, temporaryName(system), [bytes]);
      return path;
    });
  } catch (error) {
    throw new UserError(`cannot write the figure: ${(error as Error).message}`, { cause: error });
  }
}

const csv = (table: Table): string => stringify([...table], { header: true });
