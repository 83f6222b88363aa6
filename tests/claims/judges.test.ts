import { describe, expect, it } from 'vitest';
import { claims, type Verdict, verdictOf } from '../../src/claims/index.ts';
import { costs, type MadeUpRun, madeUp, range } from './made-up.ts';

const claim = (id: string) => claims.find((candidate) => candidate.id === id)!;
const verdict = (id: string, runs: readonly MadeUpRun[]): Verdict =>
  verdictOf(claim(id), madeUp(runs)).verdict;

const mnist = (adagrad: number, sgd: number, adam: number, seeds = 1) =>
  costs({ adagrad, 'sgd-nesterov': sgd, adam }, [46], { seeds });
const imdb = (adagrad: number, sgd: number, adam: number, suffix = '') =>
  costs(
    {
      [`adagrad${suffix}`]: adagrad,
      [`rmsprop${suffix}`]: 0.26,
      [`sgd-nesterov${suffix}`]: sgd,
      [`adam${suffix}`]: adam,
    },
    range(101, 175),
    { seeds: 3 },
  );
const mlp = (adam: number, adagrad: number, seeds = 1) =>
  costs({ adam, adagrad, 'sgd-nesterov': 0.011, adadelta: 0.014, rmsprop: 0.015 }, [10, ...range(191, 200)], {
    seeds,
  });
const sfo = (epoch: number): MadeUpRun[] => [
  {
    optimizer: 'adam',
    values: { 'minibatch-cost': range(1, 26).map((e) => [e, e < epoch ? 0.1 : 5e-4] as const) },
  },
];
const cnn = (adagradEarly: number, adagrad: number, sgd: number, adam: number, suffix = ''): MadeUpRun[] =>
  Object.entries({ adagrad: [adagradEarly, adagrad], 'sgd-nesterov': [2, sgd], adam: [1.1, adam] }).flatMap(
    ([optimizer, [early, late]]) =>
      [0, 1, 2].map((seed) => ({
        ...{ optimizer: optimizer + suffix, seed },
        values: { 'minibatch-cost': [[2, early!] as const, [45, late! * (1 + seed / 1000)] as const] },
      })),
  );

const cnnTuned = (adagrad: number, sgd: number, adam: number, seeds = 3, suffix = ''): MadeUpRun[] =>
  costs({ [`adagrad${suffix}`]: adagrad, [`sgd-nesterov${suffix}`]: sgd, [`adam${suffix}`]: adam }, [3], {
    seeds,
  });

/** Losses over six learning rates for every pair of betas. */
const vae = (corrected: number[], uncorrected: number[], epochs = 10): MadeUpRun[] =>
  [0, 0.9].flatMap((beta1) =>
    [0.99, 0.999, 0.9999].flatMap((beta2) =>
      Object.entries({ adam: corrected, uncorrected }).flatMap(([optimizer, losses]) =>
        losses.map((loss, i) => ({
          optimizer,
          hyper: { beta1, beta2, lr: [3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2][i] },
          status: Number.isFinite(loss) ? ('complete' as const) : ('diverged' as const),
          values: { 'minibatch-cost': Number.isFinite(loss) ? [[epochs, loss] as const] : [] },
        })),
      ),
    ),
  );
const good = [150, 120, 110, 105, 104, 106];
const unstable = [150, 121, 111, 107, 300, Number.POSITIVE_INFINITY];

/** A map of test errors whose best decay is a function of the learning rate. */
const heatmap = (
  optimizer: string,
  bestDecay: (lr: number) => number,
  seeds = 1,
  floor = 0.04,
): MadeUpRun[] =>
  range(0, 5).flatMap((i) =>
    range(0, 7).flatMap((j) =>
      range(0, seeds - 1).map((seed) => {
        const [lr, rate] = [2 ** i, 2 ** j];
        // Equal along the valley but for a tiny slope, so that the ten best cells follow it.
        const error = floor + 0.01 * Math.abs(Math.log2(rate / bestDecay(lr))) + 1e-4 * Math.abs(i - 2.5);
        return {
          ...{ optimizer, seed, split: 'test', hyper: { lr, weightDecay: { mode: 'l2', rate } } },
          values: { error: [[30, error * (1 + seed / 1e4)] as const] },
        };
      }),
    ),
  );
