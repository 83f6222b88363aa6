import { type ResultTables, readTables } from '../results/read-tables.ts';
import { settingsOf } from '../results/run-info.ts';
import { hyperParametersOf } from '../results/tables.ts';
import { loadSpec } from '../spec/load.ts';
import { resolveSpec } from '../spec/resolve.ts';
import type { ResolvedRun } from '../spec/run.ts';
import { type ProfileName, topVariant } from '../spec/schema.ts';
import { tuneSchema } from '../spec/search.ts';
import { type Need, resultsName } from './claim.ts';
import { type Evidence, type PlannedRun, specRuns } from './spec-runs.ts';

/** How a claim's evidence is read: undefined where there is none. */
export type ReadEvidence = (need: Need, profile: ProfileName) => Promise<Evidence | undefined>;

/** What a results folder holds for claims; each experiment is read once. */
export function evidenceIn(resultsFolder: string): ReadEvidence {
  const known = new Map<string, Promise<Evidence | undefined>>();
  return (need, profile) => {
    const key = `${resultsName(need)}/${profile}`;
    const found = known.get(key) ?? readEvidence(resultsFolder, need, profile);
    known.set(key, found);
    return found;
  };
}

/** @throws UserError for damaged tables. */
async function readEvidence(
  resultsFolder: string,
  need: Need,
  profile: ProfileName,
): Promise<Evidence | undefined> {
  const tables = readTables(resultsFolder, resultsName(need), profile);
  if (tables === undefined || tables.runs.length === 0) return undefined;
  return evidenceOf(tables, need, profile);
}

/** The part of the tables that is in the settings of the experiment's shipped spec. */
export async function evidenceOf(
  tables: ResultTables,
  need: Need,
  profile: ProfileName = need.profile,
): Promise<Evidence> {
  return specRuns(tables, await plannedRuns(need, profile));
}

async function plannedRuns({ experiment, variant }: Need, profile: ProfileName): Promise<PlannedRun[]> {
  const spec = await loadSpec(experiment);
  const trials = variant === 'trials';
  const { runs } = await resolveSpec(spec, {
    variant: trials ? topVariant : variant,
    profile,
    engine: 'reference',
    isRun: false,
  });
  // Seeds differ in nothing else.
  const planned = runs.filter(({ seed }) => seed === runs[0]!.seed).map(plannedRun);
  const { tune } = spec.source.data as { tune?: unknown };
  if (!trials || tune === undefined) return planned;
  const { optimizers, epochs } = tuneSchema.parse(tune);
  return planned.flatMap((run) => {
    const axes = optimizers[run.optimizer];
    if (axes === undefined) return [];
    const searched = Object.keys(axes).map((path) => path.split('.')[0]!);
    return [{ ...run, epochs: epochs ?? run.epochs, searched }];
  });
}

function plannedRun(run: ResolvedRun): PlannedRun {
  // As JSON gives it back from the table: what is undefined is not there.
  const written = JSON.parse(JSON.stringify({ ...run, hyperParameters: hyperParametersOf(run) }));
  const { optimizer, epochs } = run;
  return { optimizer, rule: run.optimizerSettings.rule, epochs, settings: settingsOf(written) };
}
