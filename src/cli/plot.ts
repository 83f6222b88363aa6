import { UsageError } from '../errors.ts';
import type { FigureFormat } from '../figures/index.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';

export interface DrawOptions {
  /** The results folder. */
  readonly output: string;
  /** Left out: beside the tables. */
  readonly to?: string;
  /** Left out: all. */
  readonly format?: readonly FigureFormat[];
  /** In pixels. */
  readonly width?: number;
  readonly paperStyle?: boolean;
  /** Write the numbers behind the picture as CSV too. */
  readonly data?: boolean;
  /** Leave out formats that the figure does not have. */
  readonly all?: boolean;
}

/**
 * Paths of what was written; undefined where there is nothing to draw.
 *
 * @throws UsageError for a GIF of a figure in which nothing moves.
 */
export async function plotExperiment(
  experiment: ResolvedExperiment,
  { output: resultsFolder, to, format, width, paperStyle, data, all }: DrawOptions,
): Promise<string[] | undefined> {
  const [{ figureOf, writeFigure }, { readTables }, { profileFolder }] = await Promise.all([
    import('../figures/index.ts'),
    import('../results/read-tables.ts'),
    import('../results/index.ts'),
  ]);
  const { name, profile } = experiment;
  const tables = readTables(resultsFolder, name, profile);
  const figure = tables && figureOf(experiment, tables);
  if (figure === undefined) return undefined;
  const formats = format?.filter((wanted) => wanted !== 'gif' || figure.animation !== undefined);
  if (formats?.length !== format?.length) {
    if (!all) throw new UsageError(`nothing moves in the figure of ${name}: leave gif out of --format.`);
    if (formats?.length === 0) return undefined;
  }
  return writeFigure(figure, to ?? profileFolder(resultsFolder, name, profile), {
    ...(formats === undefined ? {} : { formats }),
    ...(width === undefined ? {} : { width }),
    ...{ paperStyle: paperStyle ?? false, data: data ?? false },
  });
}