const diagonal = (lr: number) => 64 / lr;
const vertical = () => 8;
const maps = (decoupled: (lr: number) => number) => [
  ...['sgd-l2', 'adam-l2'].flatMap((optimizer) => heatmap(optimizer, diagonal)),
  ...['sgdw', 'adamw'].flatMap((optimizer) => heatmap(optimizer, decoupled)),
];
const budgets = (raw: number[], normalized: number[]): MadeUpRun[] =>
  Object.entries({ raw, normalized }).flatMap(([optimizer, optima]) =>
    optima.flatMap((best, i) =>
      [1, 2, 4, 8].map((decay) => ({
        ...{ optimizer, split: 'test', epochs: [10, 40, 160][i]! },
        hyper: { weightDecay: { [optimizer === 'raw' ? 'rate' : 'normalized']: decay } },
        values: { error: [[[10, 40, 160][i]!, Math.abs(Math.log2(decay / best)) + 1] as const] },
      })),
    ),
  );
/** Paths of proposition 3: how far those with L2 are from that with weight decay. */
const fixedPreconditioner = (gaps: { scaled: number; plain: number }): MadeUpRun[] =>
  Object.entries({ decay: 0, printed: 1, ...gaps }).map(([name, gap]) => ({
    optimizer: `b2-fixed-${name}`,
    values: { x: [[500, 2.6 + gap] as const], y: [[500, -1]] },
  }));
const restarts = (early: number, late: number, seeds = 3): MadeUpRun[] =>
  [['adamwr', 10, early] as const, ['adamw', 50, late] as const].flatMap(([optimizer, epoch, error]) =>
    range(0, seeds - 1).map((seed) => ({
      ...{ optimizer, seed, split: 'test', hyper: { schedule: { firstPeriod: 10 } } },
      values: { error: [[epoch, error * (1 + seed / 1000)] as const] },
    })),
  );

