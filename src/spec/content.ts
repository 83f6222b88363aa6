import { checkAgainst } from './check.ts';
import type { SpecIssue } from './issue.ts';
import type { Merged } from './merge.ts';
import { checkModel, type ModelSize } from './model-graph.ts';
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
  readonly issues: readonly SpecIssue[];
}

export async function checkContent(merged: Merged): Promise<CheckedContent> {
  const { value: content, mistakes } = checkAgainst(contentSchema, merged.data);
  const { rules, mistakes: ruleMistakes } = await entryRules(merged.data, merged.locate);
  const path = ['model', 'file'];
  const modelFile = content?.model.type === 'file' ? merged.locate(path, content.model.file) : undefined;
  const model = content === undefined ? { mistakes: [] } : await checkModel(content, modelFile);
  // Where it is not known which data set is meant, its keys are still the same for all.
  const dataMistakes = mistakes.some((m) => m.path[0] === 'data' && m.path[1] === 'name')
    ? checkAgainst(looseDataSchema, merged.data).mistakes
    : [];
  const issues = [...mistakes, ...dataMistakes, ...ruleMistakes, ...model.mistakes].map(
    ({ at, ...mistake }) => ({
      ...mistake,
      ...merged.place(mistake.path, at),
    }),
  );
  return { content, rules, modelFile, size: model.size, issues };
}
