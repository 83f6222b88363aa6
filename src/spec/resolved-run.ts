import { normalizedDecayRate } from '../optimizers/weight-decay.ts';
import type { CheckedContent } from './content.ts';
import type { ModelSize } from './model-graph.ts';
import { withEntryProblem } from './problem-spec.ts';
import type { EntryRule } from './rules.ts';
import type {
  HyperParameter,
  ModelSettings,
  OptimizerSettings,
  ResolvedRun,
  WeightDecaySettings,
} from './run.ts';
import { entryKeys, type OptimizerEntry, type SpecContent } from './schema.ts';
import { fileDigest } from './user-files.ts';

/** Content without mistakes. */
export interface ValidContent extends CheckedContent {
  readonly content: SpecContent;
  readonly size: ModelSize;
}

/** One run of a spec's content, with every default filled in. */
export function resolvedRun(
  names: Pick<ResolvedRun, 'experiment' | 'optimizer' | 'seed' | 'engine'>,
  { content, rules, modelFile, models }: ValidContent,
): ResolvedRun {
  const { data, model, training, evaluation, optimizers } = content;
  const entry = optimizers[names.optimizer]!;
  const run: ResolvedRun = {
    ...names,
    data,
    model: modelSettings(models.get(names.optimizer)?.model ?? model, modelFile),
    batchSize: training.batchSize,
    epochs: training.epochs,
    evaluation,
    optimizerSettings: optimizerSettings(names.optimizer, entry, rules.get(names.optimizer)!, content),
  };
  return withEntryProblem(run, entry);
}

function modelSettings(model: SpecContent['model'], file: string | undefined): ModelSettings {
  return model.type === 'file' ? { ...model, digest: fileDigest(file!) } : model;
}

function optimizerSettings(
  name: string,
  entry: OptimizerEntry,
  rule: EntryRule,
  content: SpecContent,
): OptimizerSettings {
  const given = Object.fromEntries(Object.entries(entry).filter(([key]) => !entryKeys.includes(key)));
  const defaults = Object.entries(rule.optimizer.hyper).map(([key, descriptor]) => [key, descriptor.default]);
  const { schedule } = entry;
  const { epochs } = content.training;
  return {
    rule: entry.rule ?? name,
    hyper: { ...Object.fromEntries(defaults), ...(given as Record<string, HyperParameter>) },
    schedule: schedule.type === 'cosine' ? { ...schedule, epochs: schedule.epochs ?? epochs } : schedule,
    warmupSteps: entry.warmupSteps,
    weightDecay: weightDecaySettings(entry, content),
    ...(rule.digest === undefined ? {} : { ruleDigest: rule.digest }),
  };
}

/** A normalised rate as the rate of the run, or of the first period where the schedule restarts. */
function weightDecaySettings(
  { weightDecay, schedule }: OptimizerEntry,
  { data: { trainExamples }, training: { batchSize, epochs } }: SpecContent,
): WeightDecaySettings | null {
  if (weightDecay === null) return null;
  const { mode, rate, normalized } = weightDecay;
  if (normalized === undefined) return { mode, rate: rate! };
  const period = schedule.type === 'cosine-restarts' ? schedule.firstPeriod : epochs;
  const run = { batchSize, trainExamples, epochs: period };
  return { mode, rate: normalizedDecayRate(normalized, run), normalized };
}
