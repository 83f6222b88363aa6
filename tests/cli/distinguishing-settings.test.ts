import { describe, expect, it } from 'vitest';
import { distinguishingSettings } from '../../src/cli/distinguishing-settings.ts';
import { sampleRun } from '../results/sample-run.ts';

const run = sampleRun();
const { optimizerSettings } = run;

describe('distinguishingSettings', () => {
  it('says nothing about runs that optimizer and seed tell apart', () => {
    const others = [sampleRun({ seed: 1 }), sampleRun({ optimizer: 'sgd', batchSize: 8 })];
    expect(distinguishingSettings([run, ...others])).toEqual(['', '', '']);
  });

  it('names what differs, as a spec names it', () => {
    const slow = { ...optimizerSettings, hyper: { ...optimizerSettings.hyper, lr: 1e-5 } };
    const decayed = { ...optimizerSettings, weightDecay: { mode: 'l2', rate: 0.1 } as const };
    expect(
      distinguishingSettings([
        run,
        sampleRun({ engine: 'wasm', optimizerSettings: slow }),
        sampleRun({ optimizerSettings: decayed }),
      ]),
    ).toEqual([
      'engine=reference, lr=0.001, weightDecay=null',
      'engine=wasm, lr=0.00001, weightDecay=null',
      'engine=reference, lr=0.001, weightDecay.mode=l2, weightDecay.rate=0.1',
    ]);
  });
});
