import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheFolder, evaluations, StepTimes, secondsOf, stepKey } from '../../src/runner/step-times.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';
import { scratchFolder } from '../results/machine.ts';
import { sampleRun } from '../results/sample-run.ts';

const time = { step: 0.5, example: 0.01, steps: 20 };

describe('secondsOf', () => {
  it('adds steps and evaluations', () => {
    // 3 epochs of 5 steps; before the first step and after every epoch 20 + 10 examples.
    expect(evaluations(sampleRun())).toBe(4);
    expect(secondsOf(sampleRun(), time)).toBeCloseTo(15 * 0.5 + 4 * 30 * 0.01, 12);
    expect(secondsOf(sampleRun({ evaluation: { every: 0, batchSize: 10 } }), time)).toBe(7.5);
  });
});

describe('stepKey', () => {
  it('is the same for every seed, learning rate and length', async () => {
    const key = await stepKey(sampleRun());
    const { optimizerSettings } = sampleRun();
    expect(await stepKey(sampleRun({ seed: 1, epochs: 9 }))).toBe(key);
    const model = { ...sampleRun().model, initialization: { type: 'normal', deviation: 1 } };
    expect(await stepKey(sampleRun({ model } as Partial<ResolvedRun>))).toBe(key);
    expect(await stepKey(sampleRun({ optimizerSettings: { ...optimizerSettings, hyper: { lr: 1 } } }))).toBe(
      key,
    );
    expect(await stepKey(sampleRun({ data: { name: 'synthetic', trainExamples: 9, testExamples: 9 } }))).toBe(
      key,
    );
  });

  it('is another one for another batch size, rule, engine or decay', async () => {
    const { optimizerSettings } = sampleRun();
    const keys = await Promise.all(
      [
        sampleRun(),
        sampleRun({ batchSize: 5 }),
        sampleRun({ engine: 'wasm' }),
        sampleRun({ optimizerSettings: { ...optimizerSettings, rule: 'sgd' } }),
        sampleRun({ optimizerSettings: { ...optimizerSettings, weightDecay: { mode: 'l2', rate: 1 } } }),
      ].map(stepKey),
    );
    expect(new Set(keys).size).toBe(5);
  });
});

describe('StepTimes', () => {
  const folder = scratchFolder();
  const environment = { XDG_CACHE_HOME: folder };
  const file = () => {
    const times = join(cacheFolder(environment), 'step-times');
    return join(times, readdirSync(times)[0]!);
  };

  it('knows nothing at first, and then what was written', () => {
    const times = new StepTimes(environment);
    expect(times.read('key')).toBeUndefined();
    times.write('key', time);
    expect(new StepTimes(environment).read('key')).toEqual(time);
    expect(times.read('other')).toBeUndefined();
  });

  it('prefers what was measured over more steps, and the latest of long ones', () => {
    const times = new StepTimes(environment);
    times.write('key', { ...time, step: 9, steps: 3 });
    expect(times.read('key')).toEqual(time);
    times.write('key', { ...time, step: 2, steps: 5000 });
    times.write('key', { ...time, step: 3, steps: 200 });
    expect(times.read('key')).toMatchObject({ step: 3 });
  });

  it('takes nothing for a measurement that is none', () => {
    const times = new StepTimes(environment);
    times.write('none', { step: 0, example: 0, steps: 0 });
    expect(times.read('none')).toBeUndefined();
  });

  it('takes a damaged file for none', () => {
    writeFileSync(file(), '{"key":"key","step":"fast"}');
    expect(new StepTimes(environment).read('key')).toBeUndefined();
    writeFileSync(file(), '{');
    expect(new StepTimes(environment).read('key')).toBeUndefined();
  });

  it('does without a folder that cannot be written', () => {
    const path = join(folder, 'a file');
    writeFileSync(path, '');
    const times = new StepTimes({ XDG_CACHE_HOME: path });
    times.write('key', time);
    expect(times.read('key')).toBeUndefined();
  });
});
