import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { estimateRuns, type Mark, timesOf } from '../../src/runner/estimate-steps.ts';
import { stepsOf } from '../../src/runner/plan-runs.ts';
import { StepTimes, secondsOf, stepKey } from '../../src/runner/step-times.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';
import { scratchFolder } from '../results/machine.ts';
import { sampleRun } from '../results/sample-run.ts';

const { optimizerSettings } = sampleRun();
const hyper = { lr: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, biasCorrection: true };
const network = sampleRun({ engine: 'wasm', optimizerSettings: { ...optimizerSettings, hyper } });
const problem = {
  ...network,
  ...{ engine: 'reference', batchSize: 1, epochs: 50 },
  data: { name: 'none', trainExamples: 1, testExamples: 0 },
  model: { type: 'problem', problem: { type: 'beale', start: [1, 1] } },
} as ResolvedRun;

const throwing = `import { defineOptimizer, multiply } from 'adam-repro';
export const optimizer = defineOptimizer({ name: 'mine', reference: 'none', hyper: { lr: 1 },
  scalars: (t) => { if (t > 2) throw new Error('no step ' + t); return {}; },
  update: ({ g }, _h, s) => ({ step: multiply(s.lr, g) }) });`;

describe('timesOf', () => {
  const mark = (step: number, passes: number, train: number, evaluate = 0): Mark => ({
    ...{ step, passes },
    wall: { train, evaluate, other: 0 },
  });

  it('leaves out the first epoch, which warms up', () =>
    expect(timesOf([mark(0, 0, 0), mark(4, 1, 9), mark(8, 2, 13, 5), mark(10, 2, 15, 5)], 10)).toEqual({
      step: 1,
      example: 0.5,
    }));

  it('leaves out the first step where a slow machine had time for one more', () =>
    expect(timesOf([mark(0, 0, 0), mark(1, 1, 30, 2), mark(2, 1, 31, 2)], 10)).toEqual({
      step: 1,
      example: 0.2,
    }));

  it('takes the first epoch where a slow machine had time for no other', () =>
    expect(timesOf([mark(0, 0, 0), mark(4, 0, 4), mark(4, 0, 4.0001)], 10).step).toBeCloseTo(1, 3));

  it('takes what there is of the first epoch', () =>
    expect(timesOf([mark(0, 0, 0), mark(2, 1, 4, 5)], 10)).toEqual({ step: 2, example: 0.5 }));
});

describe('estimateRuns', () => {
  beforeEach(() => void vi.stubEnv('XDG_CACHE_HOME', scratchFolder()));
  afterEach(() => void vi.unstubAllEnvs());

  it.each([
    ['a network', network],
    ['a problem', problem],
  ])('measures the steps of %s and keeps the time', async (_, run) => {
    const [estimate] = await estimateRuns({ runs: [run], files: { rules: {} } });
    expect(estimate!.seconds).toBeGreaterThan(0);
    const kept = new StepTimes().read(await stepKey(run))!;
    expect(kept.step).toBeGreaterThan(0);
    expect(kept.steps).toBeGreaterThan(0);
  });

  it('takes the time of whole runs where it is known', async () => {
    const time = { step: 2, example: 3, steps: 469 };
    new StepTimes().write(await stepKey(network), time);
    const [estimate] = await estimateRuns({ runs: [network], files: { rules: {} } });
    expect(estimate!.seconds * stepsOf(network)).toBeCloseTo(secondsOf(network, time), 6);
    expect(new StepTimes().read(await stepKey(network))).toEqual(time);
  });

  it('says what a rule of the user throws in the words of a real run', async () => {
    const folder = scratchFolder();
    const rule = join(folder, 'rule.ts');
    writeFileSync(rule, throwing);
    const run = {
      ...network,
      optimizer: 'mine',
      optimizerSettings: { ...optimizerSettings, hyper: { lr: 1 } },
    };
    const failing = estimateRuns({ runs: [run], files: { rules: { mine: rule } } });
    await expect(failing).rejects.toThrow(new UserError('mine fails: Error: no step 3'));
  });

  it('measures again where whole runs had no evaluation', async () => {
    new StepTimes().write(await stepKey(network), { step: 1e6, example: 0, steps: 469 });
    const [estimate] = await estimateRuns({ runs: [network], files: { rules: {} } });
    expect(estimate!.seconds).toBeLessThan(1e6);
  });

  it('measures runs with the same program once', async () => {
    const estimates = await estimateRuns({ runs: [network, { ...network, seed: 1 }], files: { rules: {} } });
    expect(estimates[1]).toBe(estimates[0]);
  });
});
