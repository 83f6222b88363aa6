import type { RunRecord } from '../results/index.ts';
import { isFinished } from '../results/run-info.ts';
import type { ResolvedRun } from '../spec/run.ts';
import type { Candidate, Measurement } from './candidate.ts';
import type { Settings } from './space.ts';

/** What a search needs of the world. */
export interface SearchContext {
  /** @throws SpecError for settings that make no sense. */
  candidate(optimizer: string, settings: Settings, shared: Settings): Promise<Candidate>;
  /** Does what is not done yet and returns the records in the order of the runs. */
  run(runs: readonly ResolvedRun[], stage: string): Promise<StageResult>;
  /** Called after every stage with what has an end; also where the stage has not come to its own. */
  measured(measurements: readonly Measurement[]): void;
}

export interface StageResult {
  readonly records: readonly RunRecord[];
  /** Why runs are left undone: the search ends here, and the same command goes on. */
  readonly error?: Error | undefined;
}

/** Measures candidates, all in one go; without any there is no stage. */
export async function measureAll(
  context: SearchContext,
  candidates: readonly Candidate[],
  stage: string,
  measure: (candidate: Candidate, records: readonly RunRecord[]) => Measurement,
): Promise<Measurement[]> {
  if (candidates.length === 0) return [];
  const { records, error } = await context.run(
    candidates.flatMap(({ runs }) => runs),
    stage,
  );
  let from = 0;
  const measurements = candidates.map((candidate) => {
    const own = records.slice(from, from + candidate.runs.length);
    from += candidate.runs.length;
    return measure(candidate, own);
  });
  context.measured(measurements.filter(isFinished));
  if (error !== undefined) throw error;
  return measurements;
}
