import { describe, expect, it } from 'vitest';
import { add, divide, multiply, sqrt, square } from '../../src/graph/rule.ts';
import {
  defineOptimizer,
  number,
  optimizers,
  type TrajectoryOptions,
  trajectory,
} from '../../src/optimizers/index.ts';
import type { ScheduleSettings, WeightDecaySettings } from '../../src/spec/run.ts';
import { uniformGradients } from './streams.ts';

const start = [1, -2, 0.5];
const gradients = uniformGradients(7, 200, 3);
const scheduled: ScheduleSettings = { type: 'inverse-sqrt', per: 'step' };

type Case = readonly [
  rule: string,
  hyper?: Record<string, number | boolean | string>,
  options?: Partial<TrajectoryOptions>,
];

async function largestGap(a: Case, b: Case): Promise<number> {
  const [x, y] = await Promise.all(
    [a, b].map(([rule, hyper = {}, options]) => trajectory(rule, hyper, { start, gradients, ...options })),
  );
  const relative = x!.flatMap((p, t) =>
    [...p].map((v, i) => Math.abs(v - y![t]![i]!) / Math.max(1, Math.abs(v))),
  );
  return Math.max(...relative);
}

describe('identities between rules', () => {
  const decays: WeightDecaySettings['mode'][] = ['l2', 'decoupled', 'decoupled-lr'];
  it.each(decays)('weight decay 0 (%s) changes nothing', async (mode) => {
    expect(await largestGap(['adam', {}, { weightDecay: { mode, rate: 0 } }], ['adam'])).toBe(0);
  });

  it('momentum 0 is sgd', async () => {
    for (const rule of ['momentum', 'nesterov']) {
      for (const lrPlacement of ['inside', 'outside']) {
        expect(await largestGap([rule, { momentum: 0, lrPlacement }], ['sgd'])).toBe(0);
      }
    }
  });

  it('lr inside and outside the velocity differ only where lr changes', async () => {
    for (const rule of ['momentum', 'nesterov']) {
      const outside = { lrPlacement: 'outside' };
      expect(await largestGap([rule], [rule, outside])).toBeLessThan(1e-14);
      const options = { schedule: scheduled };
      expect(await largestGap([rule, {}, options], [rule, outside, options])).toBeGreaterThan(1e-4);
    }
  });

  it('Adam with beta1 = 0 is RMSProp with bias correction', async () => {
    const rmsprop: Case = ['rmsprop', { rho: 0.99, biasCorrection: true, epsilonPlacement: 'outside' }];
    expect(await largestGap(['adam', { beta1: 0, beta2: 0.99 }], rmsprop)).toBeLessThan(1e-14);
  });

  it('RMSProp with epsilon 0 and Adam without correction and beta1 = 0 are one', async () => {
    const adam: Case = ['adam', { beta1: 0, beta2: 0.9, epsilon: 0, biasCorrection: false }];
    expect(await largestGap(['rmsprop', { epsilon: 0 }], adam)).toBeLessThan(1e-14);
  });

  it('AdaGrad is the limit of Adam (Adam 2015, section 5)', async () => {
    const adam: Case = ['adam', { lr: 0.1, beta1: 0, beta2: 1 - 1e-9, epsilon: 0 }, { schedule: scheduled }];
    expect(await largestGap(adam, ['adagrad', { lr: 0.1, epsilon: 0 }])).toBeLessThan(1e-6);
  });

  it('the efficient form of Adam is Algorithm 1 for epsilon-hat = epsilon * sqrt(1 - beta2^t)', async () => {
    const efficient = defineOptimizer({
      name: 'efficient-adam',
      reference: 'Kingma & Ba 2015, end of section 2',
      hyper: { lr: number(0.001), beta1: 0.9, beta2: 0.999, epsilon: 1e-2 },
      state: { m: 0, v: 0 },
      scalars: (t, h) => ({
        factor: Math.sqrt(1 - h.beta2 ** t) / (1 - h.beta1 ** t),
        epsilonHat: h.epsilon * Math.sqrt(1 - h.beta2 ** t),
      }),
      update: ({ g, m, v }, h, { lr, factor, epsilonHat }) => {
        const nextM = add(multiply(h.beta1, m), multiply(1 - h.beta1, g));
        const nextV = add(multiply(h.beta2, v), multiply(1 - h.beta2, square(g)));
        const step = divide(multiply(multiply(lr, factor), nextM), add(sqrt(nextV), epsilonHat));
        return { m: nextM, v: nextV, step };
      },
    });
    const long = uniformGradients(11, 1000, 3);
    const ours = await trajectory(efficient, {}, { start, gradients: long });
    const papers = await trajectory('adam', { epsilon: 1e-2 }, { start, gradients: long });
    ours.forEach((p, t) => {
      p.forEach((x, i) => {
        expect(Math.abs(x - papers[t]![i]!)).toBeLessThan(1e-12);
      });
    });
    const forms = await largestGap(
      ['adam', { epsilon: 1e-2 }],
      ['adam', { epsilon: 1e-2, epsilonForm: 'epsilon-hat' }],
    );
    expect(forms).toBeGreaterThan(1e-3);
  });

  it('for sgd, L2 with rate / lr is decay (AdamW 2019, proposition 1); for Adam it is not', async () => {
    const l2: Partial<TrajectoryOptions> = { weightDecay: { mode: 'l2', rate: 0.02 / 0.1 } };
    const decay: Partial<TrajectoryOptions> = { weightDecay: { mode: 'decoupled', rate: 0.02 } };
    expect(await largestGap(['sgd', { lr: 0.1 }, l2], ['sgd', { lr: 0.1 }, decay])).toBeLessThan(1e-13);
    expect(await largestGap(['adam', { lr: 0.1 }, l2], ['adam', { lr: 0.1 }, decay])).toBeGreaterThan(0.1);
  });

  it('decoupled decay is decoupled-lr with rate / lr, under a schedule too', async () => {
    const options = (mode: WeightDecaySettings['mode'], rate: number) => ({
      schedule: scheduled,
      weightDecay: { mode, rate },
    });
    const a: Case = ['adam', { lr: 0.01 }, options('decoupled', 0.001)];
    expect(await largestGap(a, ['adam', { lr: 0.01 }, options('decoupled-lr', 0.1)])).toBeLessThan(1e-14);
  });

  it('nesterov stores the point at which the textbook form takes its gradient', async () => {
    const [lr, mu] = [0.1, 0.9];
    const options: TrajectoryOptions = { start: [1], gradients: (p) => [4 * p[0]!], steps: 50 };
    const path = await trajectory('nesterov', { lr, momentum: mu }, options);
    let [theta, velocity] = [1, 0];
    for (const [point] of path) {
      // The textbook form: the gradient is taken ahead of theta, at theta - mu * velocity.
      velocity = mu * velocity + lr * 4 * (theta - mu * velocity);
      theta -= velocity;
      expect(point).toBeCloseTo(theta - mu * velocity, 12);
    }
  });

  it.each(['adagrad', 'rmsprop', 'adam', 'adamax', 'nadam', 'amsgrad'])(
    '%s with epsilon 0 does not see the scale of the gradient',
    async (rule) => {
      for (const scale of [1e-3, 1e3]) {
        const scaled = { gradients: uniformGradients(7, 200, 3, scale) };
        expect(await largestGap([rule, { epsilon: 0 }], [rule, { epsilon: 0 }, scaled])).toBeLessThan(1e-12);
      }
    },
  );

  it.each(Object.keys(optimizers))(
    '%s treats every parameter alone: permuted order, same result',
    async (rule) => {
      const order = [2, 0, 1];
      const permute = (x: ArrayLike<number>) => order.map((i) => x[i]!);
      const path = await trajectory(rule, {}, { start, gradients });
      const permuted = await trajectory(
        rule,
        {},
        { start: permute(start), gradients: gradients.map(permute) },
      );
      permuted.forEach((p, t) => {
        expect([...p]).toEqual(permute(path[t]!));
      });
    },
  );

  it.each(Object.keys(optimizers))(
    '%s stays where it is while gradients are 0, without epsilon too',
    async (rule) => {
      const hyper = rule !== 'adadelta' && 'epsilon' in optimizers[rule as keyof typeof optimizers].hyper;
      const path = await trajectory(rule, hyper ? { epsilon: 0 } : {}, {
        start: [1.5],
        gradients: [[0], [0], [0]],
      });
      expect(path.map((p) => p[0])).toEqual([1.5, 1.5, 1.5]);
    },
  );
});
