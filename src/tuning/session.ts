import { UsageError } from '../errors.ts';
import { SpecError, type SpecIssue, type SpecPath } from '../spec/issue.ts';
import type { Spec } from '../spec/load.ts';
import type { Overrides } from '../spec/overrides.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import type { SearchContext } from './search.ts';
import type { Settings } from './space.ts';
import type { SearchKind } from './table.ts';

export interface CandidateOptions {
  readonly kind: SearchKind;
  readonly spec: Spec;
  readonly resolve: (changes: Overrides) => Promise<ResolvedExperiment>;
  /** Seeds and length, where they are not those of the experiment. */
  readonly changes: Overrides;
  /** Length of the runs of a problem, whose entries may have a number of steps of their own. */
  readonly steps?: number;
  /** Full passes cost time: only where the search needs them, and then at the end. */
  readonly evaluates: boolean;
}

/** Name of the results folder of a search. */
export function searchName(experiment: string, kind: SearchKind): string {
  return `${experiment}-${kind}`;
}

/** Makes candidates: ordinary runs of the experiment with the settings in place of its own. */
export function candidateMaker(options: CandidateOptions): SearchContext['candidate'] {
  const { kind, spec, resolve, changes, steps, evaluates } = options;
  return async (optimizer, settings, shared) => {
    const places = new Map<string, SpecPath>();
    const typed = (prefix: string, section: SpecPath, values: Settings): string[] =>
      Object.entries(values).map(([path, value]) => {
        const setting = `${prefix}${path}=${JSON.stringify(value)}`;
        places.set(`--set ${setting}`, [...section, path]);
        return setting;
      });
    const set = [
      ...typed('', [kind, 'shared'], shared),
      ...(steps === undefined ? [] : [`optimizers.${optimizer}.steps=${steps}`]),
      ...typed(`optimizers.${optimizer}.`, [kind, 'optimizers', optimizer], settings),
    ];
    const experiment = await resolve({ ...changes, set, only: optimizer }).catch((error: unknown) => {
      throw error instanceof SpecError ? placed(error, spec, places) : error;
    });
    if (experiment.runs.length !== experiment.seeds.length) {
      const message = `${experiment.name} has a grid besides the settings that are searched: choose one point of it with --set.`;
      throw new UsageError(message);
    }
    const runs = experiment.runs.map((run) => ({
      ...run,
      experiment: searchName(run.experiment, kind),
      evaluation: { ...run.evaluation, every: evaluates ? run.epochs : 0 },
    }));
    return { optimizer, settings, shared, runs };
  };
}

/** A mistake in a searched value stands in the spec's section, or was typed with `--search`. */
function placed({ issues }: SpecError, spec: Spec, places: ReadonlyMap<string, SpecPath>): SpecError {
  return new SpecError(
    issues.map((issue): SpecIssue => {
      const path = 'override' in issue ? places.get(issue.override) : undefined;
      if (path === undefined) return issue;
      const { code, message, suggestion } = issue;
      const mistake = { code, path, message, suggestion };
      return spec.source.has(path)
        ? { ...mistake, ...spec.source.place(path, 'value') }
        : { ...mistake, override: `--search ${path.slice(2).join('.')}` };
    }),
  );
}
