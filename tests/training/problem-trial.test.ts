import { describe, expect, it } from 'vitest';
import { type OptimizerName, optimizers, resolveHyper } from '../../src/optimizers/index.ts';
import type { ProblemSettings } from '../../src/problems/index.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';
import { openProblemTrial } from '../../src/training/problem-trial.ts';
import type { Snapshot } from '../../src/training/trial-events.ts';
import { record, smallRun } from './runs.ts';

function problemRun(optimizer: OptimizerName, problem: ProblemSettings, change: Partial<ResolvedRun> = {}) {
  return smallRun(optimizer, {
    data: { name: 'none', trainExamples: 1, testExamples: 0 },
    model: { type: 'problem', problem },
    batchSize: 1,
    epochs: 20,
    evaluation: { every: 3, batchSize: 1 },
    ...change,
  });
}
const open = (run: ResolvedRun) => openProblemTrial(run, optimizers[run.optimizer as OptimizerName]);

const noisy: ProblemSettings = { type: 'noisy-quadratic', dimensions: 4, noise: 1, start: 1, decay: 0.9 };
const problems: ProblemSettings[] = [
  noisy,
  { type: 'beale', start: [1, 1.6] },
  { type: 'sparse-features', examples: 30, frequent: 2, rare: 5, rarity: 0.2, batchSize: 7 },
  { type: 'nonstationary', dimensions: 3, velocity: 0.1, noise: 1 },
  { type: 'gradient-stream', stream: 'noise', dimensions: 5, zeros: 0, length: 1, ratio: 0.5 },
  { type: 'online-losses', losses: 'reddi-random' },
];

describe('a trial of a problem', () => {
  it('measures before the first step, after every so many, and after the last', async () => {
    const { rows, outcome, last } = await record(open(problemRun('sgd', noisy)));
    expect(outcome).toBe('complete');
    const steps = rows.filter(({ metric }) => metric === 'cost').map(({ step }) => step);
    expect(steps).toEqual([0, 3, 6, 9, 12, 15, 18, 20]);
    expect(rows.every(({ epoch, step, split }) => epoch === step && split === 'train')).toBe(true);
    expect(last!.state).toMatchObject({ epoch: 20, step: 20 });
  });

  it('makes the steps of the rule', async () => {
    const problem: ProblemSettings = { type: 'saddle', start: [1, 0.5] };
    const run = problemRun('sgd', problem, { epochs: 1, evaluation: { every: 1, batchSize: 1 } });
    const { rows } = await record(open(run));
    const { lr } = resolveHyper(optimizers.sgd);
    const values = rows.filter(({ step }) => step === 1).map(({ metric, value }) => [metric, value]);
    const [x, y] = [1 - Number(lr) * 2, 0.5 + Number(lr)];
    expect(values).toEqual([
      ['cost', x * x - y * y],
      ['x', x],
      ['y', y],
    ]);
  });

  it.each(problems)('of $type goes on from any step to the same rows and bytes', async (problem) => {
    const run = problemRun('adam', problem);
    const whole = await record(open(run));
    for (const stopAt of [1, 7, 19]) {
      const first = await record(open(run), { stopAt });
      expect(first.outcome).toBe('stopped');
      const second = await record(open(run), { from: first.last! });
      expect([...first.rows, ...second.rows]).toEqual(whole.rows);
      expect(second.last).toEqual(whole.last);
    }
  });

  it('depends on the seed where it is random, and on nothing else', async () => {
    const rowsOf = async (seed: number) => (await record(open(problemRun('adam', noisy, { seed })))).rows;
    expect(await rowsOf(1)).toEqual(await rowsOf(1));
    expect(await rowsOf(1)).not.toEqual(await rowsOf(2));
    const [a, b] = [problemRun('adam', noisy), problemRun('sgd', noisy)].map((run) => open(run).fingerprint);
    expect(a).toEqual(b);
  });

  it('leaves nothing where it is stopped before its first step', async () => {
    const { outcome, last } = await record(open(problemRun('sgd', noisy)), { stopAt: 0 });
    expect([outcome, last]).toEqual(['stopped', undefined]);
  });

  it('ends where it diverges, with the same last step however it was interrupted', async () => {
    const settings = problemRun('sgd', { type: 'beale', start: [1, 1.6] });
    const run = {
      ...settings,
      optimizerSettings: { ...settings.optimizerSettings, hyper: { lr: 10 } },
    };
    const whole = await record(open(run));
    expect(whole.outcome).toBe('diverged');
    expect(whole.rows.every(({ value }) => Number.isFinite(value))).toBe(true);
    const first = await record(open(run), { stopAt: 2 });
    const second = await record(open(run), { from: first.last! });
    expect(second.outcome).toBe('diverged');
    expect(second.last!.state).toEqual(whole.last!.state);
    // Killed between the last checkpoint and the end.
    const again = await record(open(run), { from: whole.last as Snapshot });
    expect(again).toEqual({ outcome: 'diverged', rows: [], last: undefined });
  });

  it('refuses a network', () => {
    expect(() => openProblemTrial(smallRun('sgd'), optimizers.sgd)).toThrow(TypeError);
  });
});
