import { listExperiments, loadSpec } from '../spec/load.ts';
import { type ResolvedExperiment, resolveSpec } from '../spec/resolve.ts';
import type { ProfileName } from '../spec/schema.ts';

/** An experiment in one variant, which can be resolved in each profile. */
export interface ReportSource {
  /** As it is named on a command line: a shipped name or a path. */
  readonly typed: string;
  readonly variant: string;
  /** Of its results folder. */
  readonly name: string;
  resolve(profile: ProfileName): Promise<ResolvedExperiment>;
}

/**
 * Each variant of the named experiments, or of every shipped one, in the order of papers and figures.
 *
 * @throws SpecError with all mistakes of a spec, UsageError for an unknown name.
 */
export async function reportSources(names: readonly string[]): Promise<ReportSource[]> {
  const placed: { source: ReportSource; place: string }[] = [];
  for (const typed of new Set(names.length === 0 ? listExperiments() : names)) {
    const spec = await loadSpec(typed);
    for (const variant of spec.variants) {
      // Nothing is run: any engine will do.
      const resolve = (profile: ProfileName) => resolveSpec(spec, { variant, profile, engine: 'reference' });
      const { name, paper } = await resolve('quick');
      const place = paper === null ? '~' : `${paper.key} ${paper.figure}`;
      placed.push({ source: { typed, variant, name, resolve }, place });
    }
  }
  const order = new Intl.Collator('en', { numeric: true });
  return placed.sort((a, b) => order.compare(a.place, b.place)).map(({ source }) => source);
}
