import type { ResultTables } from '../results/read-tables.ts';
import { isFinished, type RunInfo } from '../results/run-info.ts';
import { changedSettings } from './changed-settings.ts';
import type { LineDistance } from './distances.ts';
import type { FigureExperiment } from './lines.ts';

/** What stands below a figure, as sentences. */

export interface CaptionFacts {
  readonly experiment: FigureExperiment;
  readonly tables: ResultTables;
  /** Whether a band over several seeds is drawn. */
  readonly band: boolean;
  /** Labels of curves of which nothing lies within the drawn axes. */
  readonly outside: readonly string[];
  /** Labels of curves of which the axes cut a part off. */
  readonly cut?: readonly string[];
  /** How runs that diverged are marked; default: as curves do. */
  readonly divergedAs?: string;
  /** Whether nothing of a run that diverged is there to be marked. */
  readonly isUnmarked?: (run: RunInfo) => boolean;
}

const endOfCurve = 'marked x at the last finite value';

export function captionOf({
  experiment,
  tables,
  band,
  outside,
  cut = [],
  divergedAs = endOfCurve,
  isUnmarked = () => false,
}: CaptionFacts): string[] {
  const { cuts, paper } = experiment;
  const diverged = tables.runs.filter(({ status }) => status === 'diverged');
  const changed = changedSettings(experiment, tables.runs);
  const divergedText = (how: string, runs: readonly RunInfo[]): string[] =>
    runs.length === 0 ? [] : [`Diverged${how}: ${namesOf(runs, experiment).join(', ')}.`];
  return [
    `Profile ${experiment.profile}, ${seedsText(tables.runs)}, ${engineText(tables.runs)}.`,
    ...(band ? ['Line: median over the seeds; band: least to greatest.'] : []),
    ...(cuts.length === 0
      ? []
      : [`Against ${paper === null ? 'the spec itself' : "the paper's"}: ${cuts.join('; ')}.`]),
    ...(changed.length === 0 ? [] : [`Other than in the spec: ${changed.join('; ')}.`]),
    ...partial(experiment, tables.runs),
    ...divergedText(
      `, ${divergedAs}`,
      diverged.filter((run) => !isUnmarked(run)),
    ),
    ...divergedText(' before the first value', diverged.filter(isUnmarked)),
    ...(outside.length === 0 ? [] : [`Outside the drawn axes: ${outside.join(', ')}.`]),
    ...(cut.length === 0 ? [] : [`Partly outside the drawn axes: ${cut.join(', ')}.`]),
    ...(paper?.note === undefined ? [] : [sentence(paper.note)]),
  ];
}

/** On the distance to the paper's curves, which are drawn dashed. */
export function footnoteOf(
  { paper }: FigureExperiment,
  distances: readonly LineDistance[],
  { drawn, hasTwins }: { readonly drawn: boolean; readonly hasTwins: boolean },
): string[] {
  if (paper === null || !drawn) return [];
  const dash = hasTwins ? 'Dashed, with dropout dotted' : 'Dashed';
  const read = `${dash}: the paper's own curves, read off its ${figureText(paper.figure)}.`;
  if (distances.length === 0) return [`${read} Nothing to compare them with yet.`];
  const parts = distances.map(
    ({ label, median, ratios }) =>
      `${label} ${rounded(median)} (${ratios.length} ${ratios.length === 1 ? 'point' : 'points'})`,
  );
  return [read, `Median |ln(ours / paper)|: ${parts.join(', ')}.`];
}

/** `1-left` as `figure 1 left`, `4.10` as `section 4.10`: not everything that papers claim has a figure. */
export const figureText = (figure: string): string =>
  /^\d+\.\d+$/.test(figure) ? `section ${figure}` : `figure ${figure.replace('-', ' ')}`;

function seedsText(runs: readonly RunInfo[]): string {
  const seeds = [...new Set(runs.map(({ seed }) => seed))].sort((a, b) => a - b);
  if (seeds.length > 6) return `${seeds.length} seeds`;
  return `${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}`;
}

function engineText(runs: readonly RunInfo[]): string {
  const engines = [...new Set(runs.flatMap(({ engine }) => engine ?? []))];
  return engines.length === 0 ? 'nothing measured yet' : `engine ${engines.join(' and ')}`;
}

function partial({ optimizers, runs }: FigureExperiment, found: readonly RunInfo[]): string[] {
  const done = found.filter(isFinished).length;
  const missing = optimizers.filter(({ name }) => !found.some(({ optimizer }) => optimizer === name));
  const [planned, there] = [countBySeed(runs), countBySeed(found)];
  const absent = [...planned].reduce(
    (sum, [key, count]) => sum + Math.max(0, count - (there.get(key) ?? 0)),
    0,
  );
  if (done === found.length && absent === 0) return [];
  const without = missing.length === 0 ? '' : `, nothing of ${missing.map(({ label }) => label).join(', ')}`;
  return [`Partial results: ${done} of ${found.length + absent} runs are done${without}.`];
}

/** Runs of each optimizer and seed; of a grid there are several. */
function countBySeed(runs: readonly Pick<RunInfo, 'optimizer' | 'seed'>[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { optimizer, seed } of runs) {
    const key = `${seed} ${optimizer}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function namesOf(runs: readonly RunInfo[], { optimizers }: FigureExperiment): string[] {
  const labels = new Map(optimizers.map(({ name, label }) => [name, label]));
  return [...new Set(runs.map(({ optimizer }) => labels.get(optimizer) ?? optimizer))];
}

const sentence = (text: string): string => (/[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);

const rounded = (value: number): string => value.toPrecision(2);
