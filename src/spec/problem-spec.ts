import { z } from 'zod';
import type { ProblemSettings } from '../problems/index.ts';
import { checkAgainst } from './check.ts';
import { entryShape, problemEntryKeys } from './entry-schema.ts';
import { map, name, oneOf, text, wholeNumber } from './fields.ts';
import type { Mistake } from './issue.ts';
import { problem } from './problem-schema.ts';
import { isEntries, unknownKey } from './rules.ts';
import type { OptimizerSettings, ResolvedRun } from './run.ts';
import {
  contentShape,
  entryError,
  type OptimizerEntry,
  optimizersError,
  patchShape,
  type SpecContent,
  section,
  specSchema,
} from './schema.ts';
import { problemTuneSchema } from './search.ts';

/**
 * Specs with `problem` in the place of `data` and `model`: optimizers on a function of few numbers, counted in steps. The
 * rest of the program knows them as a model of the type `problem` on one training example, whose epochs are steps.
 */

const problemEntryShape = {
  ...entryShape,
  problem: section.describe('Settings of the problem for this entry alone'),
  steps: wholeNumber(1).optional().describe('Number of steps of this entry alone'),
  every: wholeNumber(0).optional().describe('evaluation.every of this entry alone'),
};
const entries = z.record(name(), z.looseObject(problemEntryShape, { error: entryError }), {
  error: optimizersError,
});

const { name: experimentName, title, paper, seeds, optimizers } = contentShape;
const problemContentShape = {
  name: experimentName,
  title,
  paper,
  problem: problem.describe('What the optimizers minimise'),
  training: map({ steps: wholeNumber(1) }).describe('Number of steps'),
  evaluation: map({ every: wholeNumber(0).default(1) })
    .prefault({})
    .describe('After how many steps the problem is measured'),
  engine: oneOf(['auto', 'reference']).default('auto').describe('float64 loops in any case'),
  seeds,
  optimizers: entries
    .refine((all) => Object.keys(all).length > 0, { error: optimizersError })
    .describe(optimizers.description ?? ''),
};
const problemContentSchema = map(problemContentShape);

const patch = {
  problem: section,
  training: map({ steps: wholeNumber(1).optional() }).optional(),
  evaluation: map({ every: wholeNumber(0).optional() }).optional(),
  seeds: patchShape.seeds,
  only: patchShape.only,
  optimizers: entries.optional(),
};

const profiles = map({
  smoke: map(patch).optional(),
  quick: map(patch).optional(),
  paper: map(patch).optional(),
}).optional();

/** The file of such a spec. */
export const problemSpecSchema = map({
  ...problemContentShape,
  variants: z
    .record(name(), map({ ...patch, note: text().optional(), profiles }), {
      error: 'a map from names to what they change',
    })
    .optional(),
  tune: problemTuneSchema
    .optional()
    .describe('Settings that `adam-repro tune` tries, on the same budget for all'),
  profiles,
});

export const isProblemSpec = (data: unknown): boolean => isEntries(data) && data.problem !== undefined;

/** What a spec's file is checked against. */
export const schemaOf = (data: unknown) => (isProblemSpec(data) ? problemSpecSchema : specSchema);

/** The content of such a spec, checked, in the form that all specs have. */
export function checkProblemContent(data: unknown): { content?: SpecContent; mistakes: Mistake[] } {
  const { value, mistakes } = checkAgainst(problemContentSchema, data);
  if (value === undefined) return { mistakes };
  const found: Record<string, OptimizerEntry> = {};
  const wrong: Mistake[] = [];
  for (const [entryName, entry] of Object.entries(value.optimizers)) {
    const checked = entryProblem(value.problem, entryName, entry.problem);
    wrong.push(...checked.mistakes);
    found[entryName] = { ...entry, ...(checked.value ? { problem: checked.value } : {}) };
  }
  if (wrong.length > 0) return { mistakes: wrong };
  const { problem: settings, training, evaluation, engine, ...rest } = value;
  const content: SpecContent = {
    ...rest,
    data: { name: 'none', trainExamples: 1, testExamples: 0 },
    model: { type: 'problem', problem: settings },
    training: { batchSize: 1, epochs: training.steps },
    evaluation: { every: evaluation.every, batchSize: 1 },
    engine: engine === 'auto' ? 'reference' : engine,
    optimizers: found,
  };
  return { content, mistakes: [] };
}

/** The problem with an entry's changes; one of another type starts from that type's defaults. */
function entryProblem(
  base: ProblemSettings,
  entryName: string,
  written: unknown,
): { value?: ProblemSettings; mistakes: Mistake[] } {
  const changes = typeof written === 'string' ? { type: written } : written;
  if (!isEntries(changes)) return { mistakes: [] };
  const another = changes.type !== undefined && changes.type !== base.type;
  // Checked in its place, so that a mistake is said with its whole path.
  const schema = z.object({ optimizers: z.object({ [entryName]: z.object({ problem }) }) });
  const entry = { problem: another ? changes : { ...base, ...changes } };
  const { value, mistakes } = checkAgainst(schema, { optimizers: { [entryName]: entry } });
  return { ...(value ? { value: value.optimizers[entryName]!.problem } : {}), mistakes };
}

/** Keys of entries that only specs of problems have. */
export function strayProblemKeys(data: unknown): Mistake[] {
  if (!isEntries(data) || !isEntries(data.optimizers)) return [];
  return Object.entries(data.optimizers).flatMap(([entryName, entry]) =>
    problemEntryKeys
      .filter((key) => isEntries(entry) && key in entry)
      .map((key) => unknownKey(['optimizers', entryName], key, Object.keys(entryShape))),
  );
}

/** A problem's run with what its entry changes for itself. */
export function withEntryProblem(run: ResolvedRun, entry: OptimizerEntry): ResolvedRun {
  if (run.model.type !== 'problem') return run;
  const {
    problem: own,
    steps,
    every,
  } = entry as { problem?: ProblemSettings; steps?: number; every?: number };
  return {
    ...run,
    model: own === undefined ? run.model : { type: 'problem', problem: own },
    epochs: steps ?? run.epochs,
    evaluation: every === undefined ? run.evaluation : { ...run.evaluation, every },
    optimizerSettings: withPeriod(run.optimizerSettings, entry, steps ?? run.epochs),
  };
}

/** A cosine without a length of its own is as long as the run. */
function withPeriod(
  settings: OptimizerSettings,
  { schedule }: OptimizerEntry,
  epochs: number,
): OptimizerSettings {
  if (schedule.type !== 'cosine' || schedule.epochs !== undefined) return settings;
  return { ...settings, schedule: { type: 'cosine', epochs } };
}
