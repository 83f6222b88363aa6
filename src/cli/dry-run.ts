import type { RunState } from '../runner/events.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import type { ResolvedRun } from '../spec/run.ts';
import type { Context } from './context.ts';
import { cutsSentence } from './experiment.ts';
import { bytes, count, duration } from './format.ts';
import { jobsFor, type RunOptions } from './run-options.ts';
import { renderTable } from './table.ts';

export type Due = 'due' | 'resumable' | 'done' | 'running';

/** What `run -n` prints; writes nothing. */
export async function dryRun(
  experiment: ResolvedExperiment,
  options: RunOptions,
  context: Context,
): Promise<void> {
  const { output, environment } = context;
  const [{ estimateSteps, planRuns }, { dataFolder, describeDataset }] = await Promise.all([
    import('../runner/index.ts'),
    import('../datasets/index.ts'),
  ]);
  const { output: resultsFolder, fresh = false } = options;
  const plan = planRuns(experiment, { resultsFolder, fresh });
  const open = plan.filter((state) => dueOf(state) !== 'done');
  const jobs = await jobsFor(options, experiment.engine, open.length);
  if (open.length > 0) output.note('Measuring a few steps of each optimizer ...');
  const estimates = open.length > 0 ? await estimateSteps(experiment) : {};

  const runs = plan.map((state, i) => {
    const run = experiment.runs[i]!;
    const due = dueOf(state);
    const steps = due === 'done' ? 0 : stepsOf(run) * (1 - state.epochsDone / run.epochs);
    const estimate = estimates[run.optimizer];
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
    const { state, bytesToDownload } = await describeDataset(name, folder);
    if (state !== 'ready') downloads.push({ dataset: name, bytes: bytesToDownload });
  }
  const { name, profile, engine, cuts } = experiment;
  const withUpdates = output.settings.verbose && runs.some(({ updates }) => updates !== '');
  output.result({ experiment: name, profile, engine, jobs, runs, seconds, downloads, cuts }, () => {
    const table = renderTable(
      [
        { title: 'optimizer' },
        { title: 'seed', align: 'right' },
        { title: 'state' },
        { title: 'epochs', align: 'right' },
        { title: 'steps left', align: 'right' },
        { title: 'time', align: 'right' },
        ...(withUpdates ? [{ title: 'update' }] : []),
      ],
      runs.map((run) => [
        run.optimizer,
        String(run.seed),
        run.state,
        `${run.epochsDone}/${run.epochs}`,
        run.steps.toLocaleString('en-US'),
        run.state === 'done' ? '-' : duration(run.seconds ?? Number.NaN),
        ...(withUpdates ? [run.updates] : []),
      ]),
    );
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
        : `About ${duration(seconds)} for ${count(open.length, 'run')}, ${jobs} at a time (from steps and evaluations measured now).`,
      `To download: ${toFetch}.`,
      ...(cutsText === undefined ? [] : [cutsText]),
      'Nothing was written.',
    ].join('\n');
  });
}

function dueOf({ status, epochsDone }: RunState): Due {
  if (status === 'complete' || status === 'diverged') return 'done';
  if (status === 'running') return 'running';
  return epochsDone > 0 ? 'resumable' : 'due';
}

function stepsOf({ epochs, data, batchSize }: ResolvedRun): number {
  return epochs * Math.ceil(data.trainExamples / batchSize);
}
