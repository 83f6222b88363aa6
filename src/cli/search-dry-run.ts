import { groupBy } from '../group-by.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import { mean } from '../statistics.ts';
import type { Candidate } from '../tuning/index.ts';
import type { Context } from './context.ts';
import { count, duration } from './format.ts';
import { jobsFor } from './run-options.ts';
import type { SearchOptions } from './search-options.ts';
import { stageExperiment } from './search-run.ts';
import { renderTable } from './table.ts';

export interface SearchSize {
  readonly base: ResolvedExperiment;
  /** For each stage the length of its runs, and the number of candidates by optimizer if none diverges. */
  readonly stages: readonly { readonly epochs: number; readonly sizes: Readonly<Record<string, number>> }[];
  readonly candidates: readonly Candidate[];
}

/** What `tune -n` and `recover -n` print; writes nothing. */
export async function searchDryRun(
  { base, stages, candidates }: SearchSize,
  options: SearchOptions,
  context: Context,
): Promise<void> {
  const { output } = context;
  const { estimateApart } = await import('../runner/index.ts');
  output.note('Measuring a few steps of each optimizer ...');
  const firsts = candidates.map(({ runs: [first] }) => first!);
  const estimates = await estimateApart(stageExperiment(base, firsts));
  // What is searched may change how long a step takes, and how many an epoch has.
  const epochs = firsts.map((run, i) => ({
    optimizer: run.optimizer,
    seconds: Math.ceil(run.data.trainExamples / run.batchSize) * estimates[i]!.seconds,
  }));
  const epochOf = new Map(
    [...groupBy(epochs, ({ optimizer }) => optimizer)].map(([name, all]) => [
      name,
      mean(all.map(({ seconds }) => seconds)),
    ]),
  );
  const seeds = candidates[0]!.runs.length;
  const rows = stages.flatMap((stage, i) =>
    Object.entries(stage.sizes).map(([optimizer, size]) => {
      // Those that are left go on from where the last stage ended.
      const before = stages.slice(0, i).findLast(({ sizes }) => optimizer in sizes)?.epochs ?? 0;
      return {
        epochs: stage.epochs,
        optimizer,
        candidates: size,
        seconds: size * seeds * (stage.epochs - before) * (epochOf.get(optimizer) ?? Number.NaN),
      };
    }),
  );
  const jobs = await jobsFor(options, base.engine, candidates.length * seeds);
  const seconds = rows.reduce((sum, row) => sum + row.seconds, 0) / jobs;
  const { name, profile, engine } = base;
  output.result({ experiment: name, profile, engine, jobs, seeds, stages: rows, seconds }, () =>
    [
      renderTable(
        [
          { title: 'epochs', align: 'right' },
          { title: 'optimizer' },
          { title: 'candidates', align: 'right' },
          { title: 'time', align: 'right' },
        ],
        rows.map((row) => [String(row.epochs), row.optimizer, String(row.candidates), duration(row.seconds)]),
      ),
      '',
      `${name}, profile ${profile}, engine ${engine}, ${count(seeds, 'seed')}: about ${duration(seconds)} with ${count(jobs, 'process', 'processes')}, starting them not included; less where candidates diverge or were run before.`,
    ].join('\n'),
  );
}
