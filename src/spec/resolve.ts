import type { EngineName } from '../engines/engine.ts';
import { checkMemory } from '../engines/memory.ts';
import { traceRule } from '../optimizers/trace.ts';
import { selectionMistakes } from './check.ts';
import { checkContent } from './content.ts';
import { cutsBetween, type Selected } from './cuts.ts';
import { SpecError, type SpecIssue } from './issue.ts';
import type { Spec } from './load.ts';
import { type Merged, mergeSpec } from './merge.ts';
import { bytesOfExample, type ModelSize } from './model-graph.ts';
import { noOverrides, type Overrides, type ParsedOverrides, parseOverrides } from './overrides.ts';
import type { EntryRule } from './rules.ts';
import type { DataSettings, HyperParameter, ModelSettings, OptimizerSettings, ResolvedRun } from './run.ts';
import {
  defaultProfile,
  entryKeys,
  type OptimizerEntry,
  type ProfileName,
  type SpecContent,
} from './schema.ts';
import { fileDigest } from './user-files.ts';

export interface ResolveOptions {
  readonly profile?: ProfileName;
  readonly overrides?: Overrides;
  /** The engine that `auto` stands for on this machine; a spec or an override that names one wins. */
  readonly engine: EngineName;
}

/** An experiment with every default filled in. */
export interface ResolvedExperiment {
  readonly name: string;
  readonly title: string;
  readonly paper: { readonly key: string; readonly figure: string; readonly note?: string } | null;
  readonly profile: ProfileName;
  /** Of the spec's file, absolute; files named in the spec are relative to it. */
  readonly folder: string;
  readonly engine: EngineName;
  readonly seeds: readonly number[];
  /** In the order of the spec; `label` is the text for figures and tables. */
  readonly optimizers: readonly { readonly name: string; readonly label: string }[];
  /** What differs from the `paper` profile, as short clauses. */
  readonly cuts: readonly string[];
  /** Absolute paths of the user's files: the model's, and the rules' by optimizer. */
  readonly files: { readonly model?: string; readonly rules: Readonly<Record<string, string>> };
  /**
   * Seed by seed, and within a seed in the order of the spec: after the first seed there is a whole comparison to
   * look at, and a sweep that is stopped has all optimizers of the seeds it got to.
   */
  readonly runs: readonly ResolvedRun[];
}

interface Content extends Selected {
  readonly rules: ReadonlyMap<string, EntryRule>;
  readonly modelFile: string | undefined;
  readonly size: ModelSize;
}

/**
 * Fills in a profile, the overrides and every default.
 *
 * @throws SpecError with all mistakes that the overrides make; UsageError for a rule that fails with its settings;
 * UserError when a run needs more memory than there is.
 */
export async function resolveSpec(spec: Spec, options: ResolveOptions): Promise<ResolvedExperiment> {
  const profile = options.profile ?? defaultProfile;
  const ours = await contentOf(spec, profile, parseOverrides(options.overrides ?? {}));
  const paper = await contentOf(spec, 'paper', noOverrides);
  const { content, selected, rules } = ours;
  const name = content.name ?? spec.name;
  const engine = content.engine === 'auto' ? options.engine : content.engine;
  const model = modelSettings(content.model, ours.modelFile);
  const runs = content.seeds.flatMap((seed) =>
    selected.map(
      (optimizer): ResolvedRun => ({
        experiment: name,
        optimizer,
        seed,
        engine,
        data: content.data satisfies DataSettings,
        model,
        batchSize: content.training.batchSize,
        epochs: content.training.epochs,
        evaluation: content.evaluation,
        optimizerSettings: optimizerSettings(
          optimizer,
          content.optimizers[optimizer]!,
          rules.get(optimizer)!,
          content.training.epochs,
        ),
      }),
    ),
  );
  for (const run of runs) checkRun(run, rules.get(run.optimizer)!, ours.size);
  const ruleFiles = selected.flatMap((optimizer) => {
    const file = rules.get(optimizer)?.file;
    return file === undefined ? [] : [[optimizer, file] as const];
  });
  return {
    name,
    title: content.title ?? name,
    paper: content.paper === undefined ? null : withoutUndefined(content.paper),
    profile,
    folder: spec.folder,
    engine,
    seeds: content.seeds,
    optimizers: selected.map((optimizer) => ({
      name: optimizer,
      label: content.optimizers[optimizer]!.label ?? optimizer,
    })),
    cuts: cutsBetween(ours, paper),
    files: {
      ...(ours.modelFile === undefined ? {} : { model: ours.modelFile }),
      rules: Object.fromEntries(ruleFiles),
    },
    runs,
  };
}

