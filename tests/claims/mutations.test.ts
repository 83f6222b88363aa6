import { describe, expect, it } from 'vitest';
import { claims, verdictOf } from '../../src/claims/index.ts';
import { type ResultTables, readTables } from '../../src/results/read-tables.ts';
import { loadSpec } from '../../src/spec/load.ts';
import { type ResolvedExperiment, resolveSpec } from '../../src/spec/resolve.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';
import { measuredOf } from '../problems/run-problem.ts';
import { type MadeUpRun, madeUp } from './made-up.ts';

/** Each claim is to notice when what it speaks of is broken: real runs, with one thing wrong. */

const claim = (id: string) => claims.find((candidate) => candidate.id === id)!;
const experimentOf = async (name: string) => resolveSpec(await loadSpec(name), { engine: 'reference' });
const properties = await experimentOf('properties');

/** Tables of some of an experiment's runs, each changed before it is run. */
async function measured(
  { runs }: ResolvedExperiment,
  wanted: RegExp,
  change: (run: ResolvedRun) => ResolvedRun = (run) => run,
): Promise<ResultTables> {
  const made: MadeUpRun[] = [];
  for (const run of runs.filter(({ optimizer }) => wanted.test(optimizer))) {
    const { optimizer, optimizerSettings, model, seed, epochs } = run;
    const { hyper, schedule, weightDecay } = optimizerSettings;
    const values = Object.entries(await measuredOf(change(run))).map(([metric, byStep]) => [
      metric,
      [...byStep],
    ]);
    made.push({
      ...{ optimizer, seed, epochs, hyper: { ...hyper, schedule, weightDecay }, model: { ...model } },
      values: Object.fromEntries(values),
    });
  }
  return madeUp(made);
}

const settings =
  (change: Partial<ResolvedRun['optimizerSettings']>, of = /./) =>
  (run: ResolvedRun): ResolvedRun =>
    of.test(run.optimizer) ? { ...run, optimizerSettings: { ...run.optimizerSettings, ...change } } : run;

const uncorrected = (run: ResolvedRun): ResolvedRun =>
  settings({ hyper: { ...run.optimizerSettings.hyper, biasCorrection: false } })(run);

const problemWith =
  (change: object, of = /./) =>
  (run: ResolvedRun): ResolvedRun => {
    const { model, optimizer } = run;
    if (model.type !== 'problem') throw new Error('no problem');
    if (!of.test(optimizer)) return run;
    return { ...run, model: { ...model, problem: { ...model.problem, ...change } as typeof model.problem } };
  };

describe('Adam without its correction', () => {
  it.each([
    ['A2', /^a2-/],
    ['A4', /^a4-(noise|constant)$/],
    ['A5', /^a5-(adagrad|adam)/],
  ])('flips %s', async (id, runs) => {
    // The noise of A4 in fewer steps: the bound is broken within the first ones.
    const short = (run: ResolvedRun): ResolvedRun => ({ ...run, epochs: Math.min(run.epochs, 2000) });
    const smaller = (run: ResolvedRun): ResolvedRun => {
      const { model } = run;
      if (id !== 'A2' || model.type !== 'problem') return short(run);
      return {
        ...short(run),
        model: { ...model, problem: { ...model.problem, dimensions: 500 } as typeof model.problem },
      };
    };
    expect(verdictOf(claim(id), await measured(properties, runs, smaller)).verdict).toBe('reproduced');
    const broken = await measured(properties, runs, (run) =>
      run.optimizerSettings.rule === 'adam' ? uncorrected(smaller(run)) : smaller(run),
    );
    expect(verdictOf(claim(id), broken).verdict).toBe('not reproduced');
  });
});

describe('weight decay', () => {
  const l2WithinTheLoss = (run: ResolvedRun): ResolvedRun =>
    run.optimizer === 'b2-fixed-decay'
      ? problemWith({ penalty: [0.5, 0.5] })(settings({ weightDecay: null })(run))
      : run;
  const withoutPreconditioner = (run: ResolvedRun): ResolvedRun =>
    problemWith({ penalty: [0.5, 0.5] }, /-scaled$/)(problemWith({ preconditioner: [1, 1] })(run));

  it('that is L2 under the name AdamW flips B2', async () => {
    expect(verdictOf(claim('B2'), await measured(properties, /^b2-/)).verdict).toBe('reproduced');
    const l2 = settings({ weightDecay: { mode: 'l2', rate: 0.064 } }, /^b2-decay$/);
    expect(verdictOf(claim('B2'), await measured(properties, /^b2-/, l2)).verdict).toBe('not reproduced');
  });

  it('of another size for SGD flips B1', async () => {
    expect(verdictOf(claim('B1'), await measured(properties, /^b1-/)).verdict).toBe('reproduced');
    const other = settings({ weightDecay: { mode: 'decoupled', rate: 0.5 } }, /^b1-sgd-decay$/);
    expect(verdictOf(claim('B1'), await measured(properties, /^b1-/, other)).verdict).toBe('not reproduced');
  });

  it.each<[string, (run: ResolvedRun) => ResolvedRun]>([
    ['compared with a penalty without the scale', problemWith({ penalty: [0.5, 0.5] }, /-scaled$/)],
    ['compared with the printed coefficient', problemWith({ penalty: [30, 700] }, /-scaled$/)],
    ['that went through the preconditioner', l2WithinTheLoss],
    // Plain L2 is then the same too.
    ['beside a preconditioner that is none', withoutPreconditioner],
  ])('%s flips B2-fixed', async (_, change) => {
    const fixed = /^b2-fixed-/;
    expect(verdictOf(claim('B2-fixed'), await measured(properties, fixed)).verdict).toBe('reproduced');
    const broken = await measured(properties, fixed, change);
    expect(verdictOf(claim('B2-fixed'), broken).verdict).toBe('not reproduced');
  });
});

describe('a wrong start', () => {
  it.each<[string, string, [number, number]]>([
    ['C1', 'ravine', [10, 0]],
    ['C2', 'beale', [2.9, 0.6]],
    ['C3', 'saddle', [1, 2]],
  ])('flips %s', async (id, name, start) => {
    const experiment = await experimentOf(name);
    expect(verdictOf(claim(id), await measured(experiment, /./)).verdict).toBe('reproduced');
    const broken = await measured(experiment, /./, problemWith({ start }));
    expect(verdictOf(claim(id), broken).verdict).toBe('not reproduced');
  });
});

const reference = new URL('../../results/reference', import.meta.url).pathname;

describe('AdaGrad of figure 1', () => {
  it('at its tuned learning rate flips A7', () => {
    const [drawn, tuned] = ['mnist-logreg', 'mnist-logreg-tuned'].map(
      (n) => readTables(reference, n, 'paper')!,
    );
    const others = <Row extends { optimizer: string }>(rows: readonly Row[]) =>
      rows.filter(({ optimizer }) => optimizer !== 'adagrad');
    const swapped: ResultTables = {
      ...drawn!,
      runs: [...others(drawn!.runs), ...tuned!.runs.filter(({ optimizer }) => optimizer === 'adagrad')],
      rows: [
        ...drawn!.rows.filter(({ run }) => run.optimizer !== 'adagrad'),
        ...tuned!.rows.filter(({ run }) => run.optimizer === 'adagrad'),
      ],
    };
    expect(verdictOf(claim('A7'), drawn).verdict).toBe('reproduced');
    expect(verdictOf(claim('A7'), swapped).verdict).toBe('not reproduced');
  });
});
