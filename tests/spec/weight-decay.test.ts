import { describe, expect, it } from 'vitest';
import { SpecError } from '../../src/spec/issue.ts';
import { parseSpec } from '../../src/spec/load.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';

async function resolved(weightDecay: string, schedule = 'cosine') {
  const text = [
    'data: { name: synthetic, trainExamples: 200 }',
    'model: logistic-regression',
    'training: { batchSize: 8, epochs: 16 }',
    'optimizers:',
    '  adam:',
    `    schedule: ${schedule}`,
    `    weightDecay: ${weightDecay}`,
  ].join('\n');
  return resolveSpec(await parseSpec('x.yaml', text), { engine: 'reference' });
}

async function refused(weightDecay: string): Promise<string> {
  const refusal: unknown = await resolved(weightDecay).catch((error: unknown) => error);
  if (!(refusal instanceof SpecError)) throw new Error('the spec was accepted', { cause: refusal });
  return refusal.message.split('\n')[0]!;
}

describe('normalized weight decay in a spec', () => {
  it('becomes the rate of the run: normalized * sqrt(b / (B T))', async () => {
    const { runs } = await resolved('{ mode: decoupled, normalized: 0.05 }');
    const rate = 0.05 * Math.sqrt(8 / (200 * 16));
    expect(runs[0]!.optimizerSettings.weightDecay).toEqual({ mode: 'decoupled', rate, normalized: 0.05 });
  });

  it('becomes the rate of the first period where the schedule restarts', async () => {
    const { runs } = await resolved(
      '{ mode: decoupled, normalized: 0.05 }',
      '{ type: cosine-restarts, firstPeriod: 4 }',
    );
    expect(runs[0]!.optimizerSettings.weightDecay!.rate).toBe(0.05 * Math.sqrt(8 / (200 * 4)));
  });

  it('is 2.5e-4 for 0.05 on CIFAR-10 with 100 epochs, as the paper computes', async () => {
    const { runs } = await resolved('{ mode: decoupled, normalized: 0.05 }');
    expect(runs[0]!.optimizerSettings.weightDecay!.rate / Math.sqrt(8 / 3200)).toBeCloseTo(0.05, 15);
    expect(0.05 * Math.sqrt(128 / (50_000 * 100))).toBeCloseTo(2.53e-4, 6);
  });

  it('leaves a raw rate as it is', async () => {
    const { runs } = await resolved('{ mode: decoupled, rate: 0.5 }');
    expect(runs[0]!.optimizerSettings.weightDecay).toEqual({ mode: 'decoupled', rate: 0.5 });
  });

  it.each([
    [
      '{ mode: decoupled }',
      'x.yaml:7:5: missing key "rate" in optimizers.adam.weightDecay: expected a number, at least 0',
    ],
    [
      '{ mode: decoupled, rate: 1, normalized: 1 }',
      'x.yaml:7:58: optimizers.adam.weightDecay.normalized: expected nothing beside a rate, found 1',
    ],
    [
      '{ mode: l2, normalized: 1 }',
      'x.yaml:7:42: optimizers.adam.weightDecay.normalized: expected the mode decoupled with it, found 1',
    ],
    [
      '{ mode: decoupled, normalized: -1 }',
      'x.yaml:7:49: optimizers.adam.weightDecay.normalized: expected a number, at least 0, found -1',
    ],
  ])('refuses %s', async (weightDecay, message) => {
    expect(await refused(weightDecay)).toBe(message);
  });
});
