import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import type { Comparison, Place } from '../../compare/index.ts';
import { EXIT, UsageError } from '../../errors.ts';
import { type ComparedPlaces, comparisonText, differenceText, rowName } from '../comparison-text.ts';
import type { Context } from '../context.ts';
import { helpText } from '../help-text.ts';
import { writeFile } from '../write-file.ts';

interface CompareOptions {
  readonly optimizers?: readonly [string, string];
  readonly csv?: string;
  readonly strict?: number;
}

export function addCompare(program: Command, context: Context): void {
  const { output } = context;
  program
    .command('compare')
    .summary('two results folders, or two optimizers, side by side')
    .description(
      helpText(
        'Compares what two folders measured: results folders, or an experiment or a profile in one, made with other engines, versions or settings. Runs are matched by optimizer and settings. Or, with --optimizers, two optimizers in one folder. Nothing is trained.',
        [
          ['adam-repro compare results ../other/results'],
          ['adam-repro compare results ../other/results mnist-logreg --strict 0.01'],
          ['adam-repro compare results mnist-mlp --optimizers adam,rmsprop'],
        ],
      ),
    )
    .argument('<folder>', 'the first folder, A')
    .argument('[others...]', 'the second folder, B (not with --optimizers), then names of experiments')
    .option('--optimizers <two>', 'compare these two in the one folder, such as adam,adamw', parseTwo)
    .option('--csv <file>', 'write the table there as CSV too')
    .option(
      '--strict <tolerance>',
      'exit code 3 where a relative difference is larger, or an optimizer not comparable',
      parseTolerance,
    )
    .action(async (folder: string, others: readonly string[], options: CompareOptions) => {
      const parts = await partsOf(folder, others, options.optimizers);
      const documents = parts.flatMap(({ a, rows }) =>
        rows.map((row) => ({ experiment: a.experiment, profile: a.profile, ...row })),
      );
      if (options.csv !== undefined) writeFile(options.csv, await csvOf(parts));
      output.result({ comparisons: documents, parts: parts.map(({ rows: _, ...part }) => part) }, () =>
        parts.map(comparisonText).join('\n\n'),
      );
      const { strict } = options;
      if (strict === undefined) return;
      const worse = documents.filter(({ difference }) => !(Math.abs(difference) <= strict));
      for (const row of worse) {
        const { experiment, profile, difference } = row;
        const told = differenceText(difference);
        const what = Number.isFinite(difference) ? `differs by ${told}, more than ${strict}` : `${told} only`;
        output.warn(`${experiment} (${profile}): ${rowName(row)} ${what}.`);
      }
      const missing = parts.flatMap(({ a, notComparable, onlyA, onlyB }) => [
        ...notComparable.map((names) => ({ a, what: `${rowName(names)} has no epoch that both sides have` })),
        ...Object.keys(onlyA)
          .filter((name) => name in onlyB)
          .map((name) => ({
            a,
            what: `${name} has runs on each side with settings that the other one lacks`,
          })),
      ]);
      for (const { a, what } of missing) output.warn(`${a.experiment} (${a.profile}): ${what}.`);
      if (worse.length > 0 || missing.length > 0) context.exitCode = EXIT.strict;
    });
}

function parseTwo(typed: string): [string, string] {
  const [first, second, ...others] = typed.split(',').map((name) => name.trim());
  if (!first || !second || others.length > 0 || first === second) {
    throw new InvalidArgumentError('Expected two optimizers, such as adam,adamw.');
  }
  return [first, second];
}

function parseTolerance(typed: string): number {
  const value = Number(typed);
  if (typed.trim() === '' || !(value >= 0)) throw new InvalidArgumentError('Expected a number such as 0.01.');
  return value;
}

