import { groupBy } from '../group-by.ts';
import { isFinished } from '../results/run-info.ts';
import type { RunState } from '../runner/events.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import type { Context } from './context.ts';
import { distinguishingSettings } from './distinguishing-settings.ts';
import { cutsSentence } from './experiment.ts';
import { bytes, count, duration } from './format.ts';
import { mostLines } from './run-groups.ts';
import { jobsFor, type RunOptions } from './run-options.ts';
import { renderTable } from './table.ts';

export type Due = 'due' | 'resumable' | 'done' | 'running';

/** What `run -n` prints; writes nothing. */
export async function dryRun(
  experiments: readonly ResolvedExperiment[],
  options: RunOptions,
  context: Context,
): Promise<void> {
  const plans: Plan[] = [];
  for (const experiment of experiments) plans.push(await planOf(experiment, options, context));
  const documents = plans.map(({ document }) => document);
  context.output.result(options.all || plans.length !== 1 ? { experiments: documents } : documents[0]!, () =>
    [...plans.map(({ text }) => text()), 'Nothing was written.'].join(plans.length === 1 ? '\n' : '\n\n'),
  );
}

interface Plan {
  readonly document: Readonly<Record<string, unknown>>;
  readonly text: () => string;
}

async function planOf(experiment: ResolvedExperiment, options: RunOptions, context: Context): Promise<Plan> {
  const { output, environment } = context;
  const [{ estimateApart, planFromShorter, stepsOf }, { dataFolder, describeDataset }] = await Promise.all([
    import('../runner/index.ts'),
    import('../datasets/index.ts'),
  ]);
  const { output: resultsFolder, fresh = false } = options;
  const plan = planFromShorter(experiment, { resultsFolder, fresh });
  const open = plan.filter((state) => dueOf(state) !== 'done');
  const jobs = await jobsFor(options, experiment.engine, open.length);
  if (open.length > 0) output.note(`${experiment.name}: measuring a few steps of each optimizer ...`);
  const estimates = open.length > 0 ? await estimateApart(experiment) : [];

  const runs = plan.map((state, i) => {
    const run = experiment.runs[i]!;
    const due = dueOf(state);
    const steps = due === 'done' ? 0 : stepsOf(run) * (1 - state.epochsDone / run.epochs);
    const estimate = estimates[i];
    return {
      id: state.id,
      optimizer: run.optimizer,
      seed: run.seed,
      state: due,
      epochsDone: state.epochsDone,
      epochs: run.epochs,
      steps: Math.round(steps),
      seconds: due === 'done' ? 0 : estimate === undefined ? null : steps * estimate.seconds,
      updates: estimate?.updates ?? '',
    };
  });
  const seconds = runs.reduce((sum, run) => sum + (run.seconds ?? 0), 0) / jobs;
  const folder = dataFolder(environment);
  const downloads: { dataset: string; bytes: number }[] = [];
  for (const name of new Set(experiment.runs.map(({ data }) => data.name))) {
    if (name === 'none') continue;
    const { state, bytesToDownload } = await describeDataset(name, folder);
    if (state !== 'ready') downloads.push({ dataset: name, bytes: bytesToDownload });
  }
  const { name, profile, engine, cuts } = experiment;
  const told = distinguishingSettings(experiment.runs);
  const withUpdates = output.settings.verbose && runs.some(({ updates }) => updates !== '');
  const text = (): string => {
    const table = runs.length > mostLines ? groupedPlan(runs) : plannedRuns(runs, told, withUpdates);
    const toFetch =
      downloads.length === 0
        ? 'nothing'
        : downloads
            .map((d) => `${d.dataset} (${bytes(d.bytes)}${options.offline ? ', but --offline' : ''})`)
            .join(', ');
    const cutsText = cutsSentence(experiment);
    return [
      `${name}, profile ${profile}, engine ${engine}`,
      '',
      table,
      '',
      open.length === 0
        ? 'Nothing is due.'
        : `About ${duration(seconds)} for ${count(open.length, 'run')}, ${jobs} at a time (from steps and evaluations measured on this machine).`,
      `To download: ${toFetch}.`,
      ...(cutsText === undefined ? [] : [cutsText]),
    ].join('\n');
  };
  return { document: { experiment: name, profile, engine, jobs, runs, seconds, downloads, cuts }, text };
}

interface PlannedRun {
  readonly optimizer: string;
  readonly seed: number;
  readonly state: Due;
  readonly epochsDone: number;
  readonly epochs: number;
  readonly steps: number;
  readonly seconds: number | null;
  readonly updates: string;
}

function plannedRuns(runs: readonly PlannedRun[], told: readonly string[], withUpdates: boolean): string {
  const alike = told.some((text) => text !== '');
  return renderTable(
    [
      { title: 'optimizer' },
      { title: 'seed', align: 'right' },
      { title: 'state' },
      { title: 'epochs', align: 'right' },
      { title: 'steps left', align: 'right' },
      { title: 'time', align: 'right' },
      ...(alike ? [{ title: 'told apart by' }] : []),
      ...(withUpdates ? [{ title: 'update' }] : []),
    ],
    runs.map((run, i) => [
      run.optimizer,
      String(run.seed),
      run.state,
      `${run.epochsDone}/${run.epochs}`,
      run.steps.toLocaleString('en-US'),
      run.state === 'done' ? '-' : duration(run.seconds ?? Number.NaN),
      ...(alike ? [told[i] ?? ''] : []),
      ...(withUpdates ? [run.updates] : []),
    ]),
  );
}

/** Many runs by optimizer. */
function groupedPlan(runs: readonly PlannedRun[]): string {
  return renderTable(
    [
      { title: 'optimizer' },
      { title: 'runs', align: 'right' },
      { title: 'done', align: 'right' },
      { title: 'steps left', align: 'right' },
      { title: 'time', align: 'right' },
    ],
    [...groupBy(runs, ({ optimizer }) => optimizer)].map(([optimizer, members]) => [
      optimizer,
      String(members.length),
      String(members.filter(({ state }) => state === 'done').length),
      members.reduce((sum, { steps }) => sum + steps, 0).toLocaleString('en-US'),
      duration(members.reduce((sum, { seconds }) => sum + (seconds ?? Number.NaN), 0)),
    ]),
  );
}

function dueOf({ status, epochsDone }: RunState): Due {
  if (isFinished({ status })) return 'done';
  if (status === 'running') return 'running';
  return epochsDone > 0 ? 'resumable' : 'due';
}
