import { existsSync } from 'node:fs';
import { checkAgainst } from './check.ts';
import type { Mistake, SpecIssue } from './issue.ts';
import type { Merged } from './merge.ts';
import { type EntryRule, entryRules } from './rules.ts';
import { contentSchema, type SpecContent } from './schema.ts';

/** A spec's content under one profile, checked, with the files that it names. */
export interface CheckedContent {
  /** Undefined where the issues leave nothing to work with. */
  readonly content: SpecContent | undefined;
  /** The rule of each optimizer whose rule was found. */
  readonly rules: ReadonlyMap<string, EntryRule>;
  /** Absolute path of the user's model. */
  readonly modelFile: string | undefined;
  readonly issues: readonly SpecIssue[];
}

export async function checkContent(merged: Merged): Promise<CheckedContent> {
  const { value: content, mistakes } = checkAgainst(contentSchema, merged.data);
  const { rules, mistakes: ruleMistakes } = await entryRules(merged.data, merged.locate);
  const path = ['model', 'file'];
  const modelFile = content?.model.type === 'file' ? merged.locate(path, content.model.file) : undefined;
  const missing: Mistake[] =
    modelFile === undefined || existsSync(modelFile)
      ? []
      : [{ code: 'bad-file', path, at: 'value', message: `model.file: no such file: ${modelFile}` }];
  const issues = [...mistakes, ...ruleMistakes, ...missing].map(({ at, ...mistake }) => ({
    ...mistake,
    ...merged.place(mistake.path, at),
  }));
  return { content, rules, modelFile, issues };
}
