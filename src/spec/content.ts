import { checkAgainst } from './check.ts';
import { type EntryModel, entryModels } from './entry-models.ts';
import type { Mistake, SpecIssue } from './issue.ts';
import type { Merged } from './merge.ts';
import { checkModel, type ModelSize } from './model-graph.ts';
import { paperCurveMistakes } from './paper-curves.ts';
import { checkProblemContent, isProblemSpec, strayProblemKeys } from './problem-spec.ts';
import { type EntryRule, entryRules } from './rules.ts';
import { contentSchema, looseDataSchema, type SpecContent } from './schema.ts';

/** A spec's content under one profile, checked, with the files that it names. */
export interface CheckedContent {
  /** Undefined where the issues leave nothing to work with. */
  readonly content: SpecContent | undefined;
  /** The rule of each optimizer whose rule was found. */
  readonly rules: ReadonlyMap<string, EntryRule>;
  /** Absolute path of the user's model. */
  readonly modelFile: string | undefined;
  /** Of the model's graph; undefined where it cannot be built. */
  readonly size: ModelSize | undefined;
  /** Of the optimizers that change the model for themselves. */
  readonly models: ReadonlyMap<string, EntryModel>;
  readonly issues: readonly SpecIssue[];
}

export async function checkContent(merged: Merged): Promise<CheckedContent> {
  const { content, mistakes } = isProblemSpec(merged.data)
    ? checkProblemContent(merged.data)
    : checkNetworkContent(merged.data);
  const { rules, mistakes: ruleMistakes } = await entryRules(merged.data, merged.locate);
  const path = ['model', 'file'];
  const modelFile = content?.model.type === 'file' ? merged.locate(path, content.model.file) : undefined;
  const model = content === undefined ? { mistakes: [] } : await checkModel(content, modelFile);
  const own = content === undefined ? { models: new Map(), mistakes: [] } : await entryModels(content);
  // Where it is not known which data set is meant, its keys are still the same for all.
  const dataMistakes = mistakes.some((m) => m.path[0] === 'data' && m.path[1] === 'name')
    ? checkAgainst(looseDataSchema, merged.data).mistakes
    : [];
  const curveMistakes = content === undefined ? [] : paperCurveMistakes(content);
  const issues = [
    ...mistakes,
    ...dataMistakes,
    ...ruleMistakes,
    ...curveMistakes,
    ...model.mistakes,
    ...own.mistakes,
  ].map(({ at, ...mistake }) => ({
    ...mistake,
    ...merged.place(mistake.path, at),
  }));
  return { content, rules, modelFile, size: model.size, models: own.models, issues };
}

function checkNetworkContent(data: unknown): { content?: SpecContent; mistakes: Mistake[] } {
  const { value, mistakes } = checkAgainst(contentSchema, data);
  return { ...(value ? { content: value } : {}), mistakes: [...mistakes, ...strayProblemKeys(data)] };
}
