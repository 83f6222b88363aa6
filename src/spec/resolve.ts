import { describeExample } from '../datasets/example.ts';
import type { EngineName } from '../engines/engine.ts';
import { checkMemory } from '../engines/memory.ts';
import { UsageError } from '../errors.ts';
import { traceRule } from '../optimizers/trace.ts';
import type { PaperCurve } from '../paper/index.ts';
import { selectionMistakes } from './check.ts';
import { checkExperiment } from './checked-experiment.ts';
import { cutsBetween, type Selected } from './cuts.ts';
import { type Grids, pointsOf } from './grids.ts';
import { SpecError, type SpecIssue } from './issue.ts';
import type { Spec } from './load.ts';
import { type Layers, type Merged, mergeSpec } from './merge.ts';
import type { ModelSize } from './model-graph.ts';
import { nearestName } from './nearest.ts';
import { noOverrides, type Overrides, type ParsedOverrides, parseOverrides } from './overrides.ts';
import { curveOf } from './paper-curves.ts';
import { resolvedRun, type ValidContent } from './resolved-run.ts';
import type { EntryRule } from './rules.ts';
import type { ResolvedRun } from './run.ts';
import { defaultProfile, type ProfileName, type SpecContent, topVariant } from './schema.ts';

export interface ResolveOptions {
  /** Default: `as-drawn`, the top level of the spec. */
  readonly variant?: string;
  readonly profile?: ProfileName;
  readonly overrides?: Overrides;
  /** The engine that `auto` stands for on this machine; a spec or an override that names one wins. */
  readonly engine: EngineName;
  /** False where results are only compared with it: what its runs take is not looked at then. Default: true. */
  readonly isRun?: boolean;
}

/** An experiment with every default filled in. */
export interface ResolvedExperiment {
  /** Also of the results folder; for another variant than `as-drawn` with the variant's name behind it. */
  readonly name: string;
  /** The same for every variant. */
  readonly baseName: string;
  readonly variant: string;
  readonly title: string;
  readonly paper: { readonly key: string; readonly figure: string; readonly note?: string } | null;
  readonly profile: ProfileName;
  /** Of the spec's file, absolute; files named in the spec are relative to it. */
  readonly folder: string;
  readonly engine: EngineName;
  readonly seeds: readonly number[];
  /** Length of every run that has none of its own, by a grid or its entry; of a problem in steps. */
  readonly epochs: number;
  /** In the order of the spec; `label` is the text for figures and tables, `paperCurve` the paper's curve if it has one. */
  readonly optimizers: readonly {
    readonly name: string;
    readonly label: string;
    readonly paperCurve?: PaperCurve;
  }[];
  /** The lists of values of which every combination is run. */
  readonly grids: Grids;
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
  /** In the order of the runs of one seed. */
  readonly points: readonly { readonly optimizer: string; readonly checked: ValidContent }[];
}

/**
 * Fills in a profile, the overrides and every default.
 *
 * @throws SpecError with all mistakes that the overrides make; UsageError for a rule that fails with its settings;
 * UserError when a run needs more memory than there is.
 */
export async function resolveSpec(spec: Spec, options: ResolveOptions): Promise<ResolvedExperiment> {
  const profile = options.profile ?? defaultProfile;
  const variant = options.variant ?? topVariant;
  if (!spec.variants.includes(variant)) throw new UsageError(unknownVariant(spec, variant));
  const ours = await contentOf(spec, { variant, profile }, parseOverrides(options.overrides ?? {}));
  const paper = await contentOf(spec, { variant, profile: 'paper' }, noOverrides);
  const drawn =
    variant === topVariant
      ? paper
      : await contentOf(spec, { variant: topVariant, profile: 'paper' }, noOverrides);
  const { content, selected } = ours;
  const baseName = content.name ?? spec.name;
  const name = variant === topVariant ? baseName : `${baseName}-${variant}`;
  const engine = content.engine === 'auto' ? options.engine : content.engine;
  const runs = content.seeds.flatMap((seed) =>
    ours.points.map(({ optimizer, checked }) => {
      const run = resolvedRun({ experiment: name, optimizer, seed, engine }, checked);
      if (options.isRun !== false)
        checkRun(run, checked.rules.get(optimizer)!, checked.models.get(optimizer)?.size ?? checked.size);
      return run;
    }),
  );
  const { modelFile } = ours.points[0]!.checked;
  const ruleFiles = selected.flatMap((optimizer) => {
    const file = ours.points
      .find((point) => point.optimizer === optimizer)
      ?.checked.rules.get(optimizer)?.file;
    return file === undefined ? [] : [[optimizer, file] as const];
  });
  return {
    name,
    baseName,
    variant,
    title: content.title ?? name,
    paper: content.paper === undefined ? null : withoutUndefined(content.paper),
    profile,
    folder: spec.folder,
    engine,
    seeds: content.seeds,
    epochs: content.training.epochs,
    optimizers: selected.map((optimizer) => {
      const curve = curveOf(content, optimizer);
      const label = content.optimizers[optimizer]!.label ?? optimizer;
      return { name: optimizer, label, ...(curve === undefined ? {} : { paperCurve: curve }) };
    }),
    grids: ours.grids,
    cuts: cutsBetween(ours, paper, drawn),
    files: {
      ...(modelFile === undefined ? {} : { model: modelFile }),
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
    dataBytes: (run.data.trainExamples + run.data.testExamples) * describeExample(run.data).bytes,
  });
}

/** The engine that the spec asks for, so that the caller can find out what `auto` means before resolving. */
export function requestedEngine(spec: Spec, overrides: Overrides = {}): string {
  const layers = { variant: topVariant, profile: defaultProfile };
  const { data } = mergeSpec(spec.source, spec.folder, layers, parseOverrides(overrides));
  return (data as { engine?: string }).engine ?? 'auto';
}

function unknownVariant({ name, variants }: Spec, variant: string): string {
  const nearest = nearestName(variant, variants);
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  return `unknown variant "${variant}" of ${name}: it has ${variants.join(', ')}${hint === '' ? '.' : hint}`;
}

async function contentOf(spec: Spec, layers: Layers, overrides: ParsedOverrides): Promise<Content> {
  const merged = mergeSpec(spec.source, spec.folder, layers, overrides);
  const { grids, blocks, issues: found } = await checkExperiment(merged);
  const issues = [...merged.issues, ...found, ...selectionIssues(merged)];
  if (issues.length > 0) throw new SpecError(issues);
  const valid = blocks as readonly (readonly ValidContent[])[];
  const { content } = valid[0]![0]!;
  const names = Object.keys(content.optimizers);
  const only = merged.only?.names as readonly string[] | undefined;
  const selected = only === undefined ? names : names.filter((n) => only.includes(n));
  const points = valid.flatMap((rounds) =>
    selected.flatMap((optimizer) =>
      rounds.slice(0, pointsOf(grids, optimizer)).map((checked) => ({ optimizer, checked })),
    ),
  );
  return { content, selected, grids, points };
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

function withoutUndefined(paper: NonNullable<SpecContent['paper']>) {
  const { key, figure, note } = paper;
  return note === undefined ? { key, figure } : { key, figure, note };
}
