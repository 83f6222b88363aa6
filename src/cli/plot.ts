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
}

/** Paths of what was written; undefined where there are no results to draw. */
export async function plotExperiment(
  experiment: ResolvedExperiment,
  { output: resultsFolder, to, format, width, paperStyle, data }: DrawOptions,
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
  return writeFigure(figure, to ?? profileFolder(resultsFolder, name, profile), {
    ...(format === undefined ? {} : { formats: format }),
    ...(width === undefined ? {} : { width }),
    ...{ paperStyle: paperStyle ?? false, data: data ?? false },
  });
}
