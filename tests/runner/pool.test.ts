import { describe, expect, it } from 'vitest';
import { fits, type PoolLimits, type RunNeeds } from '../../src/runner/pool.ts';

const run = (changes: Partial<RunNeeds> = {}): RunNeeds => ({
  ...{ engine: 'wasm', kind: 'a', bytes: 10 },
  ...changes,
});
const limits: PoolLimits = { jobs: 3, jobsOf: {}, memory: 35 };

describe('fits', () => {
  it('allows as many runs as there are jobs', () => {
    expect(fits(run(), [run(), run()], limits)).toBe(true);
    expect(fits(run(), [run(), run(), run()], limits)).toBe(false);
  });

  it('allows as many as fit into memory', () => {
    expect(fits(run({ bytes: 15 }), [run(), run()], limits)).toBe(true);
    expect(fits(run({ bytes: 16 }), [run(), run()], limits)).toBe(false);
  });

  it('allows one alone, however large', () => {
    expect(fits(run({ bytes: 1000 }), [], limits)).toBe(true);
    expect(fits(run({ bytes: 1 }), [run({ bytes: 1000 })], limits)).toBe(false);
  });

  it('counts the runs of an engine with a limit of its own', () => {
    const one: PoolLimits = { ...limits, jobsOf: { tensorflow: 1 } };
    const onGpu = run({ engine: 'tensorflow' });
    expect(fits(onGpu, [run()], one)).toBe(true);
    expect(fits(onGpu, [onGpu], one)).toBe(false);
    expect(fits(run(), [onGpu], one)).toBe(true);
  });
});
