import type { Grids } from './grids.ts';
import { canonicalJson } from './hash.ts';
import type { SpecPath } from './issue.ts';
import { isEntries } from './rules.ts';
import { unitOf } from './run.ts';
import type { SpecContent } from './schema.ts';

/** Content of a spec with the names of the optimizers that are run. */
export interface Selected {
  readonly content: SpecContent;
  readonly selected: readonly string[];
  readonly grids: Grids;
}

/** In the place of a value that a grid has a list of. */
class Choices {
  readonly values: readonly unknown[];
  constructor(values: readonly unknown[]) {
    this.values = values;
  }
}

/** A spec's content with the lists of its grids in place. */
function withChoices({ content, grids: { shared, byOptimizer } }: Selected): SpecContent {
  const axes = [...shared, ...[...byOptimizer.values()].flat()];
  return axes.reduce<unknown>(
    (data, { path, values }) => put(data, path, new Choices(values)),
    content,
  ) as SpecContent;
}

function put(data: unknown, [key, ...rest]: SpecPath, value: unknown): unknown {
  if (key === undefined) return value;
  const map = isEntries(data) ? data : {};
  return { ...map, [key]: put(map[key], rest, value) };
}

/**
 * What makes these runs differ from those of the `paper` profile, as short clauses ("10 of 200 epochs"); printed before
 * and after the runs, and in every caption. The engine is not a cut: it is named beside them. `drawn`: the top level of the
 * spec, as another variant may train shorter than the paper in every profile.
 */
export function cutsBetween(ours: Selected, paper: Selected, drawn = paper): string[] {
  const [a, b] = [withChoices(ours), withChoices(paper)];
  return [
    ...share(a.training.epochs, withChoices(drawn).training.epochs, `${unitOf(a)}s`),
    ...share(a.data.trainExamples, b.data.trainExamples, 'training examples'),
    ...share(a.data.testExamples, b.data.testExamples, 'test examples'),
    ...seedCuts(a.seeds, b.seeds),
    ...optimizerCuts(ours.selected, paper.selected),
    ...changes('', { batchSize: a.training.batchSize }, { batchSize: b.training.batchSize }),
    ...changes('data', withoutCounts(a.data), withoutCounts(b.data)),
    ...changes('model', a.model, b.model),
    ...changes('evaluation', { every: a.evaluation.every }, { every: b.evaluation.every }),
    ...ours.selected
      .filter((name) => paper.content.optimizers[name] !== undefined)
      .flatMap((name) => changes(name, a.optimizers[name], b.optimizers[name])),
  ];
}

/** What `share` does not say of the data. */
function withoutCounts({ trainExamples: _, testExamples: _t, ...rest }: SpecContent['data']) {
  return rest;
}

function share(ours: unknown, paper: unknown, what: string): string[] {
  if (typeof ours !== 'number' || typeof paper !== 'number') return changes(what, ours, paper);
  if (ours === paper) return [];
  return [
    ours < paper
      ? `${grouped(ours)} of ${grouped(paper)} ${what}`
      : `${grouped(ours)} ${what} instead of ${grouped(paper)}`,
  ];
}

function seedCuts(ours: readonly number[], paper: readonly number[]): string[] {
  if (canonicalJson(ours) === canonicalJson(paper)) return [];
  const part = ours.length < paper.length && ours.every((seed) => paper.includes(seed));
  return [
    part
      ? `${ours.length} of ${paper.length} seeds`
      : `seeds ${ours.join(', ')} instead of ${paper.join(', ')}`,
  ];
}

function optimizerCuts(ours: readonly string[], paper: readonly string[]): string[] {
  const left = paper.filter((name) => !ours.includes(name));
  const added = ours.filter((name) => !paper.includes(name));
  return [
    ...(left.length > 0
      ? [`${paper.length - left.length} of ${paper.length} optimizers (without ${left.join(', ')})`]
      : []),
    ...(added.length > 0 ? [`${added.join(', ')} added`] : []),
  ];
}

/** One clause for each setting that differs, by its path. */
function changes(path: string, ours: unknown, paper: unknown): string[] {
  const [few, many] = [ours, paper].map((value) =>
    value instanceof Choices ? value.values.map(canonicalJson) : [],
  );
  if (few!.length > 0 && few!.length < many!.length && few!.every((value) => many!.includes(value)))
    return [`${path}: ${few!.length} of ${many!.length} values`];
  if (isEntries(ours) && isEntries(paper) && !(ours instanceof Choices) && !(paper instanceof Choices)) {
    const keys = [...new Set([...Object.keys(paper), ...Object.keys(ours)])];
    return keys.flatMap((key) => changes(path === '' ? key : `${path}.${key}`, ours[key], paper[key]));
  }
  const [a, b] = [shown(ours), shown(paper)];
  return a === b ? [] : [`${path} ${a} instead of ${b}`];
}

const shown = (value: unknown): string =>
  value === undefined
    ? 'the default'
    : value instanceof Choices
      ? `each of ${value.values.map(shown).join(', ')}`
      : typeof value === 'string'
        ? value
        : canonicalJson(value);

const grouped = (n: number): string => n.toLocaleString('en-US');
