import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ExperimentRecords } from '../../src/runner/experiment-records.ts';
import { Machine, scratchFolder } from '../results/machine.ts';
import { sampleRun } from '../results/sample-run.ts';

it('writes a run once that an experiment has twice, and has a state for each of the two', () => {
  const folder = scratchFolder();
  const runs = [sampleRun(), sampleRun({ seed: 1 }), sampleRun()];
  const experiment = { name: 'sample', profile: 'smoke', files: { rules: {} }, runs } as const;
  const states = new ExperimentRecords(new Machine().start(), experiment, folder).close();
  expect(states.map(({ seed }) => seed)).toEqual([0, 1, 0]);
  const [, ...rows] = readFileSync(join(folder, 'sample/smoke/runs.csv'), 'utf8').trim().split('\n');
  expect(new Set(rows).size).toBe(2);
  expect(rows).toHaveLength(2);
});