function checkRun(run: ResolvedRun, { optimizer }: EntryRule, { parameters, largestArray }: ModelSize): void {
  const { hyper, weightDecay } = run.optimizerSettings;
  const slots = Object.keys(traceRule(optimizer, hyper, weightDecay).state).length;
  checkMemory(run.engine, {
    stored: parameters * (1 + slots),
    largestArray,
    dataBytes: (run.data.trainExamples + run.data.testExamples) * bytesOfExample,
  });
}

/** The engine that the spec asks for, so that the caller can find out what `auto` means before resolving. */
export function requestedEngine(spec: Spec, overrides: Overrides = {}): string {
  const { data } = mergeSpec(spec.source, spec.folder, defaultProfile, parseOverrides(overrides));
  return (data as { engine?: string }).engine ?? 'auto';
}

async function contentOf(spec: Spec, profile: ProfileName, overrides: ParsedOverrides): Promise<Content> {
  const merged = mergeSpec(spec.source, spec.folder, profile, overrides);
  const { content, rules, modelFile, size, issues: found } = await checkContent(merged);
  const issues = [...merged.issues, ...found, ...selectionIssues(merged)];
  if (content === undefined || size === undefined || issues.length > 0) throw new SpecError(issues);
  const names = Object.keys(content.optimizers);
  const only = merged.only?.names as readonly string[] | undefined;
  return {
    content,
    rules,
    modelFile,
    size,
    selected: only === undefined ? names : names.filter((n) => only.includes(n)),
  };
}

function selectionIssues({ only, data, place }: Merged): SpecIssue[] {
  if (only === undefined) return [];
  const mistakes = selectionMistakes(only.path, only.names, data);
  if (Array.isArray(only.names) && only.names.length === 0) {
    const message = 'expected names of optimizers, such as adam,adagrad';
    mistakes.push({ code: 'bad-override', path: only.path, at: 'value', message });
  }
  return mistakes.map(({ at, ...mistake }) => ({ ...mistake, ...place(mistake.path, at) }));
}

function modelSettings(model: SpecContent['model'], file: string | undefined): ModelSettings {
  return model.type === 'file' ? { ...model, digest: fileDigest(file!) } : model;
}

function optimizerSettings(
  name: string,
  entry: OptimizerEntry,
  rule: EntryRule,
  epochs: number,
): OptimizerSettings {
  const given = Object.fromEntries(Object.entries(entry).filter(([key]) => !entryKeys.includes(key)));
  const defaults = Object.entries(rule.optimizer.hyper).map(([key, descriptor]) => [key, descriptor.default]);
  const { schedule } = entry;
  return {
    rule: entry.rule ?? name,
    hyper: { ...Object.fromEntries(defaults), ...(given as Record<string, HyperParameter>) },
    schedule: schedule.type === 'cosine' ? { ...schedule, epochs: schedule.epochs ?? epochs } : schedule,
    warmupSteps: entry.warmupSteps,
    weightDecay: entry.weightDecay,
    ...(rule.digest === undefined ? {} : { ruleDigest: rule.digest }),
  };
}

function withoutUndefined(paper: NonNullable<SpecContent['paper']>) {
  const { key, figure, note } = paper;
  return note === undefined ? { key, figure } : { key, figure, note };
}