async function partsOf(
  folder: string,
  others: readonly string[],
  optimizers: readonly [string, string] | undefined,
): Promise<ComparedPlaces[]> {
  const { compareOptimizers, compareTables, placePairs, placesIn } = await import('../../compare/index.ts');
  const { readTables } = await import('../../results/read-tables.ts');
  const tablesOf = ({ resultsFolder, experiment, profile }: Place) =>
    readTables(resultsFolder, experiment, profile)!;
  const inA = placesIn(folder);
  if (optimizers !== undefined) {
    const [first, second] = optimizers;
    if (others.some((name) => existsSync(name) && placesIn(name).length > 0)) {
      throw new UsageError(
        '--optimizers compares within one folder: leave the second folder or --optimizers out.',
      );
    }
    const parts = await Promise.all(
      (await chosen(inA, others)).map(async (place) => {
        const tables = tablesOf(place);
        return {
          a: place,
          b: place,
          ...compareOptimizers(tables, first, second),
          names: tables.runs.map((run) => run.optimizer),
        };
      }),
    );
    const known = [...new Set(parts.flatMap(({ names }) => names))];
    for (const name of optimizers) await requireKnown(name, known, 'optimizer');
    const found = parts.filter(({ rows, notComparable }) => rows.length + notComparable.length > 0);
    if (found.length === 0)
      throw new UsageError(`no experiment in ${folder} has runs of both ${first} and ${second}.`);
    return found.map(({ names: _, ...part }) => part);
  }
  const [other, ...names] = others;
  if (other === undefined) {
    throw new UsageError('name a second folder to compare with, or two optimizers with --optimizers.');
  }
  const inB = placesIn(other);
  for (const name of names) {
    const [a, b] = [inA, inB].map((places) => places.some(({ experiment }) => experiment === name));
    if (a !== b) throw new UsageError(`${name} is in ${a ? folder : other} only: leave it out.`);
  }
  const pairs =
    names.length === 0
      ? placePairs(inA, inB)
      : (await chosen(inA, names, inB)).flatMap((a) =>
          inB.filter((b) => b.experiment === a.experiment && b.profile === a.profile).map((b) => ({ a, b })),
        );
  if (pairs.length === 0) {
    throw new UsageError(
      `${folder} and ${other} have no experiment in the same profile: nothing can be compared.`,
    );
  }
  return pairs.map(({ a, b }) => ({ a, b, ...compareTables(tablesOf(a), tablesOf(b)) }));
}

/** The places of the named experiments, all of them without names. */
async function chosen(
  places: readonly Place[],
  names: readonly string[],
  others: readonly Place[] = [],
): Promise<Place[]> {
  const known = [...new Set([...places, ...others].map(({ experiment }) => experiment))];
  for (const name of names) await requireKnown(name, known, 'experiment');
  return places.filter(({ experiment }) => names.length === 0 || names.includes(experiment));
}

async function requireKnown(name: string, known: readonly string[], what: string): Promise<void> {
  if (known.includes(name)) return;
  const { nameHint } = await import('../../spec/nearest.ts');
  throw new UsageError(`no ${what} "${name}" in the results; ${nameHint(name, known)}`);
}

async function csvOf(parts: readonly ComparedPlaces[]): Promise<string> {
  const { stringify } = await import('csv-stringify/sync');
  const rows = parts.flatMap(({ a: placeA, b: placeB, rows: all }) =>
    all.map(
      ({
        optimizer,
        settings,
        changed,
        quantity,
        epoch,
        a,
        b,
        difference,
        withinSpread,
        largestLogRatio,
        same,
      }) => ({
        experiment: placeA.experiment,
        profile: placeA.profile,
        experiment_b: placeB.experiment,
        optimizer,
        settings: JSON.stringify(settings),
        changed: JSON.stringify(changed),
        metric: quantity.metric,
        split: quantity.split,
        epoch,
        ...sideColumns('a', a),
        ...sideColumns('b', b),
        difference,
        within_spread: withinSpread ?? '',
        largest_log_ratio: largestLogRatio ?? '',
        same,
      }),
    ),
  );
  return stringify(rows, { header: true, cast: { boolean: String } });
}

const sideColumns = (side: string, { engine, seeds, value, secondsPerEpoch }: Comparison['a']) => ({
  [`engine_${side}`]: engine ?? '',
  [`seeds_${side}`]: seeds.join(' '),
  [`median_${side}`]: value.median,
  [`min_${side}`]: value.min,
  [`max_${side}`]: value.max,
  [`train_seconds_per_epoch_${side}`]: secondsPerEpoch ?? '',
});
