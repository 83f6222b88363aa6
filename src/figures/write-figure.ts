import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { UserError } from '../errors.ts';
import { makeFolder, readWhole, replaceFile } from '../results/file-system.ts';
import { localSystem, temporaryName } from '../results/system.ts';
import type { Figure, Table } from './figure.ts';
import { drawFigure, type RenderOptions, renderPng } from './render.ts';

export const figureFormats = ['svg', 'png'] as const;
export type FigureFormat = (typeof figureFormats)[number];

export interface WriteOptions extends RenderOptions {
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
  { formats = figureFormats, data = false, ...options }: WriteOptions = {},
): Promise<string[]> {
  const { spec, svg } = await drawFigure(figure, options);
  const system = localSystem();
  const { files } = system;
  const parts: [ending: string, content: string | Buffer][] = [];
  if (formats.includes('svg')) parts.push(['.svg', svg]);
  if (formats.includes('png'))
    parts.push(['.png', await renderPng(svg, { zoom: options.paperStyle ? 4 : 2 })]);
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
