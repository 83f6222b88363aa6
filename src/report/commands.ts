import type { EngineName } from '../engines/engine.ts';
import type { RunInfo } from '../results/run-info.ts';
import { runId } from '../spec/hash.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import type { Evidence } from './evidence.ts';
import type { ReportSource } from './sources.ts';

/** Command lines that a reader can copy. */

/** A word as a POSIX shell reads it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

const line = (...words: readonly string[]): string => ['adam-repro', ...words].map(quoted).join(' ');

const variantWords = ({ variant }: ReportSource): string[] =>
  variant === 'as-drawn' ? [] : ['--variant', variant];

/** What computes the results that are shown: as the spec has them, or with what differs from it. */
export function rerunCommand({ source, experiment, tables }: Evidence): string {
  const seeds = distinct(tables.runs, ({ seed }) => seed).sort((a, b) => a - b);
  const engines = distinct(tables.runs, ({ engine }) => engine).filter((engine) => engine !== undefined);
  const epochs = distinct(tables.runs, (run) => run.epochs);
  return line(
    ...['run', source.typed, ...variantWords(source), '-p', experiment.profile],
    ...(String(seeds) === String(experiment.seeds) ? [] : ['--seeds', seeds.join(',')]),
    ...(epochs.length === 1 && experiment.runs.every((run) => run.epochs !== epochs[0])
      ? ['--epochs', String(epochs[0])]
      : []),
    ...(engines.length === 1 && !isProblem(experiment) ? ['--engine', engines[0]!] : []),
  );
}

/** Of the runs that are shown, those whose settings the spec does not have, such as runs with `--set`. */
export function foreignRuns({ experiment, tables }: Evidence): RunInfo[] {
  const ids = new Map<string, Set<string>>();
  const idsWith = (seed: number, engine: EngineName): Set<string> => {
    const key = `${seed} ${engine}`;
    if (!ids.has(key)) ids.set(key, new Set(experiment.runs.map((run) => runId({ ...run, seed, engine }))));
    return ids.get(key)!;
  };
  return tables.runs.filter(
    ({ id, seed, engine }) => !idsWith(seed, (engine ?? experiment.engine) as EngineName).has(id),
  );
}

/** Draws the figure from tables in the results folder. */
export function plotCommand({ source, experiment }: Evidence, resultsFolder: string): string {
  const folder = resultsFolder === 'results' ? [] : ['-o', resultsFolder];
  return line('plot', source.typed, ...variantWords(source), '-p', experiment.profile, ...folder);
}

/** What would bring the results of an experiment of which there are none. */
export const runCommand = (source: ReportSource): string =>
  line('run', source.typed, ...variantWords(source), '-p', 'paper');

export const distinct = <Value>(runs: readonly RunInfo[], of: (run: RunInfo) => Value): Value[] => [
  ...new Set(runs.map(of)),
];

/** Problems have one engine. */
const isProblem = ({ runs }: ResolvedExperiment): boolean =>
  runs.some(({ model }) => model.type === 'problem');