describe('judges on made-up tables', () => {
  it.each<[id: string, expected: Verdict, runs: MadeUpRun[]]>([
    ['A7', 'reproduced', mnist(0.46, 0.265, 0.257)],
    ['A7', 'reproduced', mnist(0.46, 0.21, 0.2)],
    ['A7', 'not reproduced', mnist(0.243, 0.265, 0.257)],
    ['A7', 'not reproduced', mnist(0.46, Number.POSITIVE_INFINITY, 0.257)],
    ['A7', 'inconclusive', costs({ adagrad: 0.46, 'sgd-nesterov': 0.265, adam: 0.257 }, [10])],
    ['A7-tuned', 'not reproduced', mnist(0.243, 0.249, 0.247, 3)],
    ['A7-tuned', 'reproduced', mnist(0.3, 0.249, 0.247, 3)],
    ['A7-tuned', 'inconclusive', mnist(0.3, 0.249, 0.247, 2)],
    ['A7-tuned', 'better than the paper', mnist(0.3, 0.21, 0.2, 3)],
    ['A7-tuned', 'reproduced', mnist(Number.POSITIVE_INFINITY, 0.249, 0.247, 3)],
    ['A8', 'reproduced', imdb(0.247, 0.36, 0.244)],
    ['A8-tuned', 'better than the paper', imdb(0.2, 0.36, 0.2)],
    ['A8', 'not reproduced', imdb(0.247, 0.25, 0.244)],
    ['A8-tuned', 'reproduced', imdb(0.247, 0.36, 0.244)],
    ['A8-tuned', 'not reproduced', imdb(0.247, 0.2, 0.244)],
    ['A8-no-dropout', 'reproduced', imdb(0.1, 0.2, 0.05, '-no-dropout')],
    ['A8-no-dropout', 'not reproduced', imdb(0.1, 0.07, 0.05, '-no-dropout')],
    ['A8-no-dropout-tuned', 'reproduced', imdb(0.1, 0.2, 0.05, '-no-dropout')],
    ['A8-no-dropout-tuned', 'not reproduced', imdb(0.1, 0.07, 0.05, '-no-dropout')],
    ['A9', 'reproduced', mlp(0.007, 0.019)],
    ['A9', 'reproduced', mlp(0.005, 0.019)],
    ['A9', 'not reproduced', mlp(0.007, 0.006)],
    ['A9-tuned', 'reproduced', mlp(0.007, 0.019, 3)],
    ['A9-tuned', 'not reproduced', mlp(0.007, 0.006, 3)],
    ['A9-tuned', 'inconclusive', mlp(0.007, 0.007, 3)],
    ['A10', 'reproduced', sfo(10)],
    ['A10', 'better than the paper', sfo(5)],
    ['A10', 'not reproduced', sfo(20)],
    ['A10', 'inconclusive', [{ optimizer: 'adam', values: { 'minibatch-cost': [[1, 0.2]] } }]],
    ['A11', 'reproduced', cnn(1.5, 0.6, 5e-4, 4e-4)],
    ['A11', 'not reproduced', cnn(1.5, 0.01, 5e-4, 4e-4)],
    ['A11', 'not reproduced', cnn(2.2, 0.6, 5e-4, 4e-4)],
    ['A11-tuned', 'reproduced', cnnTuned(0.9, 0.8, 0.7)],
    ['A11-tuned', 'not reproduced', cnnTuned(0.75, 0.8, 0.7)],
    ['A11-tuned', 'inconclusive', cnnTuned(0.9, 0.8, 0.7, 1)],
    ['A12', 'reproduced', cnn(1.5, 0.6, 5e-4, 4e-4)],
    ['A12-tuned', 'reproduced', cnnTuned(0.9, 0.8, 0.7)],
    ['A12', 'not reproduced', cnn(1.5, 0.6, 3e-4, 4e-4)],
    ['A12', 'not reproduced', cnn(1.5, 0.6, 3e-3, 4e-4)],
    ['A12-tuned', 'not reproduced', cnnTuned(0.9, 0.6, 0.7)],
    ['A12-dropout', 'reproduced', cnn(1.5, 0.8, 0.034, 0.024, '-dropout')],
    ['A12-dropout-tuned', 'reproduced', cnnTuned(0.9, 0.8, 0.7, 3, '-dropout')],
    ['A13-10', 'reproduced', vae(good, unstable)],
    ['A13-10', 'not reproduced', vae(good, good)],
    ['A13-10', 'inconclusive', vae(good.slice(0, 3), unstable.slice(0, 3))],
    ['A13-100', 'inconclusive', vae(good, unstable, 10)],
    ['A14-10', "contradicted by the paper's own figure", vae(good, unstable)],
    ['A14-best-10', 'reproduced', vae(good, unstable)],
    ['A14-best-10', 'not reproduced', vae(unstable, good)],
    ['A17-10', 'reproduced', vae(good, unstable)],
    ['A17-10', 'not reproduced', vae([300, 300, 300, 105, 300, 300], unstable)],
    ['B2-fixed', 'reproduced', fixedPreconditioner({ scaled: 1e-15, plain: 0.6 })],
    ['B2-fixed', 'not reproduced', fixedPreconditioner({ scaled: 1e-6, plain: 0.6 })],
    ['B2-fixed', 'not reproduced', fixedPreconditioner({ scaled: 1e-15, plain: 1e-15 })],
    ['B3', 'reproduced', maps(vertical)],
    ['B3', 'not reproduced', maps(diagonal)],
    ['B4', 'inconclusive', maps(vertical)],
    ['B4', 'reproduced', [...heatmap('adamw', vertical, 3, 0.03), ...heatmap('adam-l2', diagonal, 3, 0.05)]],
    [
      'B4',
      'not reproduced',
      [...heatmap('adamw', vertical, 3, 0.06), ...heatmap('adam-l2', diagonal, 3, 0.05)],
    ],
    [
      'B4-schedules',
      'not reproduced',
      ['fixed', 'step-drop', 'cosine'].flatMap((schedule) => [
        ...heatmap(`adamw-${schedule}`, vertical, 3, schedule === 'fixed' ? 0.06 : 0.03),
        ...heatmap(`adam-l2-${schedule}`, diagonal, 3, 0.05),
      ]),
    ],
    ['B5', 'reproduced', budgets([8, 4, 2], [4, 4, 2])],
    ['B5', 'not reproduced', budgets([4, 4, 4], [4, 4, 4])],
    ['B5', 'not reproduced', budgets([8, 4, 2], [8, 4, 2])],
    ['B5', 'inconclusive', budgets([8, 4], [4, 4])],
    ['B6', 'reproduced', restarts(0.5, 0.52)],
    ['B6', 'not reproduced', restarts(0.52, 0.5)],
    ['B6', 'inconclusive', restarts(0.5, 0.52, 1)],
  ])('%s: %s', (id, expected, runs) => {
    expect(verdict(id, runs)).toBe(expected);
  });

  it('leave it open where the tables hold another experiment', () => {
    const other = madeUp([{ optimizer: 'mine', values: { loss: [[1, 1]] } }]);
    const decided = claims.filter(
      (c) =>
        !['inconclusive', "contradicted by the paper's own figure"].includes(verdictOf(c, other).verdict),
    );
    expect(decided.map(({ id }) => id)).toEqual([]);
  });

  it('count learning rates that diverged apart from those that were trained long enough', () => {
    const losses = [150, 121, Number.POSITIVE_INFINITY];
    expect(verdictOf(claim('A13-100'), madeUp(vae(losses, losses, 10))).reason).toContain(
      '0 learning rates of adam, beta1 0, beta2 0.99, reached 100 epochs and 1 diverged, of at least 6',
    );
  });

  describe('judge the part of figure 4 that there is', () => {
    const columnOf = (runs: MadeUpRun[]) => runs.filter(({ hyper }) => hyper!.beta2 === 0.9999);
    const part = '2 of 6 combinations after 100 epochs (beta1 0, beta2 0.9999; beta1 0.9, beta2 0.9999)';

    it('and leave open what holds there', () => {
      const found = verdictOf(claim('A13-100'), madeUp(columnOf(vae(good, unstable, 100))));
      expect(found).toMatchObject({
        verdict: 'inconclusive',
        reason: `holds as far as there are results: ${part}`,
      });
      expect(found.arithmetic).toHaveLength(2);
    });

    it('and say what fails there', () =>
      expect(verdictOf(claim('A14-best-100'), madeUp(columnOf(vae(unstable, good, 100))))).toMatchObject({
        verdict: 'not reproduced',
        reason: `with results of ${part}`,
      }));

    it('and say it beside a contradiction of the paper', () =>
      expect(verdictOf(claim('A14-100'), madeUp(columnOf(vae(unstable, good, 100)))).reason).toBe(
        `the claim fails in ours too, with results of ${part}`,
      ));

    it('which says nothing about the default betas', () =>
      expect(verdictOf(claim('A17-100'), madeUp(columnOf(vae(good, unstable, 100))))).toMatchObject({
        verdict: 'inconclusive',
        reason: 'no learning rates with beta1 0.9, beta2 0.999 after 100 epochs',
      }));
  });

  it('leave a difference within the noise open', () => {
    const noisy = (optimizer: string, finals: number[]) =>
      finals.map(
        (value, seed): MadeUpRun => ({ optimizer, seed, values: { 'minibatch-cost': [[46, value]] } }),
      );
    const runs = [
      ...noisy('adagrad', [0.25, 0.26, 0.24]),
      ...noisy('adam', [0.26, 0.24, 0.245]),
      ...noisy('sgd-nesterov', [0.25, 0.25, 0.25]),
    ];
    expect(verdictOf(claim('A7-tuned'), madeUp(runs))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'within the noise',
    });
  });
});
