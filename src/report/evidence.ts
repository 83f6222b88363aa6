import { type Figure, figureOf } from '../figures/index.ts';
import { type Line, linesOf } from '../figures/lines.ts';
import { type ResultTables, readTables } from '../results/read-tables.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import type { ProfileName } from '../spec/schema.ts';
import type { ReportSource } from './sources.ts';

/** What the page shows of an experiment in one variant. */
export interface Evidence {
  readonly source: ReportSource;
  /** In the profile that is shown. */
  readonly experiment: ResolvedExperiment;
  readonly tables: ResultTables;
  /** Undefined where no curve tells anything. */
  readonly figure: Figure | undefined;
  readonly lines: readonly Line[];
  /** Profiles with results that are not shown. */
  readonly otherProfiles: readonly ProfileName[];
}

/** Longest first. */
const profiles = ['paper', 'quick', 'smoke'] as const satisfies readonly ProfileName[];

/**
 * The most complete results: the longest profile of which every optimizer has a value, or else the one with most
 * optimizers. Undefined where nothing was measured.
 *
 * @throws UserError for damaged tables.
 */
export async function evidenceOf(source: ReportSource, resultsFolder: string): Promise<Evidence | undefined> {
  const found: { experiment: ResolvedExperiment; tables: ResultTables; share: number }[] = [];
  for (const profile of profiles) {
    const experiment = await source.resolve(profile);
    const tables = readTables(resultsFolder, experiment.name, profile);
    if (tables === undefined || tables.rows.length === 0) continue;
    found.push({ experiment, tables, share: shareMeasured(experiment, tables) });
  }
  const best = found.reduce<(typeof found)[number] | undefined>(
    (longer, next) => (longer === undefined || next.share > longer.share ? next : longer),
    undefined,
  );
  if (best === undefined) return undefined;
  const { experiment, tables } = best;
  return {
    ...{ source, experiment, tables, figure: figureOf(experiment, tables) },
    lines: linesOf(experiment, tables, []),
    otherProfiles: found.filter((other) => other !== best).map((other) => other.experiment.profile),
  };
}

/** Of the optimizers of the spec, those of which something was measured. */
function shareMeasured({ optimizers }: ResolvedExperiment, { rows }: ResultTables): number {
  const measured = new Set(rows.map(({ run }) => run.optimizer));
  return optimizers.filter(({ name }) => measured.has(name)).length / optimizers.length;
}
