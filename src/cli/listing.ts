import type { EngineName } from '../engines/engine.ts';
import type { RunStatus } from '../runner/events.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import { openExperiment, profileNames } from './experiment.ts';
import { jobsFor, type RunOptions } from './run-options.ts';

/** What one profile of an experiment is and how far it is. */
export interface ProfileListing {
  readonly runs: number;
  readonly engine: EngineName;
  readonly states: Readonly<Partial<Record<RunStatus, number>>>;
  /** Wall clock for all runs on this machine, from measured steps; null where a step was not measured yet. */
  readonly seconds: number | null;
}

export interface ExperimentListing {
  /** As it stands on a command line. */
  readonly name: string;
  readonly variant: string;
  readonly title: string;
  readonly paper: string | null;
  readonly figure: string | null;
  readonly optimizers: readonly string[];
  readonly profiles: Readonly<Record<(typeof profileNames)[number], ProfileListing>>;
}

/** Every shipped experiment in every variant. `measure`: steps that were not measured yet are, which takes a while. */
export async function listExperiments(
  resultsFolder: string,
  measure: (experiment: ResolvedExperiment) => Promise<void> = async () => {},
): Promise<ExperimentListing[]> {
  const spec = await import('../spec/load.ts');
  const listings: ExperimentListing[] = [];
  for (const name of spec.listExperiments()) {
    const { variants } = await spec.loadSpec(name);
    for (const variant of variants) {
      const profiles: [string, ProfileListing][] = [];
      let last: ResolvedExperiment | undefined;
      for (const profile of profileNames) {
        last = await (await openExperiment(name, { variant, profile })).resolve();
        profiles.push([profile, await profileListing(last, resultsFolder, measure)]);
      }
      const { title, paper, optimizers } = last!;
      listings.push({
        ...{ name, variant, title, paper: paper?.key ?? null, figure: paper?.figure ?? null },
        optimizers: optimizers.map((optimizer) => optimizer.name),
        profiles: Object.fromEntries(profiles) as ExperimentListing['profiles'],
      });
    }
  }
  return listings;
}

async function profileListing(
  experiment: ResolvedExperiment,
  resultsFolder: string,
  measure: (experiment: ResolvedExperiment) => Promise<void>,
): Promise<ProfileListing> {
  const { planRuns } = await import('../runner/index.ts');
  const states: Partial<Record<RunStatus, number>> = {};
  for (const { status } of planRuns(experiment, { resultsFolder }))
    states[status] = (states[status] ?? 0) + 1;
  let seconds = await secondsFor(experiment);
  if (seconds === null) {
    await measure(experiment);
    seconds = await secondsFor(experiment);
  }
  return { runs: experiment.runs.length, engine: experiment.engine, states, seconds };
}

async function secondsFor({ runs, engine }: ResolvedExperiment): Promise<number | null> {
  const { StepTimes, secondsOf, stepKey } = await import('../runner/index.ts');
  const times = new StepTimes();
  const jobs = await jobsFor({ output: '' } satisfies RunOptions, engine, runs.length);
  let sum = 0;
  let longest = 0;
  for (const run of runs) {
    const time = times.read(await stepKey(run));
    if (time === undefined) return null;
    const seconds = secondsOf(run, time);
    sum += seconds;
    longest = Math.max(longest, seconds);
  }
  return Math.max(sum / jobs, longest);
}
