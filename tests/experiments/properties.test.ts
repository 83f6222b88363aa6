import { describe, expect, it } from 'vitest';
import { loadSpec } from '../../src/spec/load.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import { measuredOf, runOf } from '../problems/run-problem.ts';

/** The parts that take milliseconds; the numbers are those of the formulas. */
describe('properties', async () => {
  const experiment = await resolveSpec(await loadSpec('properties'), { engine: 'reference' });
  const last = async (optimizer: string, metric: string) =>
    [...(await measuredOf(runOf(experiment, optimizer)))[metric]!.values()].at(-1)!;

  it('reach the largest steps that the formulas give', async () => {
    const supremum = (b1: number, b2: number) => (1 - b1) / Math.sqrt((1 - b2) * (1 - b1 ** 2 / b2));
    expect(await last('a4-spike', 'largest-step')).toBeCloseTo(0.1 / Math.sqrt(0.001), 6);
    expect(await last('a4-burst', 'largest-step')).toBeCloseTo(6.57, 2);
    expect(await last('a4-worst', 'largest-step')).toBeCloseTo(supremum(0.9, 0.999), 4);
    expect(await last('a4-worst-beta2-099', 'largest-step')).toBeCloseTo(supremum(0.9, 0.99), 4);
    expect(await last('a4-burst-beta2-09', 'largest-step')).toBeCloseTo(1, 6);
    expect(await last('a15-decaying', 'largest-step')).toBeCloseTo(0.1 / (1 - 0.9 / 0.999), 6);
  });

  it('make AdaGrad a limit of Adam, with the correction only', async () => {
    const adagrad = await last('a5-adagrad', 'x');
    expect(Math.abs((await last('a5-adam', 'x')) / adagrad - 1)).toBeLessThan(1e-6);
    expect(Math.abs((await last('a5-adam-uncorrected', 'x')) / adagrad)).toBeGreaterThan(1000);
  });

  it('make weight decay of L2 for SGD, and not with momentum', async () => {
    for (const name of ['sgd', 'sgd-cosine']) {
      expect(await last(`b1-${name}-l2`, 'x')).toBeCloseTo(await last(`b1-${name}-decay`, 'x'), 12);
    }
    const gap = (await last('b1-momentum-l2', 'x')) - (await last('b1-momentum-decay', 'x'));
    expect(Math.abs(gap)).toBeGreaterThan(0.1);
  });

  it('make weight decay of L2 scaled by a fixed preconditioner, which ends at the minimum of that cost', async () => {
    // (x - 3)^2/2 + 100 (y + 1)^2/2 with the coefficients lambda' s = 0.5 [0.3, 7].
    for (const name of ['decay', 'scaled']) {
      expect(await last(`b2-fixed-${name}`, 'x')).toBeCloseTo(3 / (1 + 0.5 * 0.3), 2);
      expect(await last(`b2-fixed-${name}`, 'y')).toBeCloseTo(-100 / (100 + 0.5 * 7), 6);
    }
    expect(await last('b2-fixed-scaled', 'x')).toBeCloseTo(await last('b2-fixed-decay', 'x'), 12);
    expect(await last('b2-fixed-plain', 'x')).toBeCloseTo(3 / (1 + 0.5), 2);
  });

  it('take the coefficients of proposition 3 from decay and learning rate', () => {
    const decayed = runOf(experiment, 'b2-fixed-decay').optimizerSettings;
    const [lr, decay] = [decayed.hyper.lr as number, decayed.weightDecay!.rate];
    const s = [0.3, 7];
    const penaltyOf = (name: string) => {
      const { model, optimizerSettings } = runOf(experiment, `b2-fixed-${name}`);
      expect(optimizerSettings).toEqual({ ...decayed, weightDecay: null });
      expect(model).toMatchObject({ problem: { preconditioner: s } });
      return (model as unknown as { problem: { penalty: number[] } }).problem.penalty;
    };
    const close = (scale: number[]) => scale.map((value) => expect.closeTo(value, 12));
    expect(penaltyOf('scaled')).toEqual(close(s.map((own) => (decay / lr) * own)));
    expect(penaltyOf('plain')).toEqual(close([decay / lr, decay / lr]));
    expect(penaltyOf('printed')).toEqual(close(s.map((own) => (decay / lr / lr) * own)));
  });
});
