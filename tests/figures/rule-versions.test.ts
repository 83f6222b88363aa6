import { describe, expect, it } from 'vitest';
import { linesOf } from '../../src/figures/lines.ts';
import { sampleRun } from '../results/sample-run.ts';
import { sampleExperiment, sampleTables } from './sample-figure.ts';

const [before, now] = ['11111111', '22222222'] as const;
const tables = sampleTables([
  { optimizer: 'mine', seed: 0, costs: [0.9] },
  { optimizer: 'mine', seed: 0, costs: [0.8] },
]);
for (const [i, ruleDigest] of [before, now].entries()) {
  Object.assign(tables.runs[i]!, { id: ruleDigest, hyperParameters: { lr: 0.1, ruleDigest } });
}

describe("two versions of a rule of the user's own", () => {
  it('are two lines, told apart by the digest of the file', () => {
    const lines = linesOf(sampleExperiment(), tables, []);
    expect(lines.map(({ label }) => label)).toEqual([
      `mine (ruleDigest=${before})`,
      `mine (ruleDigest=${now})`,
    ]);
  });

  it('are one line where the experiment has the rule: that of the file as it is', () => {
    const optimizerSettings = { ...sampleRun().optimizerSettings, ruleDigest: now.repeat(8) };
    const runs = [sampleRun({ optimizer: 'mine', optimizerSettings })];
    const lines = linesOf(sampleExperiment({ runs }), tables, []);
    expect(lines.map(({ label, group }) => [label, group.runs.map(({ id }) => id)])).toEqual([
      ['mine', [now]],
    ]);
  });
});
