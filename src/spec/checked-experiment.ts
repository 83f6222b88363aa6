import { type CheckedContent, checkContent } from './content.ts';
import { blocksOf, type Grids, gridsOf } from './grids.ts';
import type { SpecIssue } from './issue.ts';
import type { Merged } from './merge.ts';

/** A spec under one variant and profile, checked at every point of its grids. */
export interface CheckedExperiment {
  readonly grids: Grids;
  /** By point of the grid of the whole experiment, and within it by point of the optimizers' own grids. */
  readonly blocks: readonly (readonly CheckedContent[])[];
  readonly issues: readonly SpecIssue[];
}

export async function checkExperiment(merged: Merged): Promise<CheckedExperiment> {
  const { grids, issues: gridIssues } = gridsOf(merged);
  const issues = [...gridIssues];
  const blocks: CheckedContent[][] = [];
  for (const { rounds } of blocksOf(merged, grids)) {
    const block: CheckedContent[] = [];
    for (const round of rounds) {
      const checked = await checkContent(round);
      issues.push(...round.issues, ...checked.issues);
      block.push(checked);
    }
    blocks.push(block);
  }
  return { grids, blocks, issues };
}
