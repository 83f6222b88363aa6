import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { UserError } from '../errors.ts';
import { isFinished } from '../results/run-info.ts';
import type { RunState } from '../runner/events.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import type { Context } from './context.ts';
import { costTable, namedExceptions, type RunSummary } from './cost-table.ts';
import { distinguishingSettings } from './distinguishing-settings.ts';
import { cutsSentence } from './experiment.ts';
import { failureOf } from './failure.ts';
import { count } from './format.ts';
import type { OwnComparison } from './own-comparison.ts';
import { comparisonText } from './own-comparison-text.ts';
import { resumeCommand } from './resume-command.ts';
import type { RunOptions } from './run-options.ts';
import { seedGroups, seedTable } from './seed-table.ts';
import { wholeExperiments } from './selection.ts';
import { TimeOverError } from './time-limit.ts';

interface Part {
  readonly experiment: ResolvedExperiment;
  readonly runs: readonly RunSummary[];
  readonly files: string[];
  /** Where optimizers of the user's own were added. */
  readonly comparison?: OwnComparison;
}

/** Prints what came of the runs, and sets the exit code. `stopped`: why the work was ended before its time. */
export async function report(
  experiments: readonly ResolvedExperiment[],
  states: readonly (readonly RunState[])[],
  stopped: Error | undefined,
  options: RunOptions,
  context: Context,
): Promise<void> {
  const { output } = context;
  const { output: resultsFolder, all = false } = options;
  const comparisons = await comparisonsOf(options);
  const [{ readSummaries }, { curvesPath, runsPath }] = await Promise.all([
    import('./summaries.ts'),
    import('../results/index.ts'),
  ]);
  const parts = experiments.map((experiment, i): Part => {
    const { name, profile } = experiment;
    const tables = [curvesPath(resultsFolder, name, profile), runsPath(resultsFolder, name, profile)];
    const runs = readSummaries(experiment, states[i]!, resultsFolder);
    const comparison = comparisons.find((one) => one.experiment === name);
    const files = tables.filter((file) => existsSync(file));
    return { experiment, runs, files, ...(comparison && { comparison }) };
  });
  const open = unfinished(parts.flatMap(({ runs }) => runs));
  // A limit that everything was done by is no failure; Ctrl-C is one for whoever waits for the exit code.
  const ended = stopped instanceof TimeOverError && open === undefined ? undefined : stopped;
  // Who stops the work wants it to end at once.
  if (ended === undefined) await draw(parts, options, context);
  const error = (ended as UserError | undefined) ?? open;
  const documents = parts.map(documentOf);
  output.result(
    {
      ...(all || experiments.length !== 1 ? { experiments: documents } : documents[0]),
      ...(error && { error: failureOf(error) }),
    },
    () => reportText(parts, context),
  );
  if (error === undefined) return;
  context.exitCode = error.exitCode;
  if (error === ended) output.notice(error.message);
  else output.error(error.message);
}

async function comparisonsOf(options: RunOptions): Promise<OwnComparison[]> {
  if (options.optimizer === undefined) return [];
  const { compareOwn } = await import('./own-comparison.ts');
  const comparisons: OwnComparison[] = [];
  for (const name of options.names ?? []) comparisons.push(await compareOwn(name, options, options.output));
  return comparisons;
}

/**
 * Draws of each experiment all that there are results of, whatever part of it was run now. A figure that cannot be drawn
 * takes nothing from what was measured.
 */
async function draw(parts: readonly Part[], options: RunOptions, { output }: Context): Promise<void> {
  const { plotExperiment } = await import('./plot.ts');
  let whole: ReturnType<typeof wholeExperiments> | undefined;
  for (const { experiment, files } of parts) {
    try {
      whole ??= wholeExperiments(options);
      const drawn = (await whole).find(({ name }) => name === experiment.name)!;
      const written = (await plotExperiment(drawn, { output: options.output })) ?? [];
      files.push(...written.filter((file) => /\.(svg|png)$/.test(file)));
    } catch (error) {
      output.warn(`the figure was not drawn: ${(error as Error).message}`);
    }
  }
}

function documentOf({ experiment, runs, files, comparison }: Part) {
  const { name, baseName, variant, profile, engine, cuts } = experiment;
  const settings = seedGroups(runs, experiment.runs);
  return {
    experiment: name,
    baseName,
    variant,
    profile,
    engine,
    cuts,
    runs,
    settings,
    files,
    ...(comparison && { comparison }),
  };
}

/** An experiment of which a run failed, or was ended from outside by a signal to its worker, is not done. */
function unfinished(runs: readonly RunSummary[]): UserError | undefined {
  const open = runs.filter((run) => !isFinished(run));
  if (open.length === 0) return undefined;
  const failed = open.filter(({ status }) => status === 'failed').length;
  const what = failed === open.length ? 'failed' : failed === 0 ? 'interrupted' : 'failed or interrupted';
  return new UserError(
    `${open.length} of ${count(runs.length, 'run')} ${what}: the same command goes on with what is open.`,
  );
}

function reportText(parts: readonly Part[], context: Context): string {
  if (parts.length === 0) return 'This share of the work has no run.';
  const heading = ({ experiment: { name, profile, engine } }: Part): string[] =>
    parts.length === 1
      ? []
      : [context.output.paint.bold(`${name}, profile ${profile}, engine ${engine}`), ''];
  return parts.map((part) => [...heading(part), ...partLines(part, context)].join('\n')).join('\n\n');
}

function partLines({ experiment, runs, files, comparison }: Part, context: Context): string[] {
  const { output, argv, environment } = context;
  const withClassics = `${resumeCommand(argv, environment)}${argv.includes('--with-classics') ? '' : ' --with-classics'}`;
  const cuts = cutsSentence(experiment);
  const told = distinguishingSettings(experiment.runs);
  const seeds = seedTable(runs, experiment.runs);
  const sentences = [...(cuts === undefined ? [] : [cuts]), ...namedExceptions(runs)];
  return [
    costTable(runs, output.paint, told),
    '',
    ...(seeds === undefined ? [] : [seeds, '']),
    ...sentences,
    ...(sentences.length > 0 ? [''] : []),
    ...(comparison === undefined ? [] : [comparisonText(comparison, withClassics), '']),
    ...files.map((file, i) => `${i === 0 ? 'Written:' : '        '} ${relative('', file) || file}`),
  ];
}
